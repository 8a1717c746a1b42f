"""What falls silent: each kind of open duty, whatever day is looked at."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from app.assessments.domain import Heard
from app.assessments.service import disown
from app.cases.domain.cases import CaseState, Counterpart, Modality
from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.cases.domain.stale import AskStale, StaleKind, StaleRow
from app.cases.models import QueueEntry
from app.cases.queries.hearing import hearing_of
from app.cases.queries.rules import background_of
from app.cases.queries.stale import CHECKS, day_of, end_of, stale_rows
from app.cases.service import cases, contacts, queue, referrals, replies
from app.people.domain import DayKind
from app.people.models import CalendarDay, User
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import people, results
from tests.integration.cases.owed_world import owe_everything
from tests.integration.cases.referral_world import TODAY, answer, open_case, refer

DAY = timedelta(days=1)


@pytest.fixture
def case(alice, bob):
    return open_case(alice, bob)


def kinds(actor, later):
    """What is listed when so much time has gone by."""
    return {row.kind for row in stale_rows(actor, NOW + later)}


def test_flagged_student_is_listed_until_somebody_acts(sitting, answer_to, bob, charlie):
    answer_to(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    waiting = kinds(bob, DAY)
    queue.claim(actor=bob, entry=entry)
    claimed = kinds(bob, DAY)
    cases.open_case(actor=bob, entry=entry, risk_level=RiskLevel.HIGH, next_on=TODAY)

    assert kinds(bob, timedelta(0)) == set()
    assert (waiting, claimed) == ({StaleKind.NO_OWNER}, {StaleKind.NOT_ACTED_ON})
    assert kinds(bob, timedelta(hours=13)) == set()
    assert kinds(charlie, 90 * DAY) == set()


def test_promise_of_a_talk_is_kept_by_a_talk_only(sitting, alice, bob):
    results_of_asking(sitting)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    level = entry.risk_level
    case = cases.open_case(actor=bob, entry=entry, risk_level=level, next_on=TODAY)
    before = kinds(bob, 10 * DAY)
    talk(case, bob, reached=False)
    tried = kinds(bob, 10 * DAY)
    talk(case, bob, reached=True)

    assert StaleKind.PROMISE_OVERDUE in before
    assert StaleKind.PROMISE_OVERDUE in tried
    assert StaleKind.PROMISE_OVERDUE not in kinds(bob, 10 * DAY)


def test_call_with_a_parent_is_no_talk_with_the_student(sitting, alice, bob):
    results_of_asking(sitting)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    level = entry.risk_level
    case = cases.open_case(actor=bob, entry=entry, risk_level=level, next_on=TODAY)
    talk(case, bob, reached=False)
    talk(case, bob, reached=True, with_whom=Counterpart.GUARDIAN)

    assert StaleKind.PROMISE_OVERDUE in kinds(bob, 10 * DAY)
    assert hearing_of(alice.id).heard is not Heard.TALKED
    assert background_of(alice.site_id, alice.id).history.not_reached_at == NOW


def test_case_without_a_future_or_without_an_owner(case, bob, dora):
    case.next_on = TODAY
    on_the_day, after = kinds(dora, timedelta(hours=13)), kinds(dora, DAY + timedelta(hours=15))
    db.session.get_one(User, bob.user_id).active = False
    db.session.flush()

    assert (on_the_day, after) == (set(), {StaleKind.NO_NEXT_DATE})
    assert kinds(dora, timedelta(0)) == {StaleKind.OWNER_LEFT}


def test_referral_is_listed_for_a_late_answer_a_missing_signature_and_a_dead_end(case, bob, dora):
    case.next_on = TODAY + 90 * DAY
    referral = refer(case, bob, legal_basis=LegalBasis.DANGER, answer_due_on=TODAY + 2 * DAY)

    assert kinds(bob, timedelta(hours=23, minutes=59)) == set()
    assert kinds(bob, DAY) == {StaleKind.SIGNATURE_MISSING}
    assert kinds(bob, 3 * DAY) == {StaleKind.SIGNATURE_MISSING, StaleKind.REFERRAL_OVERDUE}
    referrals.sign(actor=dora, referral=referral)
    referrals.move_referral(actor=bob, referral=referral, state=ReferralState.DECLINED)
    assert kinds(bob, 3 * DAY) == {StaleKind.REFERRAL_DECLINED}
    referrals.end_declined(actor=bob, referral=referral, note="已无需要")
    assert kinds(bob, 30 * DAY) == set()


def test_reply_that_nobody_reads_is_listed(case, bob):
    case.next_on = TODAY + 90 * DAY
    referral = refer(case, bob)
    answer(referrals.take_slip(actor=bob, referral=referral))

    assert kinds(bob, 2 * DAY) == {StaleKind.REPLY_UNREAD}
    replies.note_read(actor=bob, referral=referral)
    db.session.flush()
    assert kinds(bob, 2 * DAY) == set()


def test_rooms_downstream_add_their_own_rows(case, bob):
    def missed(question):
        since, who = question.as_of - DAY, case.student
        return [StaleRow("missed", since, "slot:1", who, case.site, None, "/slots/1", "没有来")]

    events.subscribe(AskStale, missed)
    try:
        assert "missed" in kinds(bob, timedelta(0))
    finally:
        events._handlers[AskStale].remove(missed)


def test_midnight_ends_a_day(in_app):
    assert day_of(end_of(TODAY)) == TODAY


def test_list_costs_the_same_for_one_and_for_many(alice, campaign, bob, answer_to):
    def cost():
        db.session.flush()
        db.session.expunge_all()
        statements = []
        count = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", count)
        rows = stale_rows(bob, NOW + 90 * DAY)
        named = [(row.student.name, row.site.name, row.owner and row.owner.name) for row in rows]
        event.remove(db.engine, "before_cursor_execute", count)
        return len(named), len(statements)

    cohort = alice.cohort
    fill(alice, bob, campaign, answer_to)
    owe_everything(cohort, bob)
    rows_once, once = cost()
    for _ in range(3):
        merged = db.session.merge(cohort)
        fill(people.student(merged), bob, db.session.merge(campaign), answer_to)
        owe_everything(merged, bob)
    rows_more, more = cost()

    assert (once, rows_more) == (more, 4 * rows_once)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(hours=st.lists(st.integers(0, 3_000), min_size=2, max_size=4).map(sorted))
def test_what_is_stale_stays_stale_while_nobody_acts(full_desk, hours):
    """A later look finds whatever an earlier one found: nothing drops out by itself."""
    found = [
        {(row.kind, row.ref) for row in stale_rows(full_desk, NOW + timedelta(hours=each))}
        for each in hours
    ]

    assert all(earlier <= later for earlier, later in pairwise(found))


def test_in_the_end_every_open_duty_is_listed(full_desk):
    """Nothing that becomes due later may be missed: each query of the registry finds its own."""
    found = [check(full_desk, NOW + 200 * DAY) for check in CHECKS]

    assert [check.__name__ for check, rows in zip(CHECKS, found, strict=True) if not rows] == []


@pytest.fixture
def full_desk(alice, campaign, bob, answer_to):
    """A desk with every kind of open duty; the counsellor who has it."""
    fill(alice, bob, campaign, answer_to)
    owe_everything(alice.cohort, bob)
    for n in range(200, 205):
        on = TODAY + n * DAY
        db.session.add(CalendarDay(site_id=alice.site_id, on=on, kind=DayKind.HOLIDAY))
    db.session.flush()
    return bob


@pytest.fixture
def answer_to(answer):
    """`answer`, under a name that leaves the other free for the doctor's."""
    return answer


def fill(student, actor, campaign, answer_to):
    """Every kind of open duty around one student and three classmates."""
    waiting, claimed, asking, mistaken = (people.student(student.cohort) for _ in range(4))
    disown(assessment=results.sitting(campaign, mistaken))
    for each in (waiting, claimed):
        answer_to(results.sitting(campaign, each), q9=1)
    results_of_asking(results.sitting(campaign, asking))
    entry = db.session.query(QueueEntry).filter_by(student_id=claimed.id).one()
    queue.claim(actor=actor, entry=entry)
    case = open_case(student, actor)
    refer(case, actor, legal_basis=LegalBasis.DANGER)
    declined = refer(case, actor, partner=Partner.LEGAL_AID)
    referrals.move_referral(actor=actor, referral=declined, state=ReferralState.DECLINED)
    answer(referrals.take_slip(actor=actor, referral=refer(case, actor)))


def results_of_asking(assessment):
    """The student asks to talk this week, at the end of the sitting."""
    rows = results.answers(assessment, "closing", {"talk": 2})
    events.publish(results.stored(assessment, rows))


def talk(case, actor, *, reached, **chosen):
    contacts.record_contact(
        actor=actor,
        case=case,
        modality=Modality.IN_PERSON,
        held_at=clock.now(),
        reached=reached,
        note="聊了",
        risk_level=RiskLevel.HIGH,
        state=CaseState.OPEN,
        next_on=TODAY + 7 * DAY,
        **chosen,
    )

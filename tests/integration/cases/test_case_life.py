"""Guardians, leaves, plans, repeated measures, private notes and holidays of a case."""

from datetime import date, timedelta

import pytest

from app.access.models import AccessGrant
from app.campaigns.models import Campaign
from app.campaigns.queries import batteries, visible_campaigns
from app.cases import words
from app.cases.domain.cases import ClosingReason
from app.cases.domain.endings import Outcome
from app.cases.domain.errors import (
    CoverError,
    GuardianFieldError,
    InstrumentError,
    NextDateError,
    PromisesWaitError,
)
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.domain.holidays import Break
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.measures import Every
from app.cases.domain.plans import Doer, Goal, GoalState
from app.cases.domain.printing import Rendering
from app.cases.domain.queue import EntryState
from app.cases.domain.story import Happening
from app.cases.models import CaseEvent, PlanRevision, QueueEntry
from app.cases.queries.cases import story_of
from app.cases.queries.guardians import (
    guardian_is_feared,
    is_out_of_reach,
    may_be_written_home,
    steps_of,
)
from app.cases.queries.holidays import break_of, proposals, stale_covers
from app.cases.queries.leaves import (
    stale_fears,
    stale_leaves,
    stale_refusals,
    stale_return_contacts,
)
from app.cases.queries.measures import due_measures, stale_measures
from app.cases.queries.plans import plan_of
from app.cases.queries.promises import latest_date_of
from app.cases.service import cases
from app.cases.service.endings import close_case
from app.cases.service.guardians import Refusal, Report, note_fear, record_guardian_step
from app.cases.service.holidays import Cover, cover_holiday
from app.cases.service.leaves import begin_leave, note_return
from app.cases.service.measures import end_measure, give_measure, plan_measure
from app.cases.service.plans import revise_plan
from app.cases.service.profiles import take_summaries
from app.people.domain import DayKind
from app.people.models import CalendarDay, User
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import results
from tests.integration.cases.conftest import met

TODAY = date(2026, 10, 12)
WHOLE = Refusal("周老师", PaperForm.SIGNED, "", "课间有人陪")


def day(n):
    return TODAY + timedelta(days=n)


@pytest.fixture
def case(open_for):
    return open_for(RiskLevel.HIGH)


def _step(actor, case, answer, **chosen):
    given = {"at": clock.now(), "spoken_by": "林老师", "said": "妈妈说再想想"}
    return record_guardian_step(actor=actor, case=case, answer=answer, **given | chosen)


def _away(actor, case):
    return begin_leave(
        actor=actor,
        case=case,
        kind=LeaveKind.TREATMENT,
        from_on=TODAY,
        expected_on=day(5),
        contact_person="林老师",
    )


def _measure(actor, case, **chosen):
    given = {"instrument_code": "phq9", "every": Every.FOUR_WEEKS, "first_on": TODAY}
    return plan_measure(actor=actor, case=case, **{"until_on": None} | given | chosen)


def test_what_a_guardian_said_is_sealed_and_the_newest_step_holds(case, bob):
    _step(bob, case, GuardianAnswer.INFORMED)
    step = _step(bob, case, GuardianAnswer.AGREES, said="愿意一起来")

    assert [row.answer for row in steps_of(case)] == [
        GuardianAnswer.AGREES,
        GuardianAnswer.INFORMED,
    ]
    assert "愿意".encode() not in step.said_sealed


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (None, "second_staff"),
        (Refusal("", PaperForm.SIGNED, "", "陪"), "second_staff"),
        (Refusal("周老师", PaperForm.REFUSED_TO_SIGN, "", "陪"), "witness"),
        (Refusal("周老师", PaperForm.SIGNED, "", ""), "safety_plan"),
    ],
)
def test_refusal_at_a_high_level_needs_two_of_staff_paper_and_safety_plan(
    case, bob, refusal, field
):
    with pytest.raises(GuardianFieldError) as refused:
        _step(bob, case, GuardianAnswer.REFUSES, refusal=refusal)

    assert refused.value.field == field


def test_refusal_at_a_high_level_is_looked_at_again_within_a_week(case, bob):
    cases.set_next_date(actor=bob, case=case, next_on=day(14))
    _step(bob, case, GuardianAnswer.REFUSES, refusal=WHOLE)

    assert case.next_on == day(7)
    with pytest.raises(NextDateError):
        cases.set_next_date(actor=bob, case=case, next_on=day(8))
    assert [row.since for row in stale_refusals(bob, day(8))] == [day(7)]
    assert stale_refusals(bob, day(7)) == []


def test_out_of_reach_is_tried_again_on_a_day_and_after_three_tries_others_are_called(case, bob):
    with pytest.raises(GuardianFieldError):
        _step(bob, case, GuardianAnswer.UNREACHABLE)
    reached = []
    for _ in range(3):
        _step(bob, case, GuardianAnswer.UNREACHABLE, next_try_on=day(1))
        reached.append(is_out_of_reach(steps_of(case)))

    assert reached == [False, False, True]


def test_feared_guardian_is_reported_and_gets_no_letter(case, bob, alice):
    with pytest.raises(GuardianFieldError):
        _step(bob, case, GuardianAnswer.FEARED_SOURCE)
    before = may_be_written_home([alice])
    _step(bob, case, GuardianAnswer.FEARED_SOURCE, report=Report("派出所", clock.now()))

    letters = take_summaries(
        actor=bob, students=[alice], rendering=Rendering.GUARDIAN, locale="zh_Hans"
    )
    assert (before, may_be_written_home([alice]), letters) == ([alice], [], [])


def test_report_of_a_fear_is_owed_until_a_step_carries_it_and_no_fear_ends_before(case, bob):
    note_fear(actor=bob, case=case)
    _step(bob, case, GuardianAnswer.INFORMED)
    owed = [row.since for row in stale_fears(bob, day(1))]
    with pytest.raises(GuardianFieldError) as refused:
        _step(bob, case, GuardianAnswer.FEAR_LIFTED)

    _step(bob, case, GuardianAnswer.FEAR_LIFTED, report=Report("派出所", clock.now()))

    assert (owed, refused.value.field) == ([TODAY], "reported_to")
    assert stale_fears(bob, day(1)) == []
    assert not guardian_is_feared(case)


def test_return_promises_four_talks_and_the_next_date_follows_the_first_that_is_owed(
    case, bob, fixed_clock
):
    cases.set_next_date(actor=bob, case=case, next_on=day(10))
    leave = _away(bob, case)
    promises = note_return(actor=bob, leave=leave, on=TODAY)
    after_return = case.next_on
    with pytest.raises(NextDateError):
        cases.set_next_date(actor=bob, case=case, next_on=day(2))

    with fixed_clock(NOW + timedelta(days=3)):
        missed = stale_return_contacts(bob, day(3))
        met(bob, case, next_on=day(7))
        with pytest.raises(NextDateError):
            cases.set_next_date(actor=bob, case=case, next_on=day(8))

    assert [promise.due_on for promise in promises] == [day(1), day(3), day(7), day(30)]
    assert (after_return, [row.since for row in missed]) == (day(1), [day(1)])
    assert [promise.kept_at is None for promise in promises] == [False, False, True, True]


def test_talk_with_somebody_else_keeps_no_promise_and_owed_talks_hold_the_closing(
    open_for, bob, fixed_clock
):
    case = open_for(RiskLevel.LOW)
    (first, *_rest) = note_return(actor=bob, leave=_away(bob, case), on=TODAY)
    with fixed_clock(NOW + timedelta(days=1)):
        met(bob, case, reached=False, next_on=day(1))

    assert first.kept_at is None
    with pytest.raises(PromisesWaitError):
        close_case(
            actor=bob,
            case=case,
            reason=ClosingReason.NO_NEED_FOUND,
            outcome=Outcome.NO_FOLLOW_UP,
            note="…",
        )


def test_student_who_was_expected_back_is_asked_after(case, bob):
    _away(bob, case)

    assert [row.since for row in stale_leaves(bob, day(6))] == [day(5)]
    assert stale_leaves(bob, day(5)) == []


def test_plan_keeps_every_version_and_seals_the_goals(case, bob):
    goal = Goal("十一点前睡", "睡眠记录", day(28), steps={Doer.FAMILY: "手机放客厅"})
    revise_plan(actor=bob, case=case, goals=[goal], review_on=day(28))
    reached = Goal("十一点前睡", "睡眠记录", day(28), GoalState.REACHED)
    revise_plan(actor=bob, case=case, goals=[reached], review_on=day(56))

    first, second = db.session.query(PlanRevision).order_by(PlanRevision.number)
    assert (first.goals, second.goals, plan_of(case)) == ([goal], [reached], second)
    assert "十一点".encode() not in first.content_sealed


def test_measure_is_a_slip_of_its_own_that_no_list_of_campaigns_knows(case, bob):
    listed = list(db.session.scalars(visible_campaigns(bob))), list(batteries())
    measure = _measure(bob, case)
    slip = give_measure(actor=bob, measure=measure)

    campaign = db.session.get(Campaign, slip.invitation.campaign_id)
    assert (slip.invitation.student_id, measure.next_due_on) == (case.student_id, day(28))
    assert campaign.title == "最近两周的感受"
    assert (list(db.session.scalars(visible_campaigns(bob))), list(batteries())) == listed


def test_story_calls_a_questionnaire_as_people_do(case, bob, app):
    _measure(bob, case)
    planned = db.session.query(CaseEvent).filter_by(what=Happening.MEASURE_PLANNED).one()

    with app.test_request_context("/?lang=en"):
        line = words.happening_word(planned)

    assert line == "Repeated measure planned: PHQ-9, every four weeks"


def test_critical_answer_of_a_repeated_measure_reaches_the_queue(case, bob, alice):
    slip = give_measure(actor=bob, measure=_measure(bob, case))
    sitting = results.sitting(slip.invitation.campaign, alice)
    events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 2})))

    (entry,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)
    assert entry.case is case


def test_measure_is_due_until_its_slip_is_made_and_once_a_questionnaire(case, bob):
    measure = _measure(bob, case, until_on=day(27))
    with pytest.raises(InstrumentError):
        _measure(bob, case)
    due, stale = due_measures(bob, TODAY), stale_measures(bob, day(1))

    give_measure(actor=bob, measure=measure)

    assert (due, [row.since for row in stale]) == ([measure], [TODAY])
    assert (measure.ended_at, due_measures(bob, day(60))) == (clock.now(), [])


def test_ended_measure_is_due_no_more(case, bob):
    end_measure(actor=bob, measure=_measure(bob, case))

    assert stale_measures(bob, day(400)) == []


def test_private_note_is_for_its_author_and_the_crisis_lead(case, bob, dora, lead):
    contact = met(bob, case, is_private=True)

    db.session.refresh(case, ["contacts"])

    told = [
        next(line for line in story_of(who, case) if line.row is contact)
        for who in (bob, dora, lead)
    ]

    assert [line.is_withheld for line in told] == [False, True, False]
    assert [line.note for line in told] == [contact.note, None, contact.note]


@pytest.fixture
def holiday(alice):
    """Thursday and Friday are free, so is the weekend: four days."""
    for n in (3, 4):
        db.session.add(CalendarDay(site_id=alice.site_id, on=day(n), kind=DayKind.HOLIDAY))
    db.session.flush()
    return Break(day(3), day(6))


def test_weekend_is_no_break_but_three_free_days_are(alice, holiday):
    assert break_of(alice.site, TODAY) == holiday
    assert break_of(alice.site, day(7)) is None


def test_cover_gives_person_day_and_a_grant_that_ends(case, bob, dora, holiday, alice):
    cases.set_next_date(actor=bob, case=case, next_on=day(5))
    (proposed,) = proposals(bob, alice.site, holiday)
    before = stale_covers(bob, day(2))
    helper = db.session.get(User, dora.user_id)
    cover = Cover(case, helper, proposed.contact_on)

    for _ in range(2):
        cover_holiday(actor=bob, site=alice.site, holiday=holiday, covers=[cover])

    grant = db.session.query(AccessGrant).filter_by(user_id=dora.user_id).one()
    opens, closes = clock.local(grant.valid_from), clock.local(grant.valid_until)
    assert ([row.case for row in before], stale_covers(bob, day(2))) == ([case], [])
    assert (opens.date(), closes.date(), opens.hour) == (day(3), day(7), 0)
    assert (proposed.contact_on, case.next_on) == (day(4), day(4))


def test_cover_moves_no_date_past_what_was_promised(case, bob, holiday, alice):
    note_return(actor=bob, leave=_away(bob, case), on=TODAY)
    met(bob, case)
    case.next_on = day(3)
    owner = db.session.get(User, bob.user_id)

    cover_holiday(actor=bob, site=alice.site, holiday=holiday, covers=[Cover(case, owner, day(6))])

    assert case.next_on == latest_date_of(case) == day(1)


@pytest.mark.parametrize("n", [2, 7])
def test_cover_stays_within_the_break_and_the_school(case, bob, charlie, holiday, alice, n):
    helpers = db.session.get(User, bob.user_id), db.session.get(User, charlie.user_id)
    wrong = [Cover(case, helpers[0], day(n)), Cover(case, helpers[1], day(4))]

    for cover in wrong:
        with pytest.raises(CoverError):
            cover_holiday(actor=bob, site=alice.site, holiday=holiday, covers=[cover])

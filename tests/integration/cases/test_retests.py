"""Answers that cannot be relied on lead to a second sitting, and hide nothing else."""

import pytest

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AssessmentState, Mode, SittingOverError
from app.assessments.service import start, submit
from app.campaigns.queries import totals
from app.campaigns.service import close_campaign
from app.cases.domain.queue import EntryState, NothingToRepeatError, SettlingReason
from app.cases.models import QueueEntry
from app.cases.service import queue
from app.cases.service.retests import plan_retest, slip_to_repeat
from app.observations.domain import Since
from app.observations.service import report_student
from app.people.service.logins import actor_of
from app.platform.db import db
from app.results.domain import FlagKind
from app.results.models import Flag
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import assessments, people, results
from tests.integration.cases.conftest import counsellor

FAST, CAREFUL = 0.4, 6.0
CALM = {"q1": 1, "q2": 0, "q3": 2, "q4": 1, "q5": 0, "q6": 1, "q7": 0, "q8": 1, "q9": 0}


@pytest.fixture
def slip(in_app, fixed_clock):
    """A slip of a running campaign with PHQ-9."""
    return assessments.invited("phq9")


def _sit(slip, seconds, given=CALM, mode=Mode.COMPUTER_ROOM, **closing):
    sitting, _ = start(invitation=slip, mode=mode, locale="zh_Hans")
    sitting.assented_at = NOW
    rows = results.answers(sitting, "phq9", given, seconds=seconds)
    from app.platform import events

    events.publish(results.stored(sitting, rows))
    submit(assessment=sitting)
    db.session.flush()
    return sitting


def _entry():
    return db.session.query(QueueEntry).one()


@pytest.fixture
def entry(slip):
    _sit(slip, FAST)
    return _entry()


@pytest.fixture
def bob(slip):
    return counsellor(slip.site_id)


def test_answers_that_came_too_fast_propose_to_ask_again(entry):
    assert [flag.kind for flag in entry.flags] == [FlagKind.QUALITY]
    assert (entry.risk_level, entry.lane, entry.rule) == (RiskLevel.LOW, None, "retest")
    assert entry.reasons["zh_Hans"].startswith("作答太快")


def test_careful_answers_propose_nothing(slip):
    _sit(slip, CAREFUL)

    assert db.session.query(QueueEntry).count() == 0


@pytest.mark.parametrize("mode", [Mode.IMPORT])
def test_answers_from_a_file_are_not_asked_for_again(slip, mode):
    _sit(slip, FAST, {"q1": 1}, mode=mode)

    assert db.session.query(Flag).count() == 0


def test_poor_quality_lowers_and_hides_no_other_flag(slip):
    _sit(slip, FAST, CALM | {"q9": 2})

    kinds = {flag.kind for flag in _entry().flags}
    assert kinds == {FlagKind.CRITICAL, FlagKind.QUALITY}
    assert _entry().risk_level is RiskLevel.HIGH
    assert "第9题" in _entry().reasons["zh_Hans"] or "安全题" in _entry().reasons["zh_Hans"]


def test_plan_retest_settles_the_entry_and_opens_the_slip_for_a_further_sitting(entry, slip, bob):
    with pytest.raises(SittingOverError):
        start(invitation=slip, mode=Mode.PHONE, locale="zh_Hans")
    queue.claim(actor=bob, entry=entry)

    settled = plan_retest(actor=bob, entry=entry)

    second, _ = start(invitation=slip, mode=Mode.PHONE, locale="zh_Hans")
    assert settled
    assert (entry.state, entry.settling_reason, entry.settled_by_id) == (
        EntryState.SETTLED,
        SettlingReason.RETEST_PLANNED,
        bob.user_id,
    )
    assert (second.state, second.invitation_id) == (AssessmentState.STARTED, slip.id)


def test_progress_does_not_tell_that_somebody_is_asked_again(entry, slip, bob):
    def counted():
        db.session.flush()
        return totals(OPERATOR, [slip.campaign])[slip.campaign_id]

    before = counted()
    queue.claim(actor=bob, entry=entry)
    plan_retest(actor=bob, entry=entry)
    asked = counted()
    start(invitation=slip, mode=Mode.PHONE, locale="zh_Hans")

    assert (before.started, before.finished) == (1, 1)
    assert asked == counted() == before


def test_plan_retest_leaves_an_entry_open_for_which_something_else_waits(slip, bob):
    _sit(slip, FAST, CALM | {"q9": 1})
    entry = _entry()
    queue.claim(actor=bob, entry=entry)

    assert plan_retest(actor=bob, entry=entry) is False

    assert entry.state is EntryState.CLAIMED
    assert slip.finished_at is None


def test_nothing_is_repeated_without_doubt_or_after_the_campaign(entry, slip, bob):
    queue.claim(actor=bob, entry=entry)
    close_campaign(actor=OPERATOR, campaign=slip.campaign)

    assert slip_to_repeat(entry) is None
    with pytest.raises(NothingToRepeatError):
        plan_retest(actor=bob, entry=entry)
    assert entry.state is EntryState.CLAIMED


def test_second_sitting_settles_no_entry_that_stands_for_a_report_too(entry, slip, bob):
    teacher = actor_of(people.user(Role.CLASS_TEACHER, None, slip.cohort_id), Role.CLASS_TEACHER)
    report_student(
        actor=teacher,
        student=slip.student,
        ticked=["not_live"],
        since=Since.TODAY,
        form_token="once",
    )
    queue.claim(actor=bob, entry=entry)

    assert plan_retest(actor=bob, entry=entry) is False
    assert entry.state is EntryState.CLAIMED

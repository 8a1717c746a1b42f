"""From a tap to the queue: at once, in the same transaction, once per student, never weaker."""

from datetime import timedelta

import pytest

from app.assessments.domain import AssessmentState
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.cases.queries import queue as queries
from app.cases.service import queue
from app.platform import audit, clock
from app.platform.db import begin_write, db
from app.results.models import Flag
from app.triage.domain import Lane, RiskLevel
from tests.conftest import NOW
from tests.factories import results


def _entries():
    db.session.flush()
    return db.session.query(QueueEntry).order_by(QueueEntry.id).all()


def _local(moment):
    return clock.local(moment).strftime("%m-%d %H:%M")


def test_critical_answer_waits_in_the_queue_before_the_submit(sitting, answer):
    answer(sitting, q9=1)

    (entry,) = _entries()
    assert (entry.risk_level, entry.lane, _local(entry.due_at)) == (
        RiskLevel.HIGH,
        Lane.SAME_DAY,
        "10-12 17:30",
    )
    assert entry.reasons["zh_Hans"] == (
        "PHQ-9第9题（安全题）选了“好几天”。这不是诊断；请当天当面聊一聊。"
    )
    assert queries.flags_without_entry() == []


def test_harmless_answer_brings_nobody_into_the_queue(sitting, answer):
    answer(sitting, q1=3, q9=0)

    assert _entries() == []


def test_company_now_joins_the_open_entry_and_makes_it_imminent(sitting, answer):
    answer(sitting, q9=1)
    answer(sitting, "closing", company=2)

    (entry,) = _entries()
    assert (entry.risk_level, entry.lane) == (RiskLevel.IMMINENT, Lane.FAST)
    assert entry.due_at == NOW + timedelta(minutes=15)
    assert [flag.code for flag in entry.flags] == ["critical_q9", "company"]


def test_entry_never_becomes_weaker_or_due_later(sitting, answer, submit, fixed_clock):
    answer(sitting, q9=3)
    with fixed_clock(NOW + timedelta(minutes=2)):
        answer(sitting, q9=0)
        answer(sitting, "closing", company=0, talk=2)
        submit(sitting)

    (entry,) = _entries()
    assert (entry.risk_level, entry.lane) == (RiskLevel.HIGH, Lane.FAST)
    assert entry.due_at == NOW + timedelta(minutes=15)


def test_second_sitting_of_a_student_joins_the_open_entry(sitting, answer, alice):
    answer(sitting, q9=1)
    answer(results.sitting(results.campaign("phq9"), alice), q9=2)

    (entry,) = _entries()
    assert len(entry.flags) == 2
    assert entry.lane == Lane.FAST


def test_anonymous_sittings_have_an_entry_each(campaign, alice, answer):
    for _ in range(2):
        answer(results.sitting(campaign, None, site_id=alice.site_id), q9=1)

    assert [entry.student_id for entry in _entries()] == [None, None]


def test_new_flag_after_the_end_opens_a_new_entry(sitting, answer, alice, bob):
    answer(sitting, q9=1)
    (entry,) = _entries()
    entry.state = EntryState.SETTLED
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    assert [each.state for each in _entries()] == [EntryState.SETTLED, EntryState.WAITING]


def _hasten() -> int:
    """How many sittings went silent."""
    (entry,) = _entries()
    return queue.hasten_silent(entry_id=entry.id)


def test_silence_after_a_critical_answer_moves_to_the_fast_lane(sitting, answer, fixed_clock):
    answer(sitting, q9=1)
    with fixed_clock(NOW + timedelta(minutes=4)):
        early = _hasten()
    with fixed_clock(NOW + timedelta(minutes=10)):
        late, again = _hasten(), _hasten()

    (entry,) = _entries()
    assert (early, late, again) == (0, 1, 0)
    assert (entry.lane, entry.due_at) == (Lane.FAST, NOW + timedelta(minutes=25))


def test_silence_counts_in_a_sitting_that_joined_an_open_entry_too(
    sitting, answer, alice, fixed_clock
):
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    with fixed_clock(NOW + timedelta(minutes=10)):
        assert _hasten() == 1

    (entry,) = _entries()
    assert entry.lane == Lane.FAST


def test_who_says_nobody_needs_to_come_is_not_silent(sitting, answer, fixed_clock):
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)

    with fixed_clock(NOW + timedelta(hours=1)):
        assert _hasten() == 0


def test_who_skips_the_question_about_company_and_leaves_is_silent(sitting, answer, fixed_clock):
    answer(sitting, q9=1)
    answer(sitting, "closing", company="refused")

    with fixed_clock(NOW + timedelta(minutes=10)):
        assert _hasten() == 1


@pytest.mark.parametrize("state", [AssessmentState.DECLINED, AssessmentState.EXPIRED])
def test_who_leaves_by_another_door_is_silent_all_the_same(sitting, answer, fixed_clock, state):
    answer(sitting, q9=1)
    sitting.state = state

    with fixed_clock(NOW + timedelta(minutes=10)):
        assert _hasten() == 1


STEPS = [
    ("app.cases.service.queue.propose", "before the entry"),
    ("app.cases.service.entries.open_case_id_of", "while the entry is made"),
    ("app.cases.service.queue.audit.record", "before the audit row"),
]


@pytest.mark.parametrize(("step", "_when"), STEPS)
def test_answer_and_entry_stand_or_fall_together(sitting, answer, monkeypatch, step, _when):
    db.session.commit()
    begin_write()

    def die(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(step, die)
    with pytest.raises(RuntimeError):
        answer(sitting, q9=3)
    db.session.rollback()
    begin_write()

    assert (db.session.query(Flag).count(), _entries()) == (0, [])
    assert queries.flags_without_entry() == []


def test_flags_without_entry_finds_what_fell_through(sitting):
    flag = Flag(
        campaign_id=sitting.campaign_id,
        site_id=sitting.site_id,
        assessment_id=sitting.id,
        instrument_code="phq9",
        code="critical_q9",
        kind="critical",
        reason={},
        raised_at=clock.now(),
    )
    db.session.add(flag)
    db.session.flush()

    assert queries.flags_without_entry() == [flag]


def test_enqueue_leaves_an_audit_row_without_names(sitting, answer, alice):
    answer(sitting, q9=1)

    row = db.session.query(audit.AuditEvent).filter_by(action="enqueue_flags").one()
    assert alice.name not in row.detail
    assert row.actor_kind == "system"

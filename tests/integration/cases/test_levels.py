"""A person confirms or changes what the rules propose, says why, and is not silently overruled."""

from datetime import timedelta

import pytest

from app.access.guards import DeniedError
from app.alarms.models import Alert
from app.cases.domain.errors import LevelReasonError
from app.cases.domain.queue import CaseNeededError, EntryStateError, SettlingReason
from app.cases.models import LevelDecision, QueueEntry
from app.cases.service import queue
from app.cases.service.cases import open_case
from app.cases.service.levels import set_level
from app.platform import audit, clock
from app.platform.db import db
from app.triage.domain import Channel, Lane, RiskLevel
from tests.factories import results


@pytest.fixture
def entry(sitting, answer):
    """Alice asked for a talk today: moderate."""
    answer(sitting, "closing", talk=3)
    return db.session.query(QueueEntry).one()


def _decide(actor, entry, level, channel=Channel.IN_PERSON, reason="电话里声音很低，今天当面谈"):
    return set_level(actor=actor, entry=entry, risk_level=level, channel=channel, reason=reason)


def test_decision_keeps_who_when_why_and_what_was_proposed(entry, bob):
    decision = _decide(bob, entry, RiskLevel.HIGH)

    assert (decision.user_id, decision.at) == (bob.user_id, clock.now())
    assert (decision.proposed, decision.risk_level) == (RiskLevel.MODERATE, RiskLevel.HIGH)
    assert (entry.risk_level, entry.urgency) == (RiskLevel.HIGH, RiskLevel.HIGH.urgency)
    assert (entry.proposed_level, entry.is_decided) == (RiskLevel.MODERATE, True)


def test_reason_rests_encrypted_and_never_in_the_log(entry, bob):
    decision = _decide(bob, entry, RiskLevel.HIGH)

    assert decision.reason == "电话里声音很低，今天当面谈"
    assert "电话里".encode() not in decision.reason_sealed
    row = db.session.query(audit.AuditEvent).filter_by(action="set_level").one()
    assert "电话里" not in row.detail


@pytest.mark.parametrize(
    ("level", "channel"),
    [(RiskLevel.HIGH, Channel.IN_PERSON), (RiskLevel.MODERATE, Channel.PHONE)],
)
def test_another_level_or_a_looser_way_needs_a_reason(entry, bob, level, channel):
    with pytest.raises(LevelReasonError):
        _decide(bob, entry, level, channel, reason="  ")

    assert db.session.query(LevelDecision).count() == 0


def test_confirming_needs_no_reason(entry, bob):
    _decide(bob, entry, RiskLevel.MODERATE, reason="")

    assert entry.is_decided


def test_later_flags_raise_a_persons_level_and_never_lower_it(entry, bob, alice, answer):
    _decide(bob, entry, RiskLevel.LOW, Channel.PHONE)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)
    raised = entry.risk_level
    _decide(bob, entry, RiskLevel.IMMINENT)
    answer(results.sitting(results.campaign("phq9"), alice), q9=3)

    assert (raised, entry.risk_level) == (RiskLevel.HIGH, RiskLevel.IMMINENT)
    assert entry.proposed_level is RiskLevel.HIGH
    assert entry.channel is Channel.IN_PERSON


def test_mild_flags_leave_a_persons_higher_level_alone(entry, bob, alice, answer):
    _decide(bob, entry, RiskLevel.HIGH)

    answer(results.sitting(results.campaign("phq9"), alice), "closing", talk=2)

    assert entry.risk_level is RiskLevel.HIGH


def test_lowering_the_level_opens_no_way_around_the_case(sitting, answer, bob):
    answer(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    _decide(bob, entry, RiskLevel.LOW)

    with pytest.raises(CaseNeededError):
        queue.settle(actor=bob, entry=entry, reason=SettlingReason.TALKED_NO_NEED, note="聊过")


def test_opening_a_case_with_another_level_asks_why_and_keeps_it(entry, bob):
    queue.claim(actor=bob, entry=entry)
    chosen = {"entry": entry, "risk_level": RiskLevel.HIGH, "next_on": clock.today()}

    with pytest.raises(LevelReasonError):
        open_case(actor=bob, **chosen)
    case = open_case(actor=bob, **chosen, reason="谈到不想上学已三周")

    decision = db.session.query(LevelDecision).one()
    assert (case.risk_level, decision.reason) == (RiskLevel.HIGH, "谈到不想上学已三周")


def test_settled_entry_and_other_schools_are_closed_to_decisions(entry, bob, charlie):
    with pytest.raises(DeniedError):
        _decide(charlie, entry, RiskLevel.HIGH)
    queue.claim(actor=bob, entry=entry)
    queue.settle(actor=bob, entry=entry, reason=SettlingReason.TALKED_NO_NEED, note="聊过")

    with pytest.raises(EntryStateError):
        _decide(bob, entry, RiskLevel.HIGH)


def test_level_that_a_person_raises_travels_and_is_due_as_if_rules_had_found_it(
    sitting, answer, bob
):
    answer(sitting, "closing", talk=2)
    entry = db.session.query(QueueEntry).one()
    before = entry.lane, entry.due_at

    set_level(
        actor=bob,
        entry=entry,
        risk_level=RiskLevel.IMMINENT,
        channel=Channel.IN_PERSON,
        reason="班主任刚刚说她写了遗书",
    )

    assert before[0] is None
    assert (entry.lane, entry.due_at) == ("fast", clock.now() + timedelta(minutes=15))
    assert db.session.query(Alert).one().lane is Lane.FAST

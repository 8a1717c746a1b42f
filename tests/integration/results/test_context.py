"""Flags look at the other instruments of the battery and at the student's last sitting."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.access.actor import OPERATOR
from app.authoring.service import publish_instruments
from app.campaigns.models import Campaign
from app.cases.queries.signals import SignalReader
from app.instruments.loader import parse_instrument
from app.platform.db import db
from app.results.models import Flag
from tests.factories import authoring, people, results

TIREDNESS = (
    authoring.TWO_ITEMS.replace("CODE", "tiredness")
    + """\
flags:
  - code: both_high
    kind: critical
    lane: same_day
    title: {zh_Hans: 两项均高, en: High on both}
    when: total >= 3 and phq9.total >= 20
    source: Decision of this test
  - code: rising
    kind: attention
    title: {zh_Hans: 明显上升, en: Risen}
    when: total - previous.total >= 2
    source: Decision of this test
"""
)
EXAMPLES = """\
instrument: tiredness
examples:
  - name: High on both
    source: Rules above
    context: {phq9.total: 20}
    answers: [2, 1]
    expect: {scores: {total: 3}, flags: [both_high]}
  - name: Risen
    source: Rules above
    context: {previous.total: 0}
    answers: [1, 1]
    expect: {scores: {total: 2}, flags: [rising]}
"""


@pytest.fixture
def campaign(in_app, fixed_clock) -> Campaign:
    """An open campaign of PHQ-9 and the small instrument."""
    instrument = parse_instrument(TIREDNESS, examples=EXAMPLES)
    (version,) = publish_instruments(actor=OPERATOR, instruments=[instrument])
    return results.campaign_of(*results.library("phq9"), version)


@pytest.fixture
def alice(campaign):
    return people.student(people.cohort(people.site()))


@pytest.fixture
def finish(campaign, answer, submit):
    """Let a student answer both instruments, `days` from now; return the new sitting."""

    def sit(student, tired: list[float], *, phq9: float = 0, days: int = 0):
        started = campaign.created_at + timedelta(days=days)
        sitting = results.sitting(campaign, student, started_at=started)
        answer(sitting, "phq9", results.values([phq9] * 8 + [0]))
        answer(sitting, "tiredness", results.values(tired))
        submit(sitting)
        return sitting

    return sit


def fired(sitting) -> list[str]:
    query = select(Flag.code).where(
        Flag.assessment_id == sitting.id, Flag.instrument_code == "tiredness"
    )
    return list(db.session.scalars(query))


def test_high_on_both_instruments_calls_somebody(alice, finish, raised):
    sitting = finish(alice, [2, 2], phq9=3)

    flag = db.session.scalars(select(Flag).where(Flag.code == "both_high")).one()
    assert (flag.assessment_id, flag.kind, flag.lane) == (sitting.id, "critical", "same_day")
    assert flag.reason["condition"] == "total >= 3 and phq9.total >= 20"
    assert flag.id in raised[-1].flag_ids


def test_queue_tells_the_condition_by_its_title(alice, finish):
    finish(alice, [2, 2], phq9=3)

    flag = db.session.scalars(select(Flag).where(Flag.code == "both_high")).one()
    assert SignalReader().reasons(flag)["zh_Hans"] == (
        "测试：两项均高。这不是诊断；请当天当面聊一聊。"
    )


def test_high_on_one_instrument_does_not(alice, finish):
    sitting = finish(alice, [2, 2], phq9=1)

    assert fired(sitting) == []


def test_rise_is_measured_against_the_last_earlier_sitting(alice, finish):
    finish(alice, [0, 0], days=0)
    finish(alice, [1, 1], days=100)

    sitting = finish(alice, [2, 1], days=200)

    assert fired(sitting) == []  # 3 after 2; the 0 before it is no longer the last


def test_rise_since_last_time_tells_the_counsellor(alice, finish):
    finish(alice, [0, 1], days=0)

    sitting = finish(alice, [2, 1], days=100)

    assert fired(sitting) == ["rising"]


def test_last_time_without_a_score_says_nothing(alice, finish):
    finish(alice, [0], days=0)

    sitting = finish(alice, [2, 1], days=100)

    assert fired(sitting) == []


def test_later_sitting_is_not_the_past(alice, finish, submit):
    first = finish(alice, [2, 1], days=0)
    finish(alice, [0, 0], days=100)

    submit(first)

    assert fired(first) == []


def test_nobody_else_is_the_past(alice, finish):
    finish(people.student(alice.cohort), [0, 0], days=0)

    sitting = finish(alice, [2, 1], days=100)

    assert fired(sitting) == []


def test_history_costs_one_statement(alice, finish, submit):
    sitting = finish(alice, [2, 1])
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))

    submit(sitting)

    assert len([one for one in sent if "FROM scale_scores" in one and "LIMIT" in one]) == 1

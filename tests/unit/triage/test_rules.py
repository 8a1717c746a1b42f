"""What a signal means: level, lane, due time, and that none is left without a rule."""

from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from app.people.calendar import SchoolCalendar
from app.people.domain import DayKind
from app.triage.domain import Channel, Lane, RiskLevel, Signal, SignalKind
from app.triage.rules import STANDARD, propose, rule_for

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = SchoolCalendar(
    zone=SHANGHAI, days={date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)}
)
MONDAY_TEN = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
CRITICAL = Signal(SignalKind.CRITICAL, Lane.SAME_DAY, item="q9", item_number=9)
FAST = Signal(SignalKind.CRITICAL, Lane.FAST, item="q9", item_number=9)
NEED = Signal(SignalKind.REQUEST, Lane.FAST, imminent=True, item="company", wish="need")
CUTOFF = Signal(SignalKind.CUTOFF, score=12, cutoff=10)
TALK_TODAY = Signal(SignalKind.REQUEST, Lane.SAME_DAY, item="talk", wish="today")
THIS_WEEK = Signal(SignalKind.REQUEST, item="talk", wish="this_week")
ATTENTION = Signal(SignalKind.ATTENTION, item="q2", item_number=2)
WORDS = Signal(SignalKind.WORDS, Lane.SAME_DAY, item="message")


def _local(moment):
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("signal", "level", "lane", "due", "channel"),
    [
        (NEED, RiskLevel.IMMINENT, Lane.FAST, "10-12 10:15", Channel.IN_PERSON),
        (FAST, RiskLevel.HIGH, Lane.FAST, "10-12 10:15", Channel.IN_PERSON),
        (CRITICAL, RiskLevel.HIGH, Lane.SAME_DAY, "10-12 17:30", Channel.IN_PERSON),
        (WORDS, RiskLevel.HIGH, Lane.SAME_DAY, "10-12 17:30", Channel.IN_PERSON),
        (TALK_TODAY, RiskLevel.MODERATE, Lane.SAME_DAY, "10-12 17:30", Channel.IN_PERSON),
        (CUTOFF, RiskLevel.MODERATE, None, "10-14 17:30", Channel.VIDEO),
        (THIS_WEEK, RiskLevel.LOW, None, "10-15 17:30", Channel.PHONE),
        (ATTENTION, RiskLevel.LOW, None, "10-19 17:30", Channel.PHONE),
    ],
)
def test_propose_on_a_school_morning(signal, level, lane, due, channel):
    proposal = propose([signal], now=MONDAY_TEN, calendar=CALENDAR)

    assert (proposal.risk_level, proposal.lane, _local(proposal.due_at), proposal.channel) == (
        level,
        lane,
        due,
        channel,
    )


def test_propose_lets_the_weightiest_signal_speak_and_the_earliest_term_count():
    proposal = propose([CUTOFF, ATTENTION, CRITICAL], now=MONDAY_TEN, calendar=CALENDAR)

    assert (proposal.risk_level, proposal.rule) == (RiskLevel.HIGH, "critical_same_day")
    assert proposal.reasons == propose([CRITICAL], now=MONDAY_TEN, calendar=CALENDAR).reasons
    assert _local(proposal.due_at) == "10-12 17:30"


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (datetime(2026, 10, 12, 20, 0, tzinfo=SHANGHAI), "10-13 08:00"),  # Monday night
        (datetime(2026, 10, 17, 9, 0, tzinfo=SHANGHAI), "10-17 21:00"),  # a Saturday
        (datetime(2026, 10, 12, 1, 0, tzinfo=SHANGHAI), "10-12 13:00"),  # the night before school
        (datetime(2026, 10, 12, 7, 0, tzinfo=SHANGHAI), "10-12 17:30"),  # before school opens
    ],
)
def test_crisis_clocks_never_wait_for_school(when, due):
    same_day = propose([CRITICAL], now=when, calendar=CALENDAR)
    fast = propose([FAST], now=when, calendar=CALENDAR)

    assert _local(same_day.due_at) == due
    assert (fast.due_at - when).total_seconds() == 15 * 60


def test_cutoff_before_a_long_holiday_is_due_within_a_week():
    eve = datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)

    assert _local(propose([CUTOFF], now=eve, calendar=CALENDAR).due_at) == "10-07 10:00"


def test_every_possible_signal_has_a_rule_and_no_critical_one_can_wait_for_days():
    signals = [
        Signal(kind, lane, imminent)
        for kind, lane, imminent in product(SignalKind, [None, *Lane], [False, True])
    ]

    for signal in signals:
        rule = rule_for(signal)
        if signal.kind in {SignalKind.CRITICAL, SignalKind.WORDS}:
            assert rule.level.urgency >= RiskLevel.HIGH.urgency
            assert rule.travels is not None
        if signal.imminent:
            assert rule.level is RiskLevel.IMMINENT


def test_every_rule_can_fire():
    seen = {rule_for(signal).code for signal in (NEED, FAST, CRITICAL, TALK_TODAY, CUTOFF)}
    seen |= {rule_for(signal).code for signal in (THIS_WEEK, ATTENTION)}
    seen |= {rule_for(Signal(SignalKind.OBSERVATION, lane)).code for lane in (Lane.SAME_DAY, None)}

    assert seen == {rule.code for rule in STANDARD}

"""What a signal means: level, lane, due time, and that none is left without a rule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.people.calendar import SchoolCalendar
from app.people.domain import DayKind
from app.triage.checks import possible_signals
from app.triage.domain import Channel, History, Lane, RiskLevel, Signal, SignalKind
from app.triage.rulebook import standard
from app.triage.rules import propose

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
SEEN = Signal(SignalKind.OBSERVATION, title={"zh_Hans": "经常独处", "en": "Often alone"})
HEARD = Signal(SignalKind.OBSERVATION, Lane.SAME_DAY, title={"zh_Hans": "说活着没意思", "en": "…"})
DOUBTFUL = Signal(SignalKind.QUALITY, notes=("too_fast",))
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
        (SEEN, RiskLevel.LOW, None, "10-15 17:30", Channel.IN_PERSON),
        (HEARD, RiskLevel.HIGH, Lane.SAME_DAY, "10-12 17:30", Channel.IN_PERSON),
        (DOUBTFUL, RiskLevel.LOW, None, "10-19 17:30", Channel.PHONE),
    ],
)
def test_propose_on_a_school_morning(signal, level, lane, due, channel):
    proposal = propose([signal], now=MONDAY_TEN, calendar=CALENDAR, book=standard())

    assert (proposal.risk_level, proposal.lane, _local(proposal.due_at), proposal.channel) == (
        level,
        lane,
        due,
        channel,
    )


def test_propose_lets_the_weightiest_signal_speak_and_the_earliest_term_count():
    proposal = propose(
        [CUTOFF, ATTENTION, CRITICAL], now=MONDAY_TEN, calendar=CALENDAR, book=standard()
    )

    assert (proposal.risk_level, proposal.rule) == (RiskLevel.HIGH, "critical_same_day")
    assert (
        proposal.reasons
        == propose([CRITICAL], now=MONDAY_TEN, calendar=CALENDAR, book=standard()).reasons
    )
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
    same_day = propose([CRITICAL], now=when, calendar=CALENDAR, book=standard())
    fast = propose([FAST], now=when, calendar=CALENDAR, book=standard())

    assert _local(same_day.due_at) == due
    assert (fast.due_at - when).total_seconds() == 15 * 60


def test_cutoff_before_a_long_holiday_is_due_within_a_week():
    eve = datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)

    assert (
        _local(propose([CUTOFF], now=eve, calendar=CALENDAR, book=standard()).due_at)
        == "10-07 10:00"
    )


def test_every_possible_signal_has_a_rule_and_no_critical_one_can_wait_for_days():
    for signal in possible_signals():
        rule = standard().rule_for(signal)
        if signal.kind in {SignalKind.CRITICAL, SignalKind.WORDS}:
            assert rule.level.urgency >= RiskLevel.HIGH.urgency
            assert rule.travels is not None
        if signal.imminent:
            assert rule.level is RiskLevel.IMMINENT


def _ago(days):
    return MONDAY_TEN - timedelta(days=days)


@pytest.mark.parametrize(
    ("signal", "history", "level", "due", "says"),
    [
        (CUTOFF, History(case_closed_at=_ago(300)), RiskLevel.MODERATE, "10-13", "一年内有过个案"),
        (ATTENTION, History(case_closed_at=_ago(300)), RiskLevel.MODERATE, "10-13", "一年内有过"),
        (ATTENTION, History(case_closed_at=_ago(400)), RiskLevel.LOW, "10-19", ""),
        (THIS_WEEK, History(high_at=_ago(30)), RiskLevel.MODERATE, "10-13", "曾被高度关注"),
        (CUTOFF, History(not_reached_at=_ago(60)), RiskLevel.MODERATE, "10-13", "没有联系上"),
        (CRITICAL, History(case_closed_at=_ago(3)), RiskLevel.HIGH, "10-12", ""),
        (DOUBTFUL, History(case_closed_at=_ago(3)), RiskLevel.LOW, "10-19", ""),
    ],
)
def test_what_is_known_from_before_brings_forward_and_is_told(signal, history, level, due, says):
    proposal = propose(
        [signal], now=MONDAY_TEN, calendar=CALENDAR, book=standard(), history=history
    )

    assert (proposal.risk_level, _local(proposal.due_at)[:5]) == (level, due)
    assert says in proposal.reasons["zh_Hans"]
    assert bool(says) == (
        "一年内" in proposal.reasons["zh_Hans"] or "上次" in proposal.reasons["zh_Hans"]
    )


def test_many_observations_weigh_no_more_than_one():
    one = propose([SEEN], now=MONDAY_TEN, calendar=CALENDAR, book=standard())
    many = propose([SEEN] * 20, now=MONDAY_TEN, calendar=CALENDAR, book=standard())

    assert many == one


def test_doubtful_answers_lower_and_hide_nothing():
    critical = propose([CRITICAL], now=MONDAY_TEN, calendar=CALENDAR, book=standard())
    both = propose([DOUBTFUL, CRITICAL], now=MONDAY_TEN, calendar=CALENDAR, book=standard())

    assert both == critical


def test_the_proposal_names_the_rules_that_decided():
    proposal = propose([CUTOFF], now=MONDAY_TEN, calendar=CALENDAR, book=standard())

    assert proposal.version == standard().name == "standard 1.0.0"

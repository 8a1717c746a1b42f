"""Which signal means what: rules as data, and the proposal that follows from them.

The software orders a queue; it never sets a risk, closes a case or calls anybody (NICE NG225:
scales and strata do not decide who gets help).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.triage.domain import Channel, Lane, Proposal, RiskLevel, Signal, SignalKind, lane_weight
from app.triage.reasons import sentences
from app.triage.terms import BeforeLeaving, Calendar, Minutes, SchoolDays, Term


@dataclass(frozen=True)
class Rule:
    """What a signal means. The first rule that fits a signal counts; `because` is for reviewers.

    `imminent` and `lane` narrow the rule where they are given.
    """

    code: str
    kinds: frozenset[SignalKind]
    level: RiskLevel
    travels: Lane | None
    term: Term
    channel: Channel
    because: str
    imminent: bool | None = None
    lane: Lane | None = None

    def fits(self, signal: Signal) -> bool:
        """Tell whether the rule speaks about this signal."""
        return (
            signal.kind in self.kinds
            and self.imminent in (None, signal.imminent)
            and self.lane in (None, signal.lane)
        )


_CRISIS = frozenset({SignalKind.CRITICAL, SignalKind.WORDS})

#: The times are proposals that a clinician signs; a site may only shorten them.
STANDARD: tuple[Rule, ...] = (
    Rule(
        code="company_now",
        kinds=frozenset(SignalKind),
        imminent=True,
        level=RiskLevel.IMMINENT,
        travels=Lane.FAST,
        term=Minutes(15),
        channel=Channel.IN_PERSON,
        because="ASQ item 5, or “I need somebody with me now”: a person comes in 15 minutes.",
    ),
    Rule(
        code="critical_fast",
        kinds=frozenset({*_CRISIS, SignalKind.REQUEST}),
        lane=Lane.FAST,
        level=RiskLevel.HIGH,
        travels=Lane.FAST,
        term=Minutes(15),
        channel=Channel.IN_PERSON,
        because="PHQ item 9 at 2 or 3, or a positive answer whose urgency nobody knows.",
    ),
    Rule(
        code="critical_same_day",
        kinds=_CRISIS,
        level=RiskLevel.HIGH,
        travels=Lane.SAME_DAY,
        term=BeforeLeaving(),
        channel=Channel.IN_PERSON,
        because="Every other critical answer, refusal or word is seen before going home.",
    ),
    Rule(
        code="talk_today",
        kinds=frozenset({SignalKind.REQUEST}),
        lane=Lane.SAME_DAY,
        level=RiskLevel.MODERATE,
        travels=Lane.SAME_DAY,
        term=BeforeLeaving(),
        channel=Channel.IN_PERSON,
        because="Who asks to talk today is answered today; asking is no sign of danger by itself.",
    ),
    Rule(
        code="observation_today",
        kinds=frozenset({SignalKind.OBSERVATION}),
        lane=Lane.SAME_DAY,
        level=RiskLevel.HIGH,
        travels=Lane.SAME_DAY,
        term=BeforeLeaving(),
        channel=Channel.IN_PERSON,
        because="Words of not wanting to live that others hear weigh as those that are written.",
    ),
    Rule(
        code="cutoff",
        kinds=frozenset({SignalKind.CUTOFF}),
        level=RiskLevel.MODERATE,
        travels=None,
        term=SchoolDays(2, at_most_days=7),
        channel=Channel.VIDEO,
        because="A cut-off asks for a talk soon, not for an alarm: two school days.",
    ),
    Rule(
        code="talk_this_week",
        kinds=frozenset({SignalKind.REQUEST}),
        level=RiskLevel.LOW,
        travels=None,
        term=SchoolDays(3, at_most_days=5),
        channel=Channel.PHONE,
        because="“This week” and “not urgent” are promises: three school days, within five days.",
    ),
    Rule(
        code="observation",
        kinds=frozenset({SignalKind.OBSERVATION}),
        level=RiskLevel.LOW,
        travels=None,
        term=SchoolDays(3, at_most_days=7),
        channel=Channel.IN_PERSON,
        because="A change that others notice asks for a look, not for an alarm: three school days.",
    ),
    Rule(
        code="attention",
        kinds=frozenset({SignalKind.ATTENTION}),
        level=RiskLevel.LOW,
        travels=None,
        term=SchoolDays(5, at_most_days=14),
        channel=Channel.PHONE,
        because="Worth noticing at the next occasion: a school week.",
    ),
)


def propose(
    signals: Sequence[Signal],
    *,
    now: datetime,
    calendar: Calendar,
    rules: Sequence[Rule] = STANDARD,
) -> Proposal:
    """Propose level, lane, due time and channel for a student's signals, with the reason in words.

    Parameters
    ----------
    signals
        At least one; the weightiest decides, the earliest due time counts.
    now
        When the signals were raised.
    calendar
        The school's calendar; due times of crises do not wait for it.
    rules
        In order; the first that fits a signal counts.

    """
    read = [(signal, rule_for(signal, rules)) for signal in signals]
    signal, rule = max(read, key=lambda pair: _weight(pair[1]))
    return Proposal(
        risk_level=rule.level,
        lane=max((each.travels for _, each in read), key=lane_weight),
        due_at=min(each.term.ends(now, calendar) for _, each in read),
        channel=rule.channel,
        rule=rule.code,
        reasons=sentences(signal, rule.travels),
    )


def rule_for(signal: Signal, rules: Sequence[Rule] = STANDARD) -> Rule:
    """Return the first rule that fits; every kind of signal has one, so none falls silent."""
    return next(rule for rule in rules if rule.fits(signal))


def _weight(rule: Rule) -> tuple[int, int]:
    return rule.level.urgency, lane_weight(rule.travels)

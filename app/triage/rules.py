"""Which signal means what: rules as data, and the proposal that follows from them.

The software orders a queue; it never sets a risk, closes a case or calls anybody (NICE NG225:
scales and strata do not decide who gets help).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.triage.domain import (
    Channel,
    History,
    Lane,
    Proposal,
    RiskLevel,
    Signal,
    SignalKind,
    Words,
    lane_weight,
)
from app.triage.reasons import sentences
from app.triage.terms import Calendar, Term

#: A month of the rules; a day more or less changes nothing.
MONTH = timedelta(days=30.44)
#: What is known from before raises a level no further: only an answer of now means danger now.
HIGHEST_BY_HISTORY = RiskLevel.MODERATE


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
    source: str = ""
    imminent: bool | None = None
    lane: Lane | None = None

    def fits(self, signal: Signal) -> bool:
        """Tell whether the rule speaks about this signal."""
        return (
            signal.kind in self.kinds
            and self.imminent in (None, signal.imminent)
            and self.lane in (None, signal.lane)
        )


@dataclass(frozen=True)
class HistoryRule:
    """What something known from before adds to a signal of now: an earlier date, a level more.

    `fact` is the field of `History` that it looks at, `says` what the reason tells of it.
    """

    code: str
    fact: str
    months: int
    kinds: frozenset[SignalKind]
    one_level_up: bool
    term: Term | None
    says: Words
    because: str
    source: str = ""

    def holds(self, history: History, now: datetime) -> bool:
        """Tell whether it happened within the months."""
        moment: datetime | None = getattr(history, self.fact)
        return moment is not None and now - moment <= self.months * MONTH


@dataclass(frozen=True)
class RuleBook:
    """The rules in order, with who answers for them; `version` names them on every entry."""

    code: str
    version: str
    status: str
    reviewed_by: tuple[str, ...]
    note: str
    channels: Mapping[RiskLevel, Channel]
    rules: tuple[Rule, ...]
    history: tuple[HistoryRule, ...] = field(default=())

    @property
    def name(self) -> str:
        """As it is kept on an entry: which rules in which version."""
        return f"{self.code} {self.version}"

    def rule_for(self, signal: Signal) -> Rule:
        """Return the first rule that fits; every kind of signal has one, so none falls silent."""
        return next(rule for rule in self.rules if rule.fits(signal))


def propose(
    signals: Sequence[Signal],
    *,
    now: datetime,
    calendar: Calendar,
    book: RuleBook,
    history: History = History(),  # noqa: B008 -- frozen: nothing can be written into it
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
    book
        The rules; the first that fits a signal counts.
    history
        What is known from before; it only ever brings forward and raises.

    """
    read = [(signal, book.rule_for(signal)) for signal in signals]
    signal, rule = max(read, key=lambda pair: _weight(pair[1]))
    added = [
        each
        for each in book.history
        if each.holds(history, now) and any(given.kind in each.kinds for given in signals)
    ]
    speaking = next((each for each in added if signal.kind in each.kinds), None)
    level = _raised(rule.level, speaking)
    terms = [each.term for _, each in read] + [each.term for each in added if each.term]
    return Proposal(
        risk_level=level,
        lane=max((each.travels for _, each in read), key=lane_weight),
        due_at=min(term.ends(now, calendar) for term in terms),
        channel=max(rule.channel, book.channels[level], key=lambda way: way.closeness),
        rule=rule.code,
        version=book.name,
        reasons=sentences(signal, rule.travels, before=speaking.says if speaking else None),
    )


def _raised(level: RiskLevel, history: HistoryRule | None) -> RiskLevel:
    if history is None or not history.one_level_up:
        return level
    above = list(RiskLevel)[min(level.urgency + 1, HIGHEST_BY_HISTORY.urgency)]
    return max(level, above, key=lambda each: each.urgency)


def _weight(rule: Rule) -> tuple[int, int]:
    return rule.level.urgency, lane_weight(rule.travels)

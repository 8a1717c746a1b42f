"""The levels by which the queue is ordered; only a person sets a risk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RiskLevel(StrEnum):
    """Proposed by triage, confirmed or changed by a named person."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    IMMINENT = "imminent"

    urgency: int
    """0 to 4, higher is more urgent."""

    def __init__(self, _word: str) -> None:
        self.urgency = len(type(self).__members__)


class Lane(StrEnum):
    """How a critical answer travels: within minutes, or seen before the student leaves school."""

    FAST = "fast"
    SAME_DAY = "same_day"


class Channel(StrEnum):
    """The least by which the student is to be met; more is always allowed."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"

    closeness: int
    """0 to 2, higher is closer to the person."""

    def __init__(self, _word: str) -> None:
        self.closeness = len(type(self).__members__)


class SignalKind(StrEnum):
    """What raised the signal; the same words as a flag's kind."""

    CRITICAL = "critical"
    CUTOFF = "cutoff"
    ATTENTION = "attention"
    REQUEST = "request"
    WORDS = "words"
    #: Ticked by a teacher or student observer: a report, not a flag.
    OBSERVATION = "observation"
    QUALITY = "quality"


Words = Mapping[str, str]
"""A text by locale: zh_Hans and en."""


@dataclass(frozen=True)
class Signal:
    """One flag as triage reads it: what decides first, then what a reader needs to see why.

    `instrument` and `answer` are short names by locale, `title` is that of a condition over more
    than one item; `direction` is "ge" or "le".
    """

    kind: SignalKind
    lane: Lane | None = None
    imminent: bool = False
    instrument: Words = field(default_factory=dict)
    title: Words = field(default_factory=dict)
    item: str | None = None
    item_number: int | None = None
    answer: Words = field(default_factory=dict)
    refused: bool = False
    wish: str | None = None
    score: float | None = None
    cutoff: float | None = None
    direction: str = "ge"
    source: str = ""
    population: str = ""
    #: What makes the answers doubtful, the weightiest first.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """What is known of the student from before, as moments; None where there was nothing."""

    case_closed_at: datetime | None = None
    high_at: datetime | None = None
    not_reached_at: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """What the software suggests; a person confirms or changes it.

    `rule` is the rule that decided, `version` the rules it stands in, `reasons` one sentence by
    locale.
    """

    risk_level: RiskLevel
    lane: Lane | None
    due_at: datetime
    channel: Channel
    rule: str
    version: str
    reasons: Words

    @property
    def weight(self) -> tuple[int, int]:
        """For comparing two proposals: the level, then the lane; higher is more urgent."""
        return self.risk_level.urgency, lane_weight(self.lane)


def lane_weight(lane: Lane | None) -> int:
    """How fast a lane is, for comparing; 0 can wait."""
    return {None: 0, Lane.SAME_DAY: 1, Lane.FAST: 2}[lane]

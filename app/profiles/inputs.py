"""What a profile is made from: stored scores, flags and answers, handed in by the rooms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.instruments.model import Instrument
from app.profiles.model import Rescored
from app.scoring import Person, ScaleScore


@dataclass(frozen=True)
class Sitting:
    """When and how somebody answered; `key` tells sittings apart."""

    key: str
    taken_on: date
    campaign: str
    mode: str
    language: str
    is_finished: bool = True


@dataclass(frozen=True)
class Measured:
    """One instrument of one sitting, as it was scored."""

    sitting: Sitting
    instrument: Instrument
    scores: Mapping[str, ScaleScore]
    quality: Mapping[str, float | None] = field(default_factory=dict)
    engine_version: str = ""
    person: Person = field(default=Person(), repr=False)
    rescored: Rescored | None = None


@dataclass(frozen=True)
class Raised:
    """A flag that stands, with its reason as it was stored."""

    instrument: str
    code: str
    kind: str
    raised_at: datetime
    sitting: Sitting
    lane: str | None = None
    reason: Mapping[str, Any] = field(default_factory=dict, repr=False)
    is_edited: bool = False


@dataclass(frozen=True, repr=False)
class Answered:
    """The answer that counts to one item of the current sitting."""

    instrument: str
    item: str
    value: float | None
    refused: bool = False


@dataclass(frozen=True)
class LocalGroup:
    """One group of a school's own norms, in points of the score; None stands for everybody.

    `ranks` has, by score, the percentile rank with the ends of its 95 % interval.
    """

    sex: str | None
    grade: int | None
    size: int
    mean: float
    mean_low: float
    mean_high: float
    ranks: Mapping[float, tuple[float, float, float]]

    def includes(self, person: Person) -> bool:
        """Whether the person belongs to it; an unknown sex or grade fits everybody's alone."""
        return self.sex in (None, person.sex) and self.grade in (None, person.grade)


@dataclass(frozen=True)
class LocalScale:
    """A scale among a school's own students; the first group that fits a person is theirs."""

    groups: tuple[LocalGroup, ...]
    #: The standard error of measurement, None where it could not be estimated.
    standard_error: float | None


@dataclass(frozen=True)
class LocalNorms:
    """What a school made of campaigns of its own and a person approved, by scale."""

    version: str
    campaigns: tuple[str, ...]
    approved_on: date
    scales: Mapping[str, LocalScale]

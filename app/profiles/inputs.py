"""What a profile is made from: stored scores, flags and answers, handed in by the rooms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.instruments.model import Instrument
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

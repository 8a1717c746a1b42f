"""What scoring returns: columns for a cohort, records with reasons for one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.instruments.items import Lane
from app.instruments.words import Sex

ENGINE_VERSION = "1"

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]
FlagKind = Literal["critical", "attention", "cutoff", "validity", "tag"]


@dataclass(frozen=True)
class Person:
    """What scoring may know of somebody; unknown stays None."""

    sex: Sex | None = None
    age: float | None = None
    grade: float | None = None


@dataclass(frozen=True)
class ScaleScore:
    """One scale of one administration; `score` is the reported one, None where not scorable."""

    scale: str
    score: float | None
    raw: float | None
    answered: int
    missing: int
    band: str | None
    prorated: bool


@dataclass(frozen=True)
class Flag:
    """One rule that fired, with everything a reader needs to see why."""

    code: str
    kind: FlagKind
    lane: Lane | None = None
    imminent: bool = False
    item: str | None = None
    scale: str | None = None
    value: float | None = None
    refused: bool = False
    threshold: float | None = None
    direction: Literal["at_least", "at_most"] | None = None
    cutoff_set: str | None = None
    condition: str | None = None
    source: str | None = None
    population: str | None = None


@dataclass(frozen=True)
class AdministrationScores:
    """All results of one person on one instrument version."""

    instrument: str
    instrument_version: str
    content_hash: str
    engine_version: str
    scales: Mapping[str, ScaleScore]
    flags: tuple[Flag, ...]
    within_ages: bool


@dataclass(frozen=True)
class ScaleColumns:
    """One scale of a cohort; NaN is “no score”, band -1 is “no band”."""

    score: Floats
    raw: Floats
    answered: Indices
    prorated: Bools
    band: Indices
    band_codes: tuple[str, ...]


@dataclass(frozen=True)
class CohortScores:
    """All results of many people on one instrument, one array element a person."""

    scales: Mapping[str, ScaleColumns]
    flags: Mapping[str, Bools]
    within_ages: Bools
    size: int

"""How much work an instrument's rules ask of people, as its cut-offs move."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.scales import Cutoff, Scale
from app.scoring import CompiledInstrument
from app.scoring.results import Bools, Floats
from app.triage.domain import Lane, RiskLevel, Signal, SignalKind
from app.triage.rules import RuleBook

#: A cut-off by its scale and its place there.
Key = tuple[str, int]
Urgencies = NDArray[np.int64]

#: Levels that call for a person, the most urgent first.
LEVELS = (RiskLevel.IMMINENT, RiskLevel.HIGH, RiskLevel.MODERATE, RiskLevel.LOW)
#: A scale is swept by about so many steps from end to end, and so many to either side.
FINENESS, STEPS = 27, 4


@dataclass(frozen=True, eq=False)
class Answered:
    """Answers of many people to one instrument, and what scoring may know of them."""

    matrix: Floats
    refused: Bools | None = None
    sex: Floats | None = None
    age: Floats | None = None
    grade: Floats | None = None

    @property
    def people(self) -> int:
        """How many they are."""
        return len(self.matrix)


@dataclass(frozen=True)
class Load:
    """What one setting of the cut-offs asks: people by level, the most urgent first."""

    threshold: float
    is_published: bool
    people: tuple[int, ...]

    @property
    def flagged(self) -> int:
        """Everybody who is flagged at all."""
        return sum(self.people)


def movable(instrument: Instrument) -> Iterator[tuple[Key, Scale, Cutoff]]:
    """Yield the cut-offs that flag: those of each scale's first set."""
    for scale in instrument.scales:
        for place, cutoff in enumerate(scale.cutoffs):
            if cutoff.set == scale.cutoffs[0].set:
                yield (scale.code, place), scale, cutoff


def with_cutoffs(instrument: Instrument, thresholds: Mapping[Key, float]) -> Instrument:
    """Return the instrument with other thresholds; nothing else changes, and nothing is served."""
    scales = []
    for scale in instrument.scales:
        cutoffs = [
            _moved(cutoff, thresholds.get((scale.code, place)))
            for place, cutoff in enumerate(scale.cutoffs)
        ]
        scales.append(scale.model_copy(update={"cutoffs": tuple(cutoffs)}))
    return instrument.model_copy(update={"scales": tuple(scales)})


def threshold_of(cutoff: Cutoff) -> float:
    """The score from which, or down to which, the cut-off flags."""
    return float(cutoff.at_most if cutoff.at_least is None else cutoff.at_least)  # type: ignore[arg-type]  # one of them stands


def urgencies(instrument: Instrument, answered: Answered, book: RuleBook) -> Urgencies:
    """Return for everybody how urgent the weightiest flag is: 0 for none, 4 for imminent."""
    scored = CompiledInstrument(instrument).score(
        answered.matrix,
        refused=answered.refused,
        sex=answered.sex,
        age=answered.age,
        grade=answered.grade,
    )
    found = np.zeros(answered.people, dtype=np.int64)
    for code, fired in scored.flags.items():
        found = np.maximum(found, np.where(fired, _urgency(instrument, code, answered, book), 0))
    return found


def sweep(
    instrument: Instrument,
    answered: Answered,
    book: RuleBook,
    *,
    key: Key,
    thresholds: Mapping[Key, float],
) -> tuple[Load, ...]:
    """Move one cut-off a few steps to either side of where it stands; the others stay put."""
    scale, cutoff = next((s, c) for k, s, c in movable(instrument) if k == key)
    middle = thresholds.get(key, threshold_of(cutoff))
    return tuple(
        _load(
            urgencies(with_cutoffs(instrument, {**thresholds, key: each}), answered, book),
            each,
            is_published=each == threshold_of(cutoff),
        )
        for each in _steps(scale, middle)
    )


def _steps(scale: Scale, middle: float) -> Sequence[float]:
    low, high = scale.range
    unit = max(1, round((high - low) / FINENESS)) if high - low >= FINENESS / 3 else 0.1
    steps = (round(middle + step * unit, 4) for step in range(-STEPS, STEPS + 1))
    return [each for each in steps if low <= each <= high]


def _load(found: Urgencies, threshold: float, *, is_published: bool) -> Load:
    counts = tuple(int((found == level.urgency).sum()) for level in LEVELS)
    return Load(threshold, is_published, counts)


def _moved(cutoff: Cutoff, threshold: float | None) -> Cutoff:
    if threshold is None:
        return cutoff
    end = "at_most" if cutoff.at_least is None else "at_least"
    return cutoff.model_copy(update={end: threshold})


def _urgency(
    instrument: Instrument, code: str, answered: Answered, book: RuleBook
) -> Urgencies | int:
    """How urgent a flag is where it is raised; of an item's answer it depends on the answer."""
    for column, item in enumerate(instrument.items):
        if item.critical and code == f"critical_{item.code}":
            return _by_answer(item, answered.matrix[:, column], book)
    rule = next((rule for rule in instrument.flags if rule.code == code), None)
    if rule is None:
        return _of(book, Signal(SignalKind(code.partition("_")[0])))
    if rule.kind in ("validity", "tag"):
        return 0
    lane = Lane(rule.lane) if rule.lane else None
    return _of(book, Signal(SignalKind(rule.kind), lane=lane, imminent=rule.imminent))


def _by_answer(item: Item, answers: Floats, book: RuleBook) -> Urgencies:
    """By the answer; where there is none it was refused."""
    found = np.zeros(len(answers), dtype=np.int64)
    for value in (*item.values, "refused"):
        rule = item.critical_rule(value)  # type: ignore[arg-type]  # numbers and the one word
        if rule is not None:
            signal = Signal(SignalKind.CRITICAL, lane=Lane(rule.lane), imminent=rule.imminent)
            chosen = np.isnan(answers) if isinstance(value, str) else answers == value
            found[chosen] = _of(book, signal)
    return found


def _of(book: RuleBook, signal: Signal) -> int:
    return book.rule_for(signal).level.urgency

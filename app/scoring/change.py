"""The same answers scored by two versions of an instrument: who moves from where to where.

Every scale and every flag is, for one person, in exactly one state under each version. What would
change is then only counted: pairs of states, and how many people are in each.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.instruments.flags import FlagRule
from app.instruments.items import Item
from app.instruments.scales import Scale
from app.scoring.compile import CompiledInstrument
from app.scoring.results import Bools, CohortScores, Floats, ScaleColumns

States = NDArray[np.str_]
#: `band`: a scale's band; `filled`: whether missing answers were made up for; `points`: its number;
#: `flag`: whether a flag is raised, and in which lane.
Kind = Literal["band", "filled", "points", "flag"]
Key = tuple[Kind, str]
#: Kind, code, state before, state after.
Move = tuple[Kind, str, str, str]

#: States that no band or lane can be called: the scale has no score, a score in no band, or the
#: version knows no such scale or flag; a flag is not raised, or raised without a lane.
NO_SCORE, NO_BAND, NOT_THERE, SILENT, RAISED = "-", ".", "!", "0", "1"
COMPLETE, FILLED = "complete", "filled"
SAME, HIGHER, LOWER = "same", "higher", "lower"
#: Who moves in these is told by name to those who may see persons; the others are only counted.
TOLD: frozenset[Kind] = frozenset({"band", "flag"})


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What one version says of many people: their state in everything, and their scores."""

    states: Mapping[Key, States]
    scores: Mapping[str, Floats]
    size: int


@dataclass(frozen=True, eq=False)
class Change:
    """The states of the same people under two versions."""

    before: Mapping[Key, States]
    after: Mapping[Key, States]

    def tally(self, among: Bools) -> Counter[Move]:
        """Count the pairs of states of the people in `among`."""
        counts: Counter[Move] = Counter()
        for (kind, code), old in self.before.items():
            pairs = zip(old[among].tolist(), self.after[kind, code][among].tolist(), strict=True)
            for (was, now), people in Counter(pairs).items():
                counts[kind, code, was, now] += people
        return counts

    def moves(self) -> Iterator[tuple[int, Move]]:
        """Yield, by the place of the person, every band and flag that is another than before."""
        for (kind, code), old in self.before.items():
            if kind in TOLD:
                new = self.after[kind, code]
                for place in np.flatnonzero(old != new).tolist():
                    yield place, (kind, code, str(old[place]), str(new[place]))


def outcomes(
    compiled: CompiledInstrument,
    matrix: Floats,
    *,
    refused: Bools | None = None,
    sex: Sequence[str | None] | Floats | None = None,
    age: Floats | None = None,
    grade: Floats | None = None,
    context: Mapping[str, Floats] | None = None,
) -> Outcomes:
    """Score people by items as `CompiledInstrument.score` does, and name everybody's states."""
    scored = compiled.score(matrix, refused=refused, sex=sex, age=age, grade=grade, context=context)
    states: dict[Key, States] = {}
    for code, columns in scored.scales.items():
        states["band", code] = _bands(columns)
        states["filled", code] = _filled(columns)
    for code, flag_states in _flags(compiled, scored, matrix):
        states["flag", code] = flag_states
    return Outcomes(states, {c: s.score for c, s in scored.scales.items()}, scored.size)


def compare(before: Outcomes, after: Outcomes) -> Change:
    """Set two versions against each other; what only one of them knows is not there in the other.

    `points` says whether a scale's number is the same, higher or lower where both give one.
    """
    keys = dict.fromkeys([*before.states, *after.states])
    nothing = np.full(before.size, NOT_THERE)
    old = {key: before.states.get(key, nothing) for key in keys}
    new = {key: after.states.get(key, nothing) for key in keys}
    for code in before.scores.keys() & after.scores.keys():
        key: Key = ("points", code)
        old[key] = np.full(before.size, SAME)
        new[key] = _points(before.scores[code], after.scores[code])
    return Change(old, new)


def band_order(scale: Scale) -> tuple[str, ...]:
    """The bands of a scale from least to most difficulty, as far as the file says."""
    ruled = [rule.band for rule in sorted(scale.rules, key=lambda rule: rule.score)]
    codes = tuple(dict.fromkeys([*ruled, *scale.band_codes]))
    return codes[::-1] if scale.higher_is == "better" else codes


def _bands(columns: ScaleColumns) -> States:
    names = np.array([*columns.band_codes, NO_BAND])
    states: States = np.where(np.isnan(columns.score), NO_SCORE, names[columns.band])
    return states


def _filled(columns: ScaleColumns) -> States:
    scored = np.where(columns.prorated, FILLED, COMPLETE)
    states: States = np.where(np.isnan(columns.score), NO_SCORE, scored)
    return states


def _points(old: Floats, new: Floats) -> States:
    """Where either gives no number there is nothing to compare; `band` tells of that."""
    states: States = np.where(new > old, HIGHER, np.where(new < old, LOWER, SAME))
    return states


def _flags(
    compiled: CompiledInstrument, scored: CohortScores, matrix: Floats
) -> Iterator[tuple[str, States]]:
    """Yield each flag's states: in which lane it calls, raised, or silent."""
    instrument = compiled.instrument
    critical = {
        f"critical_{item.code}": (column, item)
        for column, item in enumerate(instrument.items)
        if item.critical
    }
    rules = {rule.code: rule for rule in instrument.flags}
    for code, fired in scored.flags.items():
        raised = np.full(scored.size, RAISED, dtype="<U9")
        if code in critical:
            column, item = critical[code]
            raised = _lanes(item, matrix[:, column])
        elif code in rules:
            raised[:] = _lane(rules[code])
        yield code, np.where(fired, raised, SILENT)


def _lanes(item: Item, answers: Floats) -> States:
    """The lane of every answer; where there is none it can only be a refusal."""
    refusal = item.critical_rule("refused")
    lanes = np.full(len(answers), refusal.lane if refusal else RAISED, dtype="<U9")
    for value in item.values:
        rule = item.critical_rule(value)
        if rule is not None:
            lanes[answers == value] = rule.lane
    return lanes


def _lane(rule: FlagRule) -> str:
    return rule.lane or RAISED

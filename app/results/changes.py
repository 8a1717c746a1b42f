"""What was counted about a changed instrument, as tables for whoever looks.

Who may read students' results sees every number of the own schools. Everybody else sees no small
number, and none that gives a small one away within its row.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can
from app.authoring.domain import UnknownInstrumentError
from app.authoring.queries import current_version, instrument_of
from app.instruments.model import Instrument
from app.instruments.words import Text
from app.results.domain import FEWEST_IN_GROUP, hidden_groups
from app.results.models import Weighing
from app.results.past import candidate_of
from app.scoring.change import (
    COMPLETE,
    FILLED,
    HIGHER,
    LOWER,
    NO_BAND,
    NO_SCORE,
    NOT_THERE,
    RAISED,
    SILENT,
    Move,
    band_order,
)

#: How many people; None where that is not shown.
Shown = int | None
_NOT_RAISED = frozenset({SILENT, NOT_THERE})
_SPEEDS = {"same_day": 1, "fast": 2}


@dataclass(frozen=True)
class BandRow:
    """Everybody who was in one state, by the state they would be in; the last column is all."""

    was: str
    cells: tuple[Shown, ...]
    people: Shown


@dataclass(frozen=True)
class ScaleTable:
    """One scale: from where to where, and what the number and the missing answers do."""

    code: str
    title: Text | None
    now: tuple[str, ...]
    rows: tuple[BandRow, ...]
    moved: Shown
    more_difficulty: Shown
    less_difficulty: Shown
    unscored_now: Shown
    scored_now: Shown
    other_points: Shown
    filled_now: Shown
    filled_no_longer: Shown


@dataclass(frozen=True)
class FlagRow:
    """One flag: raised for whom it was not, no longer raised, or in another lane."""

    code: str
    is_critical: bool
    stays: Shown
    raised_now: Shown
    no_longer: Shown
    faster: Shown
    slower: Shown


@dataclass(frozen=True)
class ChangeTables:
    """Everything the page shows; `people` is how many results were looked at."""

    people: Shown
    is_exact: bool
    scales: tuple[ScaleTable, ...]
    flags: tuple[FlagRow, ...]

    @property
    def moves_somebody(self) -> bool:
        """Whether anything differs for anybody, as far as is shown."""
        return any(t.moved != 0 or t.other_points != 0 for t in self.scales) or any(
            (f.raised_now, f.no_longer, f.faster, f.slower) != (0, 0, 0, 0) for f in self.flags
        )


def sees_persons(actor: Actor) -> bool:
    """Whether the actor may read students' results, and therefore every number about them."""
    return can(actor, Permission.SEE_PROFILE)


def names_of(weighing: Weighing, locale: str) -> dict[str, dict[str, str]]:
    """By scale, what its bands are called; by `flags` and `scales`, what those are called.

    The text that was weighed goes before the version in service, whose bands may be others.
    """
    names: dict[str, dict[str, str]] = {"flags": {}, "scales": {}}
    for instrument in _texts(weighing):
        for scale in instrument.scales:
            ranged = [(one.code, one.label) for each in scale.bands for one in each.bands]
            ruled = [(rule.band, rule.label) for rule in scale.rules]
            bands = {code: label.get(locale) for code, label in [*ruled, *ranged]}
            names.setdefault(scale.code, {}).update(bands)
            names["scales"][scale.code] = scale.title.get(locale)
        names["flags"] |= {rule.code: rule.title.get(locale) for rule in instrument.flags}
    return names


def _texts(weighing: Weighing) -> Iterator[Instrument]:
    with suppress(UnknownInstrumentError):
        yield instrument_of(current_version(weighing.instrument_code))
    yield candidate_of(weighing).instrument


def tables_of(actor: Actor, weighing: Weighing) -> ChangeTables:
    """The counts of the actor's schools as tables."""
    candidate = candidate_of(weighing).instrument
    counts = _counts(actor, weighing)
    exact = sees_persons(actor)
    codes = dict.fromkeys(code for kind, code, _, _ in counts if kind == "band")
    flags = dict.fromkeys(code for kind, code, _, _ in counts if kind == "flag")
    people = max((_people(counts, "band", code) for code in codes), default=0)
    return ChangeTables(
        people=people if exact or people >= FEWEST_IN_GROUP else None,
        is_exact=exact,
        scales=tuple(_scale_table(counts, code, candidate, exact=exact) for code in codes),
        flags=tuple(
            sorted(
                (_flag_row(counts, code, exact=exact) for code in flags),
                key=lambda row: not row.is_critical,
            )
        ),
    )


def _counts(actor: Actor, weighing: Weighing) -> Counter[Move]:
    counts: Counter[Move] = Counter()
    for site, rows in weighing.counts.items():
        if actor.everywhere or int(site) in actor.site_ids:
            for kind, code, was, now, people in rows:
                counts[kind, code, was, now] += people
    return counts


def _people(counts: Counter[Move], kind: str, code: str) -> int:
    return sum(n for (k, c, _, _), n in counts.items() if (k, c) == (kind, code))


def _pairs(counts: Counter[Move], kind: str, code: str) -> dict[tuple[str, str], int]:
    return {(was, now): n for (k, c, was, now), n in counts.items() if (k, c) == (kind, code)}


def _scale_table(
    counts: Counter[Move], code: str, candidate: Instrument, *, exact: bool
) -> ScaleTable:
    pairs = _pairs(counts, "band", code)
    scale = next((one for one in candidate.scales if one.code == code), None)
    order = [NOT_THERE, NO_SCORE, NO_BAND, *(band_order(scale) if scale else ())]
    was = _ordered({one for one, _ in pairs}, order)
    now = _ordered({one for _, one in pairs}, order)
    ranks = {band: place for place, band in enumerate(order[3:])}
    moved = {(a, b): n for (a, b), n in pairs.items() if a != b}
    steps = {
        pair: ranks[pair[1]] - ranks[pair[0]]
        for pair in moved
        if pair[0] in ranks and pair[1] in ranks
    }
    more = sum(moved[pair] for pair, step in steps.items() if step > 0)
    less = sum(moved[pair] for pair, step in steps.items() if step < 0)
    gone = sum(n for (a, b), n in moved.items() if b == NO_SCORE and a != NOT_THERE)
    come = sum(n for (a, b), n in moved.items() if a == NO_SCORE and b != NOT_THERE)
    total, all_moved = sum(pairs.values()), sum(moved.values())
    filled, points = _pairs(counts, "filled", code), _pairs(counts, "points", code)
    return ScaleTable(
        code=code,
        title=scale.title if scale else None,
        now=tuple(now),
        rows=tuple(
            _band_row(one, [pairs.get((one, other), 0) for other in now], exact=exact)
            for one in was
        ),
        moved=_shown([all_moved, total - all_moved], exact=exact)[0],
        more_difficulty=_alone(more, exact=exact),
        less_difficulty=_alone(less, exact=exact),
        unscored_now=_alone(gone, exact=exact),
        scored_now=_alone(come, exact=exact),
        other_points=_alone(
            sum(n for (_, b), n in points.items() if b in (HIGHER, LOWER)), exact=exact
        ),
        filled_now=_alone(
            filled.get((COMPLETE, FILLED), 0) + filled.get((NO_SCORE, FILLED), 0), exact=exact
        ),
        filled_no_longer=_alone(
            sum(n for (a, b), n in filled.items() if a == FILLED and b != FILLED), exact=exact
        ),
    )


def _band_row(was: str, cells: Sequence[int], *, exact: bool) -> BandRow:
    return BandRow(was, _shown(cells, exact=exact), _alone(sum(cells), exact=exact))


def _flag_row(counts: Counter[Move], code: str, *, exact: bool) -> FlagRow:
    pairs = _pairs(counts, "flag", code)
    sums: Counter[str] = Counter()
    for (was, now), people in pairs.items():
        sums[_what_happens(was, now)] += people
    names = ("stays", "raised_now", "no_longer", "faster", "slower", "silent")
    shown = dict(zip(names, _shown([sums[name] for name in names], exact=exact), strict=True))
    lanes = {state for pair in pairs for state in pair}
    return FlagRow(
        code=code,
        is_critical=bool(lanes & _SPEEDS.keys()) or code.startswith("critical_"),
        stays=shown["stays"],
        raised_now=shown["raised_now"],
        no_longer=shown["no_longer"],
        faster=shown["faster"],
        slower=shown["slower"],
    )


def _what_happens(was: str, now: str) -> str:
    if was in _NOT_RAISED:
        return "silent" if now in _NOT_RAISED else "raised_now"
    if now in _NOT_RAISED:
        return "no_longer"
    step = _SPEEDS.get(now, 0) - _SPEEDS.get(was, 0)
    return "stays" if step == 0 else ("faster" if step > 0 else "slower")


_STATES = (NOT_THERE, SILENT, RAISED, *_SPEEDS)
#: From where to where a flag falls that stood: the new version would not raise it, or not so fast.
FALLEN = tuple(
    (was, now)
    for was in _STATES
    for now in _STATES
    if _what_happens(was, now) in ("no_longer", "slower")
)


def _ordered(states: set[str], order: Sequence[str]) -> list[str]:
    """The states in the order of the new version; bands that only the old one knew come first."""
    return [*sorted(states - set(order)), *(state for state in order if state in states)]


def _shown(counts: Sequence[int], *, exact: bool) -> tuple[Shown, ...]:
    hidden = frozenset[int]() if exact else hidden_groups(counts)
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _alone(count: int, *, exact: bool) -> Shown:
    return count if exact or count == 0 or count >= FEWEST_IN_GROUP else None

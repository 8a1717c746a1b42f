"""The swap check: all evidence of a campaign brought together, and how far it reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.psychometrics.swaps import fits
from app.psychometrics.swaps.room import Room, room_of
from app.psychometrics.swaps.sittings import (
    Bools,
    Evidence,
    Floats,
    Indexes,
    Sittings,
    Suspicion,
)
from app.psychometrics.swaps.weights import Weighed, weighed

LISTED = 0.1
"""A pair is listed from one in ten: a needless look costs less than a child under a wrong name."""

NEEDLESS = 2.5
"""The list ends when it must be expected to hold so many pairs that were never swapped."""

ENOUGH_PEOPLE = 60
"""With fewer people of whom something is known from before nothing is estimated."""

ENOUGH_POWER = 0.1
"""If fewer than one swap in ten would be seen, nothing is listed."""

FOLDS = 5
PLAIN = 1.0


@dataclass(frozen=True)
class SwapCheck:
    """Likely swaps, the likeliest first; `power` is the share of neighbours' swaps it would see."""

    pairs: Sequence[Suspicion] = field(default_factory=tuple)
    power: float = 0.0
    people: int = 0

    @property
    def can_tell(self) -> bool:
        """Whether an empty list means anything."""
        return self.power >= ENOUGH_POWER


@dataclass(frozen=True)
class _Pairs:
    """Every two of a class, and in which fifth of the classes they are judged."""

    one: Indexes
    other: Indexes
    fold: Indexes

    def fits(self, fit: fits.Fit, asked: Bools) -> Floats:
        """Of the pairs asked, how both fit crossed, and how both fit straight: (pairs, 4)."""
        one, other = self.one[asked], self.other[asked]
        return np.column_stack([fit(one, other), fit(other, one), fit(one, one), fit(other, other)])


def check_swaps(sittings: Sittings) -> SwapCheck:
    """Return likely swapped pairs, each student in one pair at most.

    The evidence is the one that the head of this package describes, in log odds.

    Parameters
    ----------
    sittings : Sittings
        A row a student. A missing answer counts as middling, or not at all; an unknown fact,
        beginning or birthday says nothing either way. Where only one of two is known from before,
        whose answers fit that one better still counts.

    Returns
    -------
    SwapCheck
        Pairs from a probability of one in ten on, as long as no more than 2.5 of them must be
        expected to be needless. Of `people` answers or facts are known of both times; with fewer
        than 60 of them nothing is estimated, and answers count only where 60 have them. `power` is
        the share of straight neighbours who would be listed if they were swapped (the evidence
        turns its sign). Without enough `power` no pair is listed.
    """
    pairs = _pairs(sittings.group)
    twice: Bools = np.any(_knows(sittings.now, sittings.before), axis=0)
    people = int(np.sum(twice | _knows(sittings.facts_now, sittings.facts_before)))
    if people < ENOUGH_PEOPLE or len(pairs.one) == 0:
        return SwapCheck(people=people)
    parts: dict[tuple[Evidence, ...], Floats] = {}
    if np.sum(twice) >= ENOUGH_PEOPLE:
        parts[Evidence.ANSWERS, Evidence.ANSWERS, Evidence.PACE] = _answers(sittings, pairs, twice)
    if sittings.facts_now.shape[1]:
        fit = fits.facts_fit(sittings.facts_before, sittings.facts_now)
        parts[(Evidence.FACTS,)] = pairs.fits(fit, np.full(len(pairs.one), True))[:, :, None]
    found = dict(zip(parts, weighed(list(parts.values()), pairs.fold), strict=True))
    evidence = np.sum([part.evidence for part in found.values()], axis=0)
    room = room_of(sittings, pairs.one, pairs.other)
    odds = evidence + room.prior
    listed, bar = _likeliest(odds, pairs)
    near = room.near
    power = float(np.mean(-evidence[near] + room.prior[near] > bar)) if near.any() else 0.0
    if power < ENOUGH_POWER:
        return SwapCheck(power=power, people=people)
    speaks = _reasons(found, room)
    suspicions = [
        Suspicion(
            one=int(pairs.one[k]),
            other=int(pairs.other[k]),
            probability=_probability(odds[k]),
            reasons=tuple(reason for reason, holds in speaks.items() if holds[k]),
        )
        for k in listed
    ]
    return SwapCheck(pairs=suspicions, power=power, people=people)


def _pairs(group: Indexes) -> _Pairs:
    ones, others, folds = ([np.empty(0, np.int64)] for _ in range(3))
    for number, value in enumerate(np.unique(group)):
        members = np.flatnonzero(group == value)
        first, second = np.triu_indices(len(members), 1)
        ones.append(members[first])
        others.append(members[second])
        folds.append(np.full(len(first), number % FOLDS))
    return _Pairs(np.concatenate(ones), np.concatenate(others), np.concatenate(folds))


def _knows(now: Floats, before: Floats) -> Bools:
    """Of whom something is known of both times."""
    both: Bools = np.any(~np.isnan(now) & ~np.isnan(before), axis=-1)
    return both


def _answers(sittings: Sittings, pairs: _Pairs, twice: Bools) -> Floats:
    """Three fits: of the answers as a whole, item by item with the last ones, and of the pace.

    What is typical is learnt for each fold from the classes of the others, as in `weights`.
    """
    there = ~np.isnan(sittings.before)
    past = fits.remembered(np.stack([fits.normal_scores(time) for time in sittings.before]), there)
    now = fits.normal_scores(sittings.now)
    place = sittings.instrument, sittings.group
    slow = np.stack([fits.paces(time, *place) for time in sittings.shown_before])
    slow, timed = fits.remembered(slow, slow != 0), (slow != 0).any(axis=(0, 2))
    slow_now = fits.paces(sittings.shown_now, *place)
    last = sittings.before[0]
    found = np.zeros((len(pairs.one), 4, 3))
    for fold in np.unique(pairs.fold):
        asked = pairs.fold == fold
        inside = np.zeros(len(twice), bool)
        inside[np.concatenate([pairs.one[asked], pairs.other[asked]])] = True
        taught = twice & ~inside
        if not taught.any():
            continue
        found[asked, :, 0] = pairs.fits(fits.people_fit(past, now, twice, taught), asked)
        found[asked, :, 1] = pairs.fits(fits.answers_fit(last, sittings.now, taught), asked)
        if np.any(timed & taught):
            fit = fits.people_fit(slow, slow_now, timed, timed & taught)
            found[asked, :, 2] = pairs.fits(fit, asked)
    return found


def _likeliest(odds: Floats, pairs: _Pairs) -> tuple[list[int], float]:
    """Which pairs are listed, each student in the likeliest one only, and from which odds on."""
    chosen: list[int] = []
    taken: set[int] = set()
    needless, lowest = 0.0, float(np.log(LISTED / (1 - LISTED)))
    for k in np.argsort(-odds, kind="stable").tolist():
        pair = {int(pairs.one[k]), int(pairs.other[k])}
        if taken & pair:
            continue
        needless += 1 - _probability(odds[k])
        if odds[k] <= lowest or needless > NEEDLESS:
            return chosen, max(lowest, float(odds[k]))
        taken |= pair
        chosen.append(k)
    return chosen, lowest


def _probability(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def _reasons(found: dict[tuple[Evidence, ...], Weighed], room: Room) -> dict[Evidence, Bools]:
    """What speaks for each pair by itself, in the order in which it is told."""
    said: dict[Evidence, Floats] = {}
    for kinds, part in found.items():
        for column, kind in enumerate(kinds):
            said[kind] = said.get(kind, 0.0) + part.scores[:, column]
    return {**{kind: score > PLAIN for kind, score in said.items()}, **room.told}

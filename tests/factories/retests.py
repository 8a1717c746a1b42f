"""A school that answers twice, item by item, with slips swapped the second time.

Graded answers to PHQ-9, GAD-7 and WHO-5 from latent strain: three scales that correlate as they do
in schools (r about .7), item loadings about .75, thresholds that leave two thirds of the PHQ-9
items at 0. What stays between the two times is part of the strain and part of each item's own
share. With `stay` .8 the sum of PHQ-9 keeps r of about .7: within the .6 to .8 that retests over
weeks report (.84 within two days: Kroenke et al. 2001, doi:10.1046/j.1525-1497.2001.016009606.x;
lower over months).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from app.psychometrics.swaps import Sittings
from app.psychometrics.swaps.sittings import Floats, Indexes

ITEMS = (9, 7, 5)
STEPS = ((0.65, 0.87, 0.95), (0.65, 0.87, 0.95), (0.08, 0.22, 0.42, 0.65, 0.87))
BETWEEN_SCALES = 0.7
LOADING = 0.75
CLASS = 40
#: What the paces of two scales at one time have in common.
PACE_SHARED = 0.6


@dataclass(frozen=True)
class School:
    """Both times, and which pairs hold each other's slip at the second."""

    sittings: Sittings
    swapped: frozenset[tuple[int, int]]

    @property
    def retest(self) -> float:
        """Correlation of the PHQ-9 sums of the two times."""
        first, second = self.sittings.before[0, :, :9].sum(1), self.sittings.now[:, :9].sum(1)
        return float(np.corrcoef(first, second)[0, 1])


def school(
    seed: int,
    *,
    people: int = 1_200,
    swaps: int = 10,
    stay: float = 0.8,
    own: float = 0.4,
    long_items: int = 0,
    background: bool = False,
    pace: float | None = None,
) -> School:
    """`long_items` adds yes/no items of a long inventory; `background` a page of facts.

    `pace` is how far somebody's pace stays; every scale shows it with much chance.
    """
    random = np.random.default_rng(seed)
    before, now = _twice(random, people, stay, own, long_items)
    shown_before, shown_now = np.full_like(before, np.nan), np.full_like(now, np.nan)
    if pace is not None:
        own_pace = _kept(random, people, pace)
        paces = [_mixed(own_pace, _kept(random, people, 0.0), PACE_SHARED) for _ in ITEMS]
        for time, shown in enumerate((shown_before, shown_now)):
            told = np.column_stack([each[time] for each in paces])
            shown[:, : sum(ITEMS)] = np.repeat(told, ITEMS, axis=1)
    facts_before, facts_now = _facts(random, people) if background else (np.empty((people, 0)),) * 2
    group = np.arange(people) // CLASS
    begun = group * 3_000.0 + random.uniform(0, 300, people)
    birthday = random.integers(0, 365, people)
    pairs = _planted(random, people, swaps)
    for one, other in pairs:
        for rows in (now, shown_now, facts_now):
            rows[[one, other]] = rows[[other, one]]
    return School(
        Sittings(
            now=now,
            before=before[None],
            shown_now=shown_now,
            shown_before=shown_before[None],
            instrument=np.repeat(np.arange(len(ITEMS) + 1), [*ITEMS, long_items]),
            group=group,
            position=np.arange(people) % CLASS,
            seat=np.full(people, np.nan),
            begun=begun,
            facts_now=facts_now,
            facts_before=facts_before,
            birthday=birthday,
        ),
        frozenset(pairs),
    )


def _twice(
    random: np.random.Generator, people: int, stay: float, own: float, long_items: int
) -> tuple[Floats, Floats]:
    columns: list[tuple[Floats, Floats]] = []
    general = _kept(random, people, stay)
    for items, steps in zip(ITEMS, STEPS, strict=True):
        part = _kept(random, people, stay)
        strain = _mixed(general, part, BETWEEN_SCALES)
        sign = -1 if steps is STEPS[2] else 1
        for _ in range(items):
            item = _mixed(strain, _kept(random, people, own), LOADING**2)
            columns.append(_graded(item, np.array(steps), sign))
    for _ in range(long_items):
        topic = _mixed(general, _kept(random, people, own), 0.35)
        columns.append(_graded(topic, random.uniform(0.5, 0.85, 1), 1))
    first, second = zip(*columns, strict=True)
    return np.column_stack(first), np.column_stack(second)


def _kept(random: np.random.Generator, people: int, stay: float) -> tuple[Floats, Floats]:
    first = random.standard_normal(people)
    return first, stay * first + np.sqrt(1 - stay**2) * random.standard_normal(people)


def _mixed(
    one: tuple[Floats, Floats], two: tuple[Floats, Floats], share: float
) -> tuple[Floats, Floats]:
    a, b = np.sqrt(share), np.sqrt(1 - share)
    return a * one[0] + b * two[0], a * one[1] + b * two[1]


def _graded(latent: tuple[Floats, Floats], steps: Floats, sign: int) -> tuple[Floats, Floats]:
    cuts = norm.ppf(steps)
    first, second = (np.searchsorted(cuts, sign * row).astype(float) for row in latent)
    return first, second


def _facts(random: np.random.Generator, people: int) -> tuple[Floats, Floats]:
    """Sex, month of birth, only child, boarding; three in a hundred are ticked otherwise."""
    kinds = (2, 12, 2, 2)
    before = np.column_stack([random.integers(0, kind, people) for kind in kinds]).astype(float)
    slips = random.uniform(size=before.shape) < 0.03
    other = np.column_stack([random.integers(0, kind, people) for kind in kinds])
    return before, np.where(slips, other, before)


def _planted(random: np.random.Generator, people: int, swaps: int) -> list[tuple[int, int]]:
    """Neighbours of the class list; in each class one pair at most."""
    classes: Indexes = random.choice(people // CLASS, swaps, replace=False)
    seats = random.integers(0, CLASS - 1, swaps)
    first = (classes * CLASS + seats).tolist()
    return [(one, one + 1) for one in first]

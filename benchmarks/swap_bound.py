"""What somebody would find who knows how the school of `tests/factories/retests.py` was made.

The likelihood of both answers of a student under the very model that drew them, by quadrature over
the strains of both times. No check can find more on average: what is missing to ten is not in the
answers.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import norm

from app.psychometrics.swaps.room import room_of
from app.psychometrics.swaps.sittings import Floats, Indexes
from tests.factories.retests import BETWEEN_SCALES, ITEMS, LOADING, PACE_SHARED, STEPS, School

NODES = np.linspace(-3.2, 3.2, 15)
FALSE = 5
AT_ONCE = 4_000

Likelihood = Callable[[Indexes, Indexes], Floats]


def known_best(made: School, *, stay: float, own: float, pace: float | None) -> int:
    """Return how many planted pairs stand before the sixth false one, best odds first."""
    sittings = made.sittings
    one, other = _pairs(sittings.group)
    likelihood = _likelihood(sittings.before[0], sittings.now, stay=stay, own=own)
    straight = likelihood(*(np.arange(len(sittings.group)),) * 2)
    crossed = likelihood(one, other) + likelihood(other, one)
    odds = crossed - straight[one] - straight[other] + room_of(sittings, one, other).prior
    if pace is not None:
        shown = [
            table[:, np.cumsum(ITEMS) - 1]
            for table in (sittings.shown_before[0], sittings.shown_now)
        ]
        odds += _pace(*shown, one, other, pace)
    found, false, taken = 0, 0, set[int]()
    for k in np.argsort(-odds).tolist():
        pair = (int(one[k]), int(other[k]))
        if taken & set(pair):
            continue
        taken |= set(pair)
        found, false = found + (pair in made.swapped), false + (pair not in made.swapped)
        if false > FALSE:
            break
    return found


def _pairs(group: Indexes) -> tuple[Indexes, Indexes]:
    classes = [np.flatnonzero(group == value) for value in np.unique(group)]
    both = [
        (members[i], members[j])
        for members in classes
        for i, j in [np.triu_indices(len(members), 1)]
    ]
    ones, others = zip(*both, strict=True)
    return np.concatenate(ones), np.concatenate(others)


def _likelihood(before: Floats, now: Floats, *, stay: float, own: float) -> Likelihood:
    u, w = before.astype(int), now.astype(int)
    square = len(NODES) ** 2
    tables = [np.log(_item(np.array(steps), steps is STEPS[2], own)) for steps in STEPS]
    general = np.sqrt(BETWEEN_SCALES) * NODES
    given = _normal(general, 1 - BETWEEN_SCALES, stay).reshape(square, square)
    weights = _normal(np.zeros(1), 1.0, stay).ravel()

    def log_likelihood(of: Indexes, at: Indexes) -> Floats:
        found = np.empty(len(of))
        for start in range(0, len(of), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            a, b = u[of[some]], w[at[some]]
            inside, level, first = np.ones((len(a), square)), np.zeros(len(a)), 0
            for items, table in zip(ITEMS, tables, strict=True):
                logs = sum(table[a[:, k], b[:, k]] for k in range(first, first + items))
                highest = logs.max(1)
                inside *= np.exp(logs - highest[:, None]) @ given.T
                level, first = level + highest, first + items
            found[some] = np.log(inside @ weights) + level
        return found

    return log_likelihood


def _item(steps: Floats, is_turned: bool, own: float) -> Floats:
    """The chance of each two answers, by the strain of both times: (answers, answers, nodes^2)."""
    kept, share = np.polynomial.hermite_e.hermegauss(31)
    cuts = np.concatenate([[-np.inf], norm.ppf(steps), [np.inf]])
    rest = np.sqrt(1 - LOADING**2)
    latent = LOADING * NODES[:, None] + rest * np.sqrt(own) * kept
    latent = -latent if is_turned else latent
    chance = np.diff(norm.cdf((cuts - latent[..., None]) / (rest * np.sqrt(1 - own))), axis=-1)
    both = np.einsum("h,gha,khb->abgk", share / share.sum(), chance, chance)
    return both.reshape(*both.shape[:2], -1) + 1e-300


def _normal(means: Floats, variance: float, stay: float) -> Floats:
    """Weights of the nodes of both times, for each two means."""
    x = (NODES - means[:, None])[:, None, :, None]
    y = (NODES - means[:, None])[None, :, None, :]
    density = np.exp(-(x**2 - 2 * stay * x * y + y**2) / (2 * variance * (1 - stay**2)))
    weights: Floats = density / density.sum((2, 3), keepdims=True)
    return weights


def _pace(before: Floats, now: Floats, one: Indexes, other: Indexes, pace: float) -> Floats:
    """The log ratio of the paces, which are normal."""
    within = np.full((3, 3), PACE_SHARED) + np.eye(3) * (1 - PACE_SHARED)
    across = np.full((3, 3), PACE_SHARED * pace)
    inverse = np.linalg.inv(np.block([[within, across], [across, within]]))[:3, 3:]
    ratio: Floats = np.einsum(
        "na,ab,nb->n", before[one] - before[other], inverse, now[one] - now[other]
    )
    return ratio

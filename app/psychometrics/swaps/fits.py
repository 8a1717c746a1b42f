"""How well what stands on one slip fits what is known of a student, against anybody's answers.

A fit is asked for two lists of students and returns one log ratio for each two: the past `of` the
one, the slip `at` the other. Where nothing is known it is 0.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.psychometrics.swaps.sittings import Bools, Floats, Indexes

Fit = Callable[[Indexes, Indexes], Floats]

MAX_RETEST = 0.95

#: What was answered a time earlier counts this much less, as states pass and traits stay.
FADES = 0.6

#: A table of answers is worth this many people more who answered anyhow.
ANYHOW = 2.0


def people_fit(u: Floats, w: Floats, known: Bools, taught: Bools) -> Fit:
    """One Gaussian for "same person, twice" (probabilistic linear discriminant analysis).

    Ioffe 2006, ECCV, doi:10.1007/11744085_41. In canonical variates with retest correlations r_k,
    which come from those `taught`, the log ratio is

        sum_k [r_k u_k w_k - r_k^2 (u_k^2 + w_k^2) / 2] / (1 - r_k^2) - log(1 - r_k^2) / 2

    Parameters
    ----------
    u, w : array, shape (people, columns)
        Normal scores of before and now; what is missing is 0, which is middling.
    known : array, shape (people,)
        Of whom anything is known from before.
    taught : array, shape (people,)
        From whom the correlations are learnt.
    """
    turn, r = _variates(u[taught], w[taught])
    a, b = u @ turn, w @ turn
    product, square = r / (1 - r**2), r**2 / (2 * (1 - r**2))
    level = -0.5 * float(np.log(1 - r**2).sum())
    own, there = a**2 @ square, b**2 @ square

    def fit(of: Indexes, at: Indexes) -> Floats:
        found = np.einsum("nk,nk->n", a[of] * product, b[at]) - own[of] - there[at] + level
        return np.where(known[of], found, 0.0)

    return fit


def _variates(u: Floats, w: Floats) -> tuple[Floats, Floats]:
    """The canonical variates of "same person, twice", and the retest correlation of each."""
    n, d = u.shape
    ridge = d / (d + n)
    total = _shrunk((u.T @ u + w.T @ w) / (2 * n), ridge)
    same = _shrunk((u.T @ w + w.T @ u) / (2 * n), ridge)
    half = np.linalg.inv(np.linalg.cholesky(total + ridge * 1e-3 * np.eye(d)))
    retest, turn = np.linalg.eigh(half @ same @ half.T)
    kept = retest > 1 / np.sqrt(n)  # below that it is chance
    return half.T @ turn[:, kept], np.minimum(retest[kept], MAX_RETEST)


def _shrunk(matrix: Floats, share: float) -> Floats:
    """What two items have in common is less certain than what each keeps to itself."""
    return matrix * (1 - share) + share * np.diag(np.diag(matrix))


def answers_fit(before: Floats, now: Floats, taught: Bools) -> Fit:
    """Item by item, how often who answered that before answers this now, against chance.

    The table of an item is symmetric, counted among those `taught`, and drawn towards independence
    by `ANYHOW` people a row. It sees what no correlation does: who always takes the ends, or never.
    The items are added up as if each spoke for itself; `weights` makes up for it.
    """
    tables, was, says = [], [], []
    for u, w in zip(before.T, now.T, strict=True):
        values = np.unique(np.concatenate([u, w]))
        values = values[~np.isnan(values)]
        was.append(_places(values, u))
        says.append(_places(values, w))
        tables.append(_table(was[-1][taught], says[-1][taught], len(values)))

    def fit(of: Indexes, at: Indexes) -> Floats:
        found = np.zeros(len(of))
        for table, u, w in zip(tables, was, says, strict=True):
            found += table[u[of], w[at]]
        return found

    return fit


def _places(values: Floats, answers: Floats) -> Indexes:
    """Which of the values each answer is; the place after the last where there is none."""
    return np.where(np.isnan(answers), len(values), np.searchsorted(values, answers))


def _table(u: Indexes, w: Indexes, values: int) -> Floats:
    """The log ratio of each two answers, with a row and a column of 0 for a missing one."""
    counts = np.zeros((values + 1, values + 1))
    np.add.at(counts, (u, w), 1)
    counts = counts[:-1, :-1] + counts[:-1, :-1].T
    share = counts.sum(1) + 0.5
    share /= share.sum()
    joint = counts + ANYHOW * values * np.outer(share, share)
    joint /= joint.sum()
    ratio = np.log(joint / np.outer(joint.sum(1), joint.sum(0)))
    return np.pad(ratio, ((0, 1), (0, 1)))


def facts_fit(before: Floats, now: Floats) -> Fit:
    """Agreement weights of record linkage for facts that stay.

    Fellegi & Sunter 1969, doi:10.1080/01621459.1969.10501049, with the agreement rate m of the
    campaign and each value's share u: log(m / u) where they agree, else log((1 - m) / (1 - U)) with
    U the chance that two people agree.
    """
    known = ~np.isnan(now) & ~np.isnan(before)
    facts = [
        _fact(was, says, there)
        for was, says, there in zip(before.T, now.T, known.T, strict=True)
        if there.any()
    ]

    def fit(of: Indexes, at: Indexes) -> Floats:
        found = np.zeros(len(of))
        for was, says, same, differ in facts:
            told = np.where(was[of] == says[at], same[of], differ)
            found += np.where(np.isnan(was[of]) | np.isnan(says[at]), 0.0, told)
        return found

    return fit


def _fact(was: Floats, says: Floats, there: Bools) -> tuple[Floats, Floats, Floats, float]:
    """Both columns, what agreement weighs for each person, and what disagreement weighs."""
    agree = (np.sum(was[there] == says[there]) + 1) / (there.sum() + 2)
    values, counts = np.unique(was[there], return_counts=True)
    shares = counts / counts.sum()
    share_of = dict(zip(values.tolist(), shares.tolist(), strict=True))
    chance = min(float(np.sum(shares**2)), 0.999)
    share = np.array([share_of.get(value, 1.0) for value in was.tolist()])
    return was, says, np.log(agree / share), float(np.log((1 - agree) / (1 - chance)))


def paces(shown: Floats, instrument: Indexes, group: Indexes) -> Floats:
    """How slowly each instrument was answered, against the class: normal scores, 0 where unknown.

    Each item's rank counts, not its seconds: one long look out of the window moves nothing much.
    """
    ranks = normal_scores(shown)
    ranks[np.isnan(shown)] = np.nan
    found = np.full((len(shown), len(np.unique(instrument))), np.nan)
    for column, one in enumerate(np.unique(instrument)):
        found[:, column] = _means(ranks[:, instrument == one], axis=1)
    for value in np.unique(group):
        members = group == value
        found[members] -= _means(found[members], axis=0)
    return normal_scores(found)


def _means(table: Floats, *, axis: int) -> Floats:
    """Means of what is there; NaN where nothing is."""
    there = ~np.isnan(table)
    count: NDArray[Any] = there.sum(axis)
    total = np.where(there, table, 0.0).sum(axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def remembered(scores: Floats, known: Bools) -> Floats:
    """The past as one table, from normal scores of (times, people, columns); the newest most."""
    weights = known * (FADES ** np.arange(len(scores)))[:, None, None]
    total = weights.sum(0)
    return normal_spread(
        np.where(total > 0, (weights * scores).sum(0) / np.maximum(total, 1e-9), 0.0), total > 0
    )


def normal_spread(scores: Floats, known: Bools) -> Floats:
    """Each column with variance 1 among those known."""
    count = np.maximum(known.sum(0), 1)
    spread = np.sqrt(np.where(known, scores**2, 0.0).sum(0) / count)
    return np.where(known & (spread > 0), scores / np.where(spread > 0, spread, 1.0), 0.0)


def normal_scores(answers: Floats) -> Floats:
    """Each column by mid-ranks on the normal scale (van der Waerden), mean 0, variance 1.

    What is missing is 0.
    """
    from scipy.stats import norm, rankdata

    scores = np.zeros_like(answers)
    for k, column in enumerate(answers.T):
        there = ~np.isnan(column)
        if not there.any():
            continue
        values = norm.ppf((rankdata(column[there]) - 0.5) / there.sum())
        spread = values.std()
        scores[there, k] = (values - values.mean()) / spread if spread > 0 else 0.0
    return scores

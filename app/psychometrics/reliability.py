"""How exact a sum of items is: alpha, omega, split halves, and what each item adds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats, as_matrix, complete_cases
from app.psychometrics.estimate import Estimate
from app.psychometrics.one_factor import OneFactor, maximum_likelihood, minimum_residuals
from app.psychometrics.refusal import CannotEstimate

FEWEST_PEOPLE = 3
#: More people than this share at an end of the scale is a floor or ceiling effect (Terwee 2007).
MOST_AT_AN_END = 0.15
#: Below this many people an interval is wide enough to say so.
FEW_PEOPLE = 100

#: A variance below this share of the items' is none, but for rounding.
_NOTHING = 1e-12


@dataclass(frozen=True)
class SplitHalf:
    """The odd against the even items (first, third, … against second, fourth, …).

    `r` is the correlation of the two half sums; `spearman_brown` steps it up to full length as if
    the halves were equally long, `spearman_brown_unequal` by their true lengths (Horst 1951; the
    same where they are equally long); `guttman` is lambda-4 of this split (Guttman 1945), which
    does not ask for equal variances.
    """

    r: float
    spearman_brown: float
    spearman_brown_unequal: float
    guttman: float


@dataclass(frozen=True)
class ItemStatistics:
    """One item among the others; over the complete cases, only `missing` counts everybody.

    `item_rest_r` is the correlation with the sum of the other items (“corrected item-total”);
    `floor` and `ceiling` are the shares of people with its least and most possible answer.
    """

    missing: int
    mean: float
    sd: float
    item_rest_r: float | None
    alpha_if_dropped: float | None
    floor: float
    ceiling: float


@dataclass(frozen=True)
class Reliability:
    """All figures of one scale, in the units of its sum.

    `people` were given, `complete` of them answered every item: all figures come from these.
    """

    people: int
    complete: int
    alpha: Estimate
    alpha_standardised: float | None
    mean_inter_item_r: float | None
    omega_total: float | None
    omega_total_standardised: float | None
    kr20: float | None
    split_half: SplitHalf | None
    mean: float
    sd: float
    sem: float | None
    floor: float
    ceiling: float
    items: tuple[ItemStatistics, ...]
    warnings: tuple[str, ...]


def reliability(
    answers: ArrayLike,
    *,
    least: ArrayLike | None = None,
    most: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Reliability:
    r"""Return everything about how exact the sum of the items is.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items, reversed items already turned, NaN for missing. **Complete cases**: who
        left out one item of the scale counts in `missing` only; nothing is filled in, and no figure
        is put together from different people.
    least, most : array_like, shape (k,), optional
        The least and most each item can add, for floor and ceiling; those seen where not given.
    names : sequence of str, optional
        What warnings call the items; their numbers where not given.
    confidence : float
        Of the interval of alpha.

    Returns
    -------
    Reliability
        `alpha` as in `cronbach_alpha`, its interval as in `feldt_interval`.
        `alpha_standardised` = k r̄ / (1 + (k - 1) r̄) with r̄ the mean correlation of two items.
        `omega_total` = (Σλ)² / ((Σλ)² + Σψ) from one factor by maximum likelihood on the
        covariances; `omega_total_standardised` = 1 - Σψ / Σr from one factor by minimum residuals
        on the correlations, which is what `psych::omega(x, nfactors = 1)$omega.tot` gives.
        `kr20` is alpha where every answer is 0 or 1 (Kuder & Richardson 1937), else None.
        `sem` = sd √(1 - alpha); None where alpha is negative. `sd` has n - 1 below.
        `split_half` as in `split_half`. `floor` and `ceiling` are the shares of people, 0 to 1,
        with the least and most possible sum. Both omegas and what rests on correlations are None
        where an item has no variance, an omega also with two items; `warnings` says so.

    Raises
    ------
    CannotEstimate
        If there are fewer than two items, fewer than three complete cases, or everybody has the
        same sum.

    References
    ----------
    Cronbach 1951, Psychometrika 16:297. McDonald 1999, Test Theory. Terwee and others 2007,
    J Clin Epidemiol 60:34 (floor and ceiling).
    """
    matrix = as_matrix(answers)
    called = list(names) if names is not None else [str(n + 1) for n in range(matrix.shape[1])]
    complete = complete_cases(matrix, least=FEWEST_PEOPLE)
    n, k = complete.shape
    covariances = _covariances(complete)
    alpha = cronbach_alpha(covariances)
    low, high = feldt_interval(alpha, people=n, items=k, confidence=confidence)
    notes: list[str] = []
    ends = _ends(complete, least, most)
    total = complete @ np.ones(k)
    sd = float(np.sqrt(covariances.sum()))
    items = _items(matrix, complete, covariances, ends)
    standardised = _standardised(covariances, called, notes)
    floor, ceiling = (_share_at(total, float(end.sum())) for end in ends)
    return Reliability(
        people=len(matrix),
        complete=n,
        alpha=Estimate(alpha, low, high),
        alpha_standardised=standardised.alpha,
        mean_inter_item_r=standardised.mean_r,
        omega_total=_omega(maximum_likelihood, covariances, notes, lambda one: one.omega),
        omega_total_standardised=standardised.omega,
        kr20=alpha if ((complete == 0) | (complete == 1)).all() else None,
        split_half=split_half(covariances),
        mean=float(total.mean()),
        sd=sd,
        sem=sd * float(np.sqrt(1 - alpha)) if alpha >= 0 else None,
        floor=floor,
        ceiling=ceiling,
        items=items,
        warnings=tuple(dict.fromkeys([*notes, *_warnings(n, alpha, items, called)])),
    )


def cronbach_alpha(covariances: Floats) -> float:
    r"""Return Cronbach's alpha: k / (k - 1) (1 - Σ s_i² / s_X²), at most 1, without lower bound.

    Parameters
    ----------
    covariances : array, shape (k, k)
        Of the items, `k` at least two; whether n or n - 1 stands below does not matter.

    Raises
    ------
    CannotEstimate
        If there are fewer than two items, or the sum has no variance.
    """
    k = len(covariances)
    if k < 2:  # noqa: PLR2004 -- a sum of one is no sum
        raise CannotEstimate("Internal consistency needs at least two items.")
    total = float(covariances.sum())
    if total <= _NOTHING * max(float(np.trace(covariances)), 1e-300):
        raise CannotEstimate("Everybody has the same sum; its reliability cannot be estimated.")
    return k / (k - 1) * (1 - float(np.trace(covariances)) / total)


def feldt_interval(
    alpha: float, *, people: int, items: int, confidence: float = 0.95
) -> tuple[float, float]:
    r"""Return the confidence interval of alpha: 1 - (1 - alpha) F, F with n - 1 and (n - 1)(k - 1).

    Assumes items that covary alike and normal scores; with skewed items it can be too narrow.

    Parameters
    ----------
    alpha : float
        At most 1; the upper bound is too.
    people, items : int
        n and k, at least two each.
    confidence : float
        Above 0 and below 1.

    References
    ----------
    Feldt, Woodruff & Salih 1987, Appl Psychol Meas 11:93. `psych::alpha.ci`.
    """
    from scipy.stats import f

    tail = (1 - confidence) / 2
    first, second = people - 1, (people - 1) * (items - 1)
    low, high = 1 - (1 - alpha) * f.ppf([1 - tail, tail], first, second)
    return float(low), float(high)


def split_half(covariances: Floats) -> SplitHalf | None:
    r"""Return the reliability from odd against even items; None where a half has no variance.

    Spearman-Brown: 2r / (1 + r). Horst: r (√(r² + 4pq(1 - r²)) - r) / (2pq(1 - r²)), p and q the
    shares of the items in the halves. Guttman: 4 s_ab / s_X². None is above 1; a Spearman-Brown
    has no lower bound (-∞ where r is -1).

    Parameters
    ----------
    covariances : array, shape (k, k)
        Of the items in the order of the page, k at least two.

    References
    ----------
    Horst 1951, Educ Psychol Meas 11:368. Guttman 1945, Psychometrika 10:255.
    """
    k = len(covariances)
    odd = np.arange(k) % 2 == 0
    one = float(covariances[np.ix_(odd, odd)].sum())
    other = float(covariances[np.ix_(~odd, ~odd)].sum())
    between = float(covariances[np.ix_(odd, ~odd)].sum())
    if min(one, other) <= _NOTHING * float(np.trace(covariances)):
        return None
    r = between / float(np.sqrt(one * other))
    p = odd.sum() / k
    apart = 2 * p * (1 - p) * (1 - r**2)
    unequal = r * (float(np.sqrt(r**2 + 2 * apart)) - r) / apart if apart > 0 else r
    return SplitHalf(
        r=r,
        spearman_brown=2 * r / (1 + r) if r > -1 else -np.inf,
        spearman_brown_unequal=float(unequal),
        guttman=4 * between / (one + other + 2 * between),
    )


@dataclass(frozen=True)
class _Standardised:
    alpha: float | None = None
    mean_r: float | None = None
    omega: float | None = None


def _standardised(covariances: Floats, names: Sequence[str], notes: list[str]) -> _Standardised:
    variances = np.diag(covariances)
    if (constant := [n for n, v in zip(names, variances, strict=True) if v == 0]) != []:
        notes.append(
            f"Everybody gave the same answer to {', '.join(constant)}: no correlation with it, "
            "so neither standardised alpha nor omega."
        )
        return _Standardised()
    k = len(covariances)
    correlations = covariances / np.sqrt(np.outer(variances, variances))
    total = float(correlations.sum())
    mean_r = (total - k) / (k * (k - 1))
    alpha = k * mean_r / (1 + (k - 1) * mean_r) if total > 0 else None
    omega = _omega(
        minimum_residuals, correlations, notes, lambda one: 1 - one.uniquenesses.sum() / total
    )
    return _Standardised(alpha, mean_r, omega)


def _omega(
    fit: Callable[[Floats], OneFactor],
    matrix: Floats,
    notes: list[str],
    omega_of: Callable[[OneFactor], float],
) -> float | None:
    try:
        one = fit(matrix)
    except CannotEstimate as refusal:
        notes.append(f"No omega: {refusal}")
        return None
    if one.is_heywood:
        notes.append(
            "One factor leaves an item no variance of its own (a Heywood case): read omega with "
            "doubt."
        )
    return float(omega_of(one))


def _covariances(complete: Floats) -> Floats:
    """With n - 1; exactly 0 for an item that everybody answered alike."""
    apart = complete - complete.mean(axis=0)
    apart[:, np.ptp(complete, axis=0) == 0] = 0.0
    covariances: Floats = apart.T @ apart / (len(complete) - 1)
    return covariances


def _ends(
    complete: Floats, least: ArrayLike | None, most: ArrayLike | None
) -> tuple[Floats, Floats]:
    low = complete.min(axis=0) if least is None else np.asarray(least, dtype=np.float64)
    high = complete.max(axis=0) if most is None else np.asarray(most, dtype=np.float64)
    return low, high


def _items(
    matrix: Floats, complete: Floats, covariances: Floats, ends: tuple[Floats, Floats]
) -> tuple[ItemStatistics, ...]:
    k = len(covariances)
    own, rows, total = np.diag(covariances), covariances.sum(axis=1), covariances.sum()
    rest = total - 2 * rows + own
    rest[rest <= _NOTHING * own.sum()] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        item_rest = (rows - own) / np.sqrt(own * rest)
        dropped = (k - 1) / (np.float64(k) - 2) * (1 - (own.sum() - own) / rest)
    dropped[~np.isfinite(dropped)] = np.nan  # of two items one is left, which has no alpha
    means, missing = complete.mean(axis=0), np.isnan(matrix).sum(axis=0)
    return tuple(
        ItemStatistics(
            missing=int(missing[i]),
            mean=float(means[i]),
            sd=float(np.sqrt(own[i])),
            item_rest_r=_or_none(item_rest[i]),
            alpha_if_dropped=_or_none(dropped[i]),
            floor=_share_at(complete[:, i], ends[0][i]),
            ceiling=_share_at(complete[:, i], ends[1][i]),
        )
        for i in range(k)
    )


def _warnings(
    people: int, alpha: float, items: Sequence[ItemStatistics], names: Sequence[str]
) -> Iterator[str]:
    pairs = list(zip(names, items, strict=True))
    against = [n for n, item in pairs if item.item_rest_r is not None and item.item_rest_r < 0]
    if against:
        yield (
            f"Negative item-rest r: {', '.join(against)}. "
            "Is this an item that should be reversed and is not?"
        )
    if alpha < 0:
        yield "Alpha is negative: the items run against each other and do not make a sum."
    if people < FEW_PEOPLE:
        yield f"Only {people} complete cases: look at the interval before the figure."


def _share_at(values: Floats, end: float) -> float:
    return float(np.mean(np.abs(values - end) < 1e-9))  # noqa: PLR2004 -- sums of weighted items


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

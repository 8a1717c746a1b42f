"""How well repeated measurements agree: intraclass correlations by analysis of variance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats, complete_cases
from app.psychometrics.estimate import Estimate
from app.psychometrics.refusal import CannotEstimate

FEWEST_PEOPLE = 3


@dataclass(frozen=True)
class MeanSquares:
    """The two-way analysis of variance of n people measured k times.

    `between` people (n - 1 degrees of freedom), `within` people (n(k - 1)), and the latter apart:
    `occasions` (k - 1) and `error` (n - 1)(k - 1).
    """

    people: int
    times: int
    between: float
    within: float
    occasions: float
    error: float


@dataclass(frozen=True)
class IntraclassCorrelations:
    """The six forms of Shrout & Fleiss; the last three are for the mean of the k measurements.

    Form 1: one-way, each person by other raters. Form 2: two-way, absolute agreement (a shift
    between the times counts as disagreement). Form 3: two-way, consistency (a shift does not).
    """

    icc1: Estimate
    icc2: Estimate
    icc3: Estimate
    icc1k: Estimate
    icc2k: Estimate
    icc3k: Estimate


def mean_squares(scores: ArrayLike) -> MeanSquares:
    """Return the analysis of variance of people by times.

    With x_ij the score of person i at time j and means over what a dot stands for::

        between   = k Σ_i (x_i. - x..)² / (n - 1)
        within    = Σ_ij (x_ij - x_i.)² / (n (k - 1))
        occasions = n Σ_j (x_.j - x..)² / (k - 1)
        error     = Σ_ij (x_ij - x_i. - x_.j + x..)² / ((n - 1)(k - 1))

    Parameters
    ----------
    scores : array_like, shape (n, k)
        One row a person, one column a time (or rater); NaN for missing. Complete cases: who was not
        measured every time is left out.

    Returns
    -------
    MeanSquares
        In squared points of the score; `people` are the complete ones.

    Raises
    ------
    CannotEstimate
        If fewer than three people are complete, there are fewer than two times, or all scores are
        the same.

    References
    ----------
    Shrout & Fleiss 1979, Psychol Bull 86:420.
    """
    matrix = complete_cases(scores, least=FEWEST_PEOPLE)
    n, k = matrix.shape
    if k < 2:  # noqa: PLR2004 -- agreement of one with itself
        raise CannotEstimate("Agreement needs at least two measurements.")
    if np.ptp(matrix) == 0:
        raise CannotEstimate("Everybody has the same score every time; agreement has no meaning.")
    rows, columns, grand = matrix.mean(axis=1), matrix.mean(axis=0), matrix.mean()
    residual = matrix - rows[:, None] - columns + grand
    return MeanSquares(
        people=n,
        times=k,
        between=k * _squares(rows - grand) / (n - 1),
        within=_squares(matrix - rows[:, None]) / (n * (k - 1)),
        occasions=n * _squares(columns - grand) / (k - 1),
        error=_squares(residual) / ((n - 1) * (k - 1)),
    )


def intraclass_correlations(ms: MeanSquares, *, confidence: float = 0.95) -> IntraclassCorrelations:
    r"""Return ICC(1,1), (2,1), (3,1), (1,k), (2,k), (3,k) with their confidence intervals.

    With B, W, J, E the mean squares between people, within people, of times and of error::

        ICC(1,1) = (B - W) / (B + (k - 1) W)                        ICC(1,k) = (B - W) / B
        ICC(2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n)        ICC(2,k) = (B - E) / (B + (J - E) / n)
        ICC(3,1) = (B - E) / (B + (k - 1) E)                        ICC(3,k) = (B - E) / B

    A negative estimate stays negative (`psych::ICC` with `lmer = TRUE` sets negative variance
    components to 0 and can differ then; with `lmer = FALSE`, and `irr::icc`, it is the same).
    Forms 1 and 3 are at most 1 and single ones not below -1 / (k - 1); form 2 can leave these limits
    where times differ less than error alone would make them. Forms for the mean have no lower
    limit. Where one bound is no number both are None; a form that would divide by 0, because people do not
    differ at all, is NaN or infinite.

    Parameters
    ----------
    ms : MeanSquares
        As `mean_squares` returns them.
    confidence : float
        Of the intervals, above 0 and below 1.

    References
    ----------
    Shrout & Fleiss 1979, Psychol Bull 86:420. McGraw & Wong 1996, Psychol Methods 1:30 (intervals).
    """  # noqa: E501 -- formulas beside each other
    n, k = ms.people, ms.times
    b, w, j, e = map(np.float64, (ms.between, ms.within, ms.occasions, ms.error))
    one = _one_way(b, w, n - 1, n * (k - 1), k, confidence)
    three = _one_way(b, e, n - 1, (n - 1) * (k - 1), k, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        icc2 = (b - e) / (b + (k - 1) * e + k * (j - e) / n)
        icc2k = (b - e) / (b + (j - e) / n)
        low, high = _two_way_bounds(ms, float(icc2), confidence)
        return IntraclassCorrelations(
            icc1=one[0],
            icc2=_estimate(icc2, low, high),
            icc3=three[0],
            icc1k=one[1],
            icc2k=_estimate(icc2k, _stepped_up(low, k), _stepped_up(high, k)),
            icc3k=three[1],
        )


def _squares(apart: Floats) -> float:
    return float((apart**2).sum())


def _one_way(
    between: np.float64, rest: np.float64, df1: int, df2: int, k: int, confidence: float
) -> tuple[Estimate, Estimate]:
    """The single form and the form for the mean, where one F decides: (F - 1) / (F + k - 1)."""
    from scipy.stats import f

    with np.errstate(divide="ignore", invalid="ignore"):
        single = (between - rest) / (between + (k - 1) * rest)
        ratio = between / rest
        mean = (between - rest) / between
        upper = 1 - (1 - confidence) / 2
        low, high = ratio / f.ppf(upper, df1, df2), ratio * f.ppf(upper, df2, df1)
        return (
            _estimate(single, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)),
            _estimate(float(mean), 1 - 1 / low, 1 - 1 / high),
        )


def _two_way_bounds(ms: MeanSquares, icc2: float, confidence: float) -> tuple[float, float]:
    """Satterthwaite's degrees of freedom for the error of absolute agreement."""
    from scipy.stats import f

    n, k = ms.people, ms.times
    b, j, e = ms.between, ms.occasions, ms.error
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.float64(j) / e
        rest = n * (1 + (k - 1) * icc2) - k * icc2
        freedom = ((k - 1) * (n - 1) * (k * icc2 * ratio + rest) ** 2) / (
            (n - 1) * k**2 * icc2**2 * ratio**2 + rest**2
        )
        upper = 1 - (1 - confidence) / 2
        f1, f2 = f.ppf(upper, n - 1, freedom), f.ppf(upper, freedom, n - 1)
        shared = k * j + (k * n - k - n) * e
        low = n * (b - f1 * e) / (f1 * shared + n * b)
        high = n * (f2 * b - e) / (shared + n * f2 * b)
    return float(low), float(high)


def _stepped_up(single: float, k: int) -> float:
    return single * k / (1 + single * (k - 1))


def _estimate(value: float, low: float, high: float) -> Estimate:
    if not (np.isfinite(low) and np.isfinite(high)):
        return Estimate(float(value))
    return Estimate(float(value), float(low), float(high))

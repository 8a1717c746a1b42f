"""How well a score tells two groups apart: the ROC curve, its area, and two areas compared."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Bools, Floats
from app.psychometrics.estimate import Estimate, normal_reach
from app.psychometrics.refusal import CannotEstimate

#: A variance of an area (DeLong) needs at least two people on each side.
FEWEST_PER_GROUP = 2


@dataclass(frozen=True)
class Groups:
    """Who has a score and a known criterion; `scores` are turned so that a higher one is worse.

    `left_out` counts people without a score or without a criterion: they are in no figure.
    `worse_is_higher` tells whether a higher score was worse before turning.
    """

    scores: Floats
    cases: Bools
    left_out: int
    worse_is_higher: bool

    @property
    def case_count(self) -> int:
        """How many have what the criterion says."""
        return int(self.cases.sum())

    @property
    def control_count(self) -> int:
        """How many do not have it."""
        return int((~self.cases).sum())


@dataclass(frozen=True)
class RocCurve:
    """Counts at every observed score, from the strictest rule to the mildest.

    `cutoffs` (m,) are scores in their own units; at `cutoffs[i]` the rule “this score or worse”
    finds `true_positives[i]` of the cases and `false_positives[i]` of the others.
    """

    cutoffs: Floats
    true_positives: Floats
    false_positives: Floats
    case_count: int
    control_count: int

    @property
    def sensitivity(self) -> Floats:
        """Share of the cases that the rule finds, 0 to 1."""
        return self.true_positives / self.case_count

    @property
    def specificity(self) -> Floats:
        """Share of the others that the rule leaves alone, 0 to 1."""
        return 1 - self.false_positives / self.control_count


@dataclass(frozen=True)
class AreaDifference:
    """Two areas under the curve of the same people (DeLong): `difference` is first - second.

    `z` is None where the two scores order the people alike, for then nothing varies.
    """

    people: int
    left_out: int
    first: float
    second: float
    difference: Estimate
    z: float | None
    p: float | None


def grouped(scores: ArrayLike, criterion: ArrayLike, *, worse_is_higher: bool = True) -> Groups:
    """Put scores and criterion together; the other functions of this module take the result.

    Parameters
    ----------
    scores : array_like, shape (n,)
        NaN for no score.
    criterion : array_like, shape (n,)
        1 for a case, 0 for none, NaN for not known.
    worse_is_higher : bool
        False where a low score is worse: the rule is then “this score or lower”.

    Raises
    ------
    CannotEstimate
        If the criterion has another value than 0 and 1, fewer than two people on a side, or
        everybody has the same score.
    """
    values = np.asarray(scores, dtype=np.float64)
    truth = np.asarray(criterion, dtype=np.float64)
    if values.shape != truth.shape or values.ndim != 1:
        raise CannotEstimate("Scores and criterion need one value a person each.")
    known = ~np.isnan(values) & ~np.isnan(truth)
    values, truth = values[known], truth[known]
    if not np.isin(truth, (0.0, 1.0)).all():
        raise CannotEstimate("The criterion is 1 for a case and 0 for none.")
    cases = truth == 1.0
    few = min(int(cases.sum()), int((~cases).sum()))
    if few < FEWEST_PER_GROUP:
        raise CannotEstimate(
            f"{int(cases.sum())} people with a score are cases and {int((~cases).sum())} are not; "
            f"at least {FEWEST_PER_GROUP} of each are needed."
        )
    if np.ptp(values) == 0:
        raise CannotEstimate("Everybody has the same score; it tells nobody apart.")
    turned = values if worse_is_higher else -values
    return Groups(turned, cases, int((~known).sum()), worse_is_higher)


def roc_curve(groups: Groups) -> RocCurve:
    """Return what the rule “this score or worse” finds, for every score that somebody has.

    The corner (0, 0), a rule that finds nobody, is not among the points; the last point is (1, 1).

    Parameters
    ----------
    groups : Groups
        As `grouped` puts them together.
    """
    values = np.unique(groups.scores)[::-1]
    found = [
        side.size - np.searchsorted(np.sort(side), values, side="left")
        for side in (groups.scores[groups.cases], groups.scores[~groups.cases])
    ]
    return RocCurve(
        cutoffs=values if groups.worse_is_higher else -values,
        true_positives=found[0].astype(np.float64),
        false_positives=found[1].astype(np.float64),
        case_count=groups.case_count,
        control_count=groups.control_count,
    )


def area(groups: Groups, *, confidence: float = 0.95) -> Estimate:
    r"""Return the area under the ROC curve with its interval by DeLong.

    The area is the chance that a case has a worse score than somebody who is none, an equal one
    counting half: Σ_i Σ_j ([x_i > y_j] + ½ [x_i = y_j]) / (m n). With V the share of the others
    that each case lies above and W the share of the cases that each other lies below, its variance
    is var(V) / m + var(W) / n; the interval is normal and cut at 0 and 1. `pROC::auc` and
    `pROC::ci.auc(method = "delong")` give the same.

    Where the area is exactly 0 or 1 nothing varies in the sample: there is no interval.

    Parameters
    ----------
    groups : Groups
        As `grouped` puts them together; at least two people on each side.
    confidence : float
        Of the interval, above 0 and below 1.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837. Sun & Xu 2014, IEEE Signal Process
    Lett 21:1389 (by mid-ranks).
    """
    of_cases, of_controls = _placements(groups.scores, groups.cases)
    value = float(of_cases.mean())
    variance = of_cases.var(ddof=1) / of_cases.size + of_controls.var(ddof=1) / of_controls.size
    if variance == 0:
        return Estimate(value)
    reach = normal_reach(confidence) * float(np.sqrt(variance))
    return Estimate(value, max(value - reach, 0.0), min(value + reach, 1.0))


def compare_areas(
    first: ArrayLike,
    second: ArrayLike,
    criterion: ArrayLike,
    *,
    worse_is_higher: tuple[bool, bool] = (True, True),
    confidence: float = 0.95,
) -> AreaDifference:
    r"""Compare the areas of two scores of the same people (DeLong's paired test).

    z = (A₁ - A₂) / √(var₁ + var₂ - 2 cov₁₂), p two-sided; `pROC::roc.test(paired = TRUE, method =
    "delong")` gives the same.

    Parameters
    ----------
    first, second, criterion : array_like, shape (n,)
        As in `grouped`. Only people with both scores and a criterion are in the comparison, so
        that the areas can differ a little from those of each score alone.
    worse_is_higher : (bool, bool)
        Of the first and the second score.
    confidence : float
        Of the interval of the difference, above 0 and below 1.

    Raises
    ------
    CannotEstimate
        As `grouped`.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837.
    """
    from scipy.special import ndtr

    one, other = (np.asarray(scores, dtype=np.float64) for scores in (first, second))
    both = np.where(np.isnan(one) | np.isnan(other), np.nan, np.asarray(criterion, np.float64))
    parts = [
        grouped(scores, both, worse_is_higher=higher)
        for scores, higher in zip((one, other), worse_is_higher, strict=True)
    ]
    places = [_placements(part.scores, part.cases) for part in parts]
    one_area, other_area = (float(of_cases.mean()) for of_cases, _ in places)
    apart = [np.subtract(*pair) for pair in zip(*places, strict=True)]
    variance = float(sum(part.var(ddof=1) / part.size for part in apart))
    people, left_out = len(parts[0].scores), parts[0].left_out
    difference, z, p = Estimate(one_area - other_area), None, None
    if variance > 1e-30:  # noqa: PLR2004 -- 0 but for rounding
        error = float(np.sqrt(variance))
        z = difference.value / error
        p = float(2 * ndtr(-abs(z)))
        reach = normal_reach(confidence) * error
        difference = Estimate(difference.value, difference.value - reach, difference.value + reach)
    return AreaDifference(people, left_out, one_area, other_area, difference, z, p)


def _placements(scores: Floats, cases: Bools) -> tuple[Floats, Floats]:
    """For each case the share of the others below it, for each other the share of cases above."""
    from scipy.stats import rankdata

    m, n = int(cases.sum()), int((~cases).sum())
    together = rankdata(scores)
    of_cases = (together[cases] - rankdata(scores[cases])) / n
    of_controls = 1 - (together[~cases] - rankdata(scores[~cases])) / m
    return of_cases, of_controls

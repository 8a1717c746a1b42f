"""Two measurements of the same people: agreement, error, and whose change is more than error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.agreement import (
    IntraclassCorrelations,
    MeanSquares,
    intraclass_correlations,
    mean_squares,
)
from app.psychometrics.cases import Floats, complete_cases
from app.psychometrics.estimate import Estimate, mean_interval
from app.psychometrics.refusal import CannotEstimate

FEWEST_PEOPLE = 3
#: Two-sided 5 % of the normal curve.
BEYOND_CHANCE = 1.96


@dataclass(frozen=True)
class MeasurementError:
    """The standard error of one measurement, and the smallest detectable change.

    All in points of the score. `sem_agreement` = √(s²_times + s²_error) counts a shift between the
    times as error, `sem_consistency` = √(s²_error), of two times sd of the differences / √2, does
    not. `sdc` = 1.96 √2 SEM: of people who have not changed 95 of 100 seem to change by less.
    """

    sem_agreement: float
    sem_consistency: float
    sdc_agreement: float
    sdc_consistency: float


@dataclass(frozen=True)
class ReliableChange:
    """Jacobson and Truax's index of each person.

    `sem` = sd √(1 - reliability), `sd_difference` = √2 sem, `index` (n,) = change / sd_difference;
    beyond ±1.96, which is more than `least_change` = 1.96 sd_difference points, the change is
    `reliable` (n,): 1 risen, -1 fallen, 0 neither. Who lacks a score has NaN as index, and 0.
    """

    sd: float
    reliability: float
    sem: float
    sd_difference: float
    least_change: float
    index: Floats
    reliable: Floats


@dataclass(frozen=True)
class Retest:
    """Everything about two measurements of the same `people`; first is 1, second is 2."""

    people: int
    left_out: int
    mean1: float
    sd1: float
    mean2: float
    sd2: float
    mean_change: Estimate
    sd_change: float
    r: float | None
    icc: IntraclassCorrelations
    error: MeasurementError
    change: ReliableChange | None
    warnings: tuple[str, ...]


def retest(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Retest:
    r"""Return how well two measurements of the same people agree.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Scores of the same people in the same order, NaN for none. Complete cases: who has only one
        score is in no figure.
    confidence : float
        Of the intervals.

    Returns
    -------
    Retest
        Standard deviations with n - 1; `mean_change` with the t interval; `r` is Pearson's, None
        where everybody has the same score at one time; `change` by `reliable_change` with `r` and
        the deviation of the first time, for all n people, None where `r` does not allow it.

    Raises
    ------
    CannotEstimate
        If fewer than three people have both scores, or all scores are the same.

    References
    ----------
    As in `intraclass_correlations`, `measurement_error` and `reliable_change`.
    """
    pairs = np.column_stack([np.asarray(first, np.float64), np.asarray(second, np.float64)])
    both = complete_cases(pairs, least=FEWEST_PEOPLE)
    squares = mean_squares(both)
    notes: list[str] = []
    r = _pearson(both)
    change: ReliableChange | None = None
    try:
        if r is None:
            raise CannotEstimate("Everybody has the same score at one of the times.")
        sd = float(both[:, 0].std(ddof=1))
        change = reliable_change(pairs[:, 0], pairs[:, 1], sd=sd, reliability=r)
    except CannotEstimate as refusal:
        notes.append(f"No reliable change: {refusal}")
    means, sds = both.mean(axis=0).tolist(), both.std(axis=0, ddof=1).tolist()
    return Retest(
        people=len(both),
        left_out=len(pairs) - len(both),
        mean1=means[0],
        sd1=sds[0],
        mean2=means[1],
        sd2=sds[1],
        mean_change=_mean_change(both, confidence),
        sd_change=float((both[:, 1] - both[:, 0]).std(ddof=1)),
        r=r,
        icc=intraclass_correlations(squares, confidence=confidence),
        error=measurement_error(squares),
        change=change,
        warnings=tuple(notes),
    )


def measurement_error(squares: MeanSquares) -> MeasurementError:
    r"""Return SEM and smallest detectable change from the analysis of variance.

    s²_error is the mean square of error E, s²_times = (J - E) / n, 0 where that is negative, with J
    the mean square of times.

    Parameters
    ----------
    squares : MeanSquares
        Of people by times, as `mean_squares` returns them.

    References
    ----------
    de Vet, Terwee, Knol & Bouter 2006, J Clin Epidemiol 59:1033.
    """
    shift = max((squares.occasions - squares.error) / squares.people, 0.0)
    agreement, consistency = (shift + squares.error) ** 0.5, squares.error**0.5
    factor = BEYOND_CHANCE * 2**0.5
    return MeasurementError(agreement, consistency, factor * agreement, factor * consistency)


def reliable_change(
    first: ArrayLike, second: ArrayLike, *, sd: float, reliability: float
) -> ReliableChange:
    r"""Return the reliable change index of each person: (x₂ - x₁) / (sd √2 √(1 - reliability)).

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Scores before and after; NaN gives NaN.
    sd : float
        Standard deviation of the first score in the sample that the reliability is from.
    reliability : float
        Of the score: test-retest r as in the paper, or an alpha.

    Raises
    ------
    CannotEstimate
        If the reliability is not at least 0 and below 1, or the deviation not above 0.

    References
    ----------
    Jacobson & Truax 1991, J Consult Clin Psychol 59:12.
    """
    if not 0 <= reliability < 1 - 1e-12:
        raise CannotEstimate(
            f"The reliability is {reliability:.2f}; it has to be at least 0 and below 1."
        )
    if not sd > 0:
        raise CannotEstimate("The standard deviation has to be above 0.")
    sem = sd * (1 - reliability) ** 0.5
    difference = 2**0.5 * sem
    index = (np.asarray(second, np.float64) - np.asarray(first, np.float64)) / difference
    reliable = np.where(np.abs(index) > BEYOND_CHANCE, np.sign(index), 0.0)
    return ReliableChange(
        sd, reliability, sem, difference, BEYOND_CHANCE * difference, index, reliable
    )


def _pearson(both: Floats) -> float | None:
    first, second = (both - both.mean(axis=0)).T
    if np.ptp(both[:, 0]) == 0 or np.ptp(both[:, 1]) == 0:
        return None
    return float(first @ second / np.sqrt((first @ first) * (second @ second)))


def _mean_change(both: Floats, confidence: float) -> Estimate:
    change = both[:, 1] - both[:, 0]
    mean, sd = float(change.mean()), float(change.std(ddof=1))
    return mean_interval(mean, sd, len(change), confidence=confidence)

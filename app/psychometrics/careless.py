"""Signs of answers given without reading: one number a person and index, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Bools, Floats, as_matrix, complete_cases
from app.psychometrics.refusal import CannotEstimate

#: A correlation over fewer scales, or fewer answers, is not worked out.
FEWEST_SCALES = 3
FEWEST_ANSWERS = 3
FEWEST_ITEMS = 2


@dataclass(frozen=True)
class Yardstick:
    """What most people of a sample answer.

    `means` of the items over everybody who answered them; `center` and `inverse` (of the
    covariances, n - 1) over complete cases, None where these are too few or singular.
    """

    means: Floats
    center: Floats | None
    inverse: Floats | None

    @classmethod
    def of(cls, answers: ArrayLike) -> "Yardstick":
        """Return the yardstick of people by items.

        Parameters
        ----------
        answers : array_like, shape (n, k)
            As asked and as answered, NaN for missing.

        Raises
        ------
        CannotEstimate
            If there are fewer than two items, or one that nobody answered.
        """
        matrix = as_matrix(answers)
        if matrix.shape[1] < FEWEST_ITEMS:
            raise CannotEstimate(f"Signs of careless answers need at least {FEWEST_ITEMS} items.")
        answered = ~np.isnan(matrix)
        if not answered.any(axis=0).all():
            raise CannotEstimate("Nobody answered one of the items; leave it out.")
        means = np.where(answered, matrix, 0.0).sum(axis=0) / answered.sum(axis=0)
        return cls(means, *_distance_from(matrix))


@dataclass(frozen=True)
class CarelessIndices:
    """One element a person; NaN where an index cannot be worked out."""

    longstring: Floats
    mean_run: Floats
    irv: Floats
    mahalanobis: Floats
    mahalanobis_p: Floats
    even_odd: Floats
    person_total: Floats


def careless_indices(
    answers: ArrayLike, *, scales: Sequence[ArrayLike] = (), yardstick: Yardstick | None = None
) -> CarelessIndices:
    """Return every index of each person.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items **as asked and as answered**: in the order of the page, reversed items not
        turned, NaN for missing.
    scales : sequence of array_like, shape (n, items of the scale)
        The items of each scale, turned, for `even_odd`.
    yardstick : Yardstick, optional
        What people are compared with; the yardstick of `answers` where not given.

    Returns
    -------
    CarelessIndices
        As in `runs`, `variability`, `mahalanobis`, `even_odd` and `person_total`.

    Raises
    ------
    CannotEstimate
        If no yardstick is given and these answers make none (see `Yardstick.of`).
    """
    matrix = as_matrix(answers)
    yardstick = yardstick or Yardstick.of(matrix)
    longest, mean = runs(matrix)
    distance, p = mahalanobis(matrix, yardstick)
    return CarelessIndices(
        longstring=longest,
        mean_run=mean,
        irv=variability(matrix),
        mahalanobis=distance,
        mahalanobis_p=p,
        even_odd=even_odd(scales, people=len(matrix)),
        person_total=person_total(matrix, yardstick.means),
    )


def runs(answers: Floats) -> tuple[Floats, Floats]:
    """Return the longest run of the same answer, and the mean length of a run.

    Both (n,), in answers: from 1 to k; the mean is the number of answers over the number of runs. A
    missing answer ends a run and is none itself; NaN for who answered nothing. The same as
    `careless::longstring(x, avg = TRUE)` where nothing is missing.

    Parameters
    ----------
    answers : array, shape (n, k)
        In the order of the page, reversed items not turned.

    References
    ----------
    Johnson 2005, J Res Pers 39:103. Meade & Craig 2012, Psychol Methods 17:437.
    """
    length, longest, count = np.zeros((3, len(answers)))
    before = np.full(len(answers), np.nan)
    for column in answers.T:
        answered, same = ~np.isnan(column), column == before
        count += answered & ~same
        length = np.where(same, length + 1, answered)
        longest = np.maximum(longest, length)
        before = column
    answers_given = (~np.isnan(answers)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, longest, np.nan), answers_given / count


def variability(answers: Floats) -> Floats:
    """Return the intra-individual response variability: the deviation (n - 1) of one's answers.

    √(Σ_j (x_ij - x_i.)² / (m_i - 1)) over the m_i answers that person i gave, in points of an
    answer, (n,). Missing answers are left out; NaN with fewer than two. 0 for the same answer
    throughout; large where answers jump. The same as `careless::irv`.

    Parameters
    ----------
    answers : array, shape (n, k)
        Reversed items not turned.

    References
    ----------
    Dunn and others 2018, J Bus Psychol 33:105.
    """
    answered = ~np.isnan(answers)
    count = answered.sum(axis=1)
    filled = np.where(answered, answers, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(answered, filled - (filled.sum(axis=1) / count)[:, None], 0.0)
        variance = (apart**2).sum(axis=1) / (count - 1)
    return np.where(count > 1, np.sqrt(np.maximum(variance, 0.0)), np.nan)


def mahalanobis(answers: Floats, yardstick: Yardstick) -> tuple[Floats, Floats]:
    """Return D², the distance from what most people answer, and its p.

    D² = (x - m)' S⁻¹ (x - m) with m and S (n - 1) of the yardstick's complete cases, (n,), not
    negative; p from chi-square with as many degrees of freedom as items, right for normal answers
    only (short skewed items have too many small p). NaN with a missing answer, and for everybody
    where S is singular or there are no more complete cases than items. The same as
    `stats::mahalanobis`.

    Parameters
    ----------
    answers : array, shape (n, k)
        NaN for missing.
    yardstick : Yardstick
        Of the same k items.

    References
    ----------
    Mahalanobis 1936, Proc Natl Inst Sci India 2:49. Meade & Craig 2012, Psychol Methods 17:437.
    """
    from scipy.stats import chi2

    if yardstick.center is None or yardstick.inverse is None:
        nothing = np.full(len(answers), np.nan)
        return nothing, nothing
    apart = answers - yardstick.center
    distance = np.einsum("ij,ij->i", apart @ yardstick.inverse, apart)
    return distance, chi2.sf(distance, answers.shape[1])


def even_odd(scales: Sequence[ArrayLike], *, people: int) -> Floats:
    """Return the even-odd consistency: whether halves of the same scale say the same.

    Over the scales, the correlation of the means of the odd and of the even items, stepped up to
    2r / (1 + r) and not below -1: (n,), from -1 to 1. Answers that are missing are left out of the
    means, and a scale of which a half is missing is left out; NaN with fewer than three scales, or
    where a half is the same for all of them. Before its version 1.2 `careless::evenodd` gave the
    same, since then with the opposite sign.

    Parameters
    ----------
    scales : sequence of array_like, shape (n, items of the scale)
        Reversed items already turned, NaN for missing.
    people : int
        n, for the case that there are too few scales.

    References
    ----------
    Johnson 2005, J Res Pers 39:103.
    """
    if len(scales) < FEWEST_SCALES:
        return np.full(people, np.nan)
    halves = [_halves(as_matrix(scale)) for scale in scales]
    odd, even = (np.column_stack([half[side] for half in halves]) for side in (0, 1))
    r = _row_correlation(odd, even, least=FEWEST_SCALES)
    with np.errstate(divide="ignore"):
        return np.maximum(2 * r / (1 + r), -1.0)


def person_total(answers: Floats, means: Floats) -> Floats:
    """Return the correlation of one's answers with the means of the items.

    Over the items one answered, against everybody's mean (one's own answers are in it, which
    matters little from some dozens of people on): (n,), from -1 to 1. Low or negative: one finds
    true what others do not. NaN with fewer than three answers or the same answer throughout.

    Parameters
    ----------
    answers : array, shape (n, k)
        Reversed items not turned, NaN for missing.
    means : array, shape (k,)
        Of the items over everybody.

    References
    ----------
    Donlon & Fischer 1968, Educ Psychol Meas 28:105. Curran 2016, J Exp Soc Psychol 66:4.
    """
    others = np.where(np.isnan(answers), np.nan, means)
    return _row_correlation(answers, others, least=FEWEST_ANSWERS)


def too_fast(seconds: ArrayLike, answers: ArrayLike, *, fastest: float) -> Bools:
    """Tell who took less than `fastest` seconds an answered item: (n,), False where unknown.

    Parameters
    ----------
    seconds : array_like, shape (n,)
        How long each person took for all items together; NaN where it is not known.
    answers : array_like, shape (n, k)
        NaN for missing; who answered nothing was not fast.
    fastest : float
        Seconds an item.

    References
    ----------
    Huang and others 2012, J Bus Psychol 27:99: two seconds an item.
    """
    answered = (~np.isnan(as_matrix(answers))).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.asarray(seconds, np.float64) / answered
    fast: Bools = (each < fastest) & (answered > 0)
    return fast


def _distance_from(matrix: Floats) -> tuple[Floats, Floats] | tuple[None, None]:
    try:
        complete = complete_cases(matrix, least=matrix.shape[1] + 1)
    except CannotEstimate:
        return None, None
    if (np.ptp(complete, axis=0) == 0).any():
        return None, None
    covariances = np.atleast_2d(np.cov(complete, rowvar=False))
    scale = np.outer(*[np.sqrt(np.diag(covariances))] * 2)
    correlations = covariances / scale
    if np.linalg.eigvalsh(correlations)[0] < 1e-10:  # noqa: PLR2004 -- singular for a float
        return None, None
    return complete.mean(axis=0), np.linalg.inv(correlations) / scale


def _halves(scale: Floats) -> tuple[Floats, Floats]:
    return _row_means(scale[:, 0::2]), _row_means(scale[:, 1::2])


def _row_means(values: Floats) -> Floats:
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(there, values, 0.0).sum(axis=1) / there.sum(axis=1)
    return means


def _row_correlation(one: Floats, other: Floats, *, least: int) -> Floats:
    """Pearson's r in each row, over what is there in both."""
    there = ~np.isnan(one) & ~np.isnan(other)
    count = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = _apart(one, there, count)
        second = _apart(other, there, count)
        r = (first * second).sum(axis=1) / np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    r[(count < least) | ~np.isfinite(r)] = np.nan
    clipped: Floats = np.clip(r, -1.0, 1.0)
    return clipped


def _apart(values: Floats, there: Bools, count: Floats) -> Floats:
    """Deviations from the row's mean, exactly 0 where the row is the same throughout."""
    low = np.where(there, values, np.inf).min(axis=1)
    high = np.where(there, values, -np.inf).max(axis=1)
    mean = np.where(there, values, 0.0).sum(axis=1) / count
    return np.where(there & (high > low)[:, None], values - mean[:, None], 0.0)

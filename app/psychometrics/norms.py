"""Norms of a group: where each score stands among the scores of its members."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats
from app.psychometrics.estimate import Estimate, mean_interval
from app.psychometrics.refusal import CannotEstimate

T_MEAN, T_DEVIATION = 50.0, 10.0


@dataclass(frozen=True)
class NormRow:
    """One score: how many have it, its percentile rank with interval, z, T and normalised T."""

    score: float
    count: int
    percentile: Estimate
    z: float
    t: float
    t_normalised: float


@dataclass(frozen=True)
class Norms:
    """The norms of one group of `people`; `sd` and `skewness` are the sample's (n - 1, G1)."""

    people: int
    mean: Estimate
    sd: float
    skewness: float | None
    rows: tuple[NormRow, ...]


def norms(scores: ArrayLike, *, possible: ArrayLike = (), confidence: float = 0.95) -> Norms:
    r"""Return the norms of a group from the scores of its members.

    Parameters
    ----------
    scores : array_like, shape (n,)
        One score a member, NaN for none: those are left out.
    possible : array_like
        Scores to list although nobody has them; those that somebody has are listed anyway.
    confidence : float
        Of the intervals.

    Returns
    -------
    Norms
        For each score x, with `below` members under it and `at` members on it:

        - percentile rank by mid-ranks, 100 (below + at / 2) / n: who has the same score shares the
          place in the middle. From 0 to 100, both only for scores that nobody has. Its interval is
          Jeffreys', the quantiles of Beta(c + ½, n - c + ½) with c = below + at / 2;
        - z = (x - mean) / sd with n - 1, T = 50 + 10 z;
        - normalised T = 50 + 10 Φ⁻¹(percentile rank / 100), the rank kept half a person (50 / n)
          away from 0 and 100, where the normal curve has no end.

        The mean has the t interval.

    Raises
    ------
    CannotEstimate
        If fewer than two members have a score, or all have the same.

    References
    ----------
    Crawford, Garthwaite & Slick 2009, Clin Neuropsychol 23:1173 (percentile norms with intervals).
    Brown, Cai & DasGupta 2001, Stat Sci 16:101 (Jeffreys' interval).
    """
    values = np.asarray(scores, dtype=np.float64).ravel()
    values = values[~np.isnan(values)]
    if len(values) < 2:  # noqa: PLR2004 -- a deviation
        raise CannotEstimate(f"Norms need people with a score; here are {len(values)}.")
    if np.ptp(values) == 0:
        raise CannotEstimate("Everybody has the same score; there is nothing to compare.")
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    return Norms(
        people=len(values),
        mean=mean_interval(mean, sd, len(values), confidence=confidence),
        sd=sd,
        skewness=_skewness(values),
        rows=tuple(_rows(values, np.asarray(possible, np.float64).ravel(), mean, sd, confidence)),
    )


def _rows(
    values: Floats, possible: Floats, mean: float, sd: float, confidence: float
) -> list[NormRow]:
    from scipy.special import ndtri

    n, ordered = len(values), np.sort(values)
    listed = np.unique(np.concatenate([ordered, possible]))
    below = np.searchsorted(ordered, listed, side="left")
    at = np.searchsorted(ordered, listed, side="right") - below
    middle = below + at / 2
    low, high = _jeffreys(middle, n, confidence)
    z = (listed - mean) / sd
    normalised = T_MEAN + T_DEVIATION * ndtri(np.clip(middle, 0.5, n - 0.5) / n)
    return [
        NormRow(
            score=float(listed[i]),
            count=int(at[i]),
            percentile=Estimate(float(100 * middle[i] / n), float(low[i]), float(high[i])),
            z=float(z[i]),
            t=float(T_MEAN + T_DEVIATION * z[i]),
            t_normalised=float(normalised[i]),
        )
        for i in range(len(listed))
    ]


def _jeffreys(count: Floats, n: int, confidence: float) -> tuple[Floats, Floats]:
    """As percentages; an end where nobody is beyond it is 0 or 100."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = betaincinv(count + 0.5, n - count + 0.5, tail)
    high = betaincinv(count + 0.5, n - count + 0.5, 1 - tail)
    return np.where(count == 0, 0.0, 100 * low), np.where(count == n, 100.0, 100 * high)


def _skewness(values: Floats) -> float | None:
    """G1 of Joanes & Gill 1998, as SPSS and `psych::skew(type = 2)`; needs three people."""
    n = len(values)
    if n < 3:  # noqa: PLR2004 -- the formula divides by n - 2
        return None
    apart = values - values.mean()
    g1 = float((apart**3).mean() / (apart**2).mean() ** 1.5)
    return g1 * float(np.sqrt(n * (n - 1))) / (n - 2)

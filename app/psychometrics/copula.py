"""People who answer as a sample does: the same items' distributions, the same correlations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats, complete_cases

FEWEST_PEOPLE = 30
#: Terms of the series in Hermite polynomials, halvings of the interval, and the largest r sought.
TERMS, HALVINGS, MOST_R = 40, 40, 0.98


@dataclass(frozen=True)
class AnswerModel:
    """A Gaussian copula: latent normal answers, cut at thresholds into the answers of each item.

    `values` and `thresholds` are those of each item (one threshold less); `root` is the Cholesky
    root of the latent correlations.
    """

    values: tuple[Floats, ...]
    thresholds: tuple[Floats, ...]
    root: Floats

    @classmethod
    def of(cls, answers: ArrayLike) -> "AnswerModel":
        """Fit the model to people by items.

        The latent correlations are those under which the answers correlate as they do in the
        sample (found pair by pair from the series Σ a_im a_jm r^m, kept between -.98 and .98), made
        positive definite. An item that everybody answered alike is always answered so.

        Parameters
        ----------
        answers : array_like, shape (n, k)
            NaN for missing. Complete cases.

        Raises
        ------
        CannotEstimate
            If fewer than 30 people answered everything.

        References
        ----------
        Cario & Nelson 1997, Modeling and generating random vectors with arbitrary marginal
        distributions and correlation matrix (NORTA).
        """
        complete = complete_cases(answers, least=FEWEST_PEOPLE)
        margins = [_margin(column) for column in complete.T]
        values, thresholds = (tuple(m[part] for m in margins) for part in (0, 1))
        series = np.array([_series(v, t) for v, t in zip(values, thresholds, strict=True)])
        covariances = np.atleast_2d(np.cov(complete, rowvar=False, bias=True))
        return cls(values, thresholds, _root(_latent(series, covariances)))

    def draw(self, people: int, rng: np.random.Generator) -> Floats:
        """Return the answers of `people` made-up people, (people, k), none missing."""
        latent = rng.standard_normal((people, len(self.values))) @ self.root.T
        return np.column_stack(
            [
                values[np.searchsorted(thresholds, column)]
                for values, thresholds, column in zip(
                    self.values, self.thresholds, latent.T, strict=True
                )
            ]
        )


def _margin(column: Floats) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    values, counts = np.unique(column, return_counts=True)
    return values, ndtri(np.cumsum(counts)[:-1] / len(column))


def _series(values: Floats, thresholds: Floats) -> Floats:
    """Coefficients a_1 … a_TERMS of the answer in normed Hermite polynomials of the latent one."""
    steps = np.diff(values) * np.exp(-(thresholds**2) / 2) / np.sqrt(2 * np.pi)
    before, here = np.zeros_like(thresholds), np.ones_like(thresholds)
    coefficients = np.empty(TERMS)
    for m in range(1, TERMS + 1):
        coefficients[m - 1] = steps @ here / np.sqrt(m)
        before, here = here, (thresholds * here - np.sqrt(m - 1) * before) / np.sqrt(m)
    return coefficients


def _latent(series: Floats, covariances: Floats) -> Floats:
    """Halve the interval of every pair's latent correlation until the answers covary as wanted."""
    k = len(series)
    first, second = np.triu_indices(k, 1)
    product, wanted = series[first] * series[second], covariances[first, second]
    low, high = np.full(len(first), -MOST_R), np.full(len(first), MOST_R)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = np.zeros(len(first))
        for coefficient in product.T[::-1]:
            reached = (reached + coefficient) * middle
        is_low = reached < wanted
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    latent = np.eye(k)
    found = np.where((product == 0).all(axis=1), 0.0, (low + high) / 2)
    latent[first, second] = latent[second, first] = found
    return latent


def _root(correlations: Floats) -> Floats:
    """The Cholesky root of the nearest proper correlations (negative eigenvalues raised)."""
    values, vectors = np.linalg.eigh(correlations)
    raised = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    deviations = np.sqrt(np.diag(raised))
    root: Floats = np.linalg.cholesky(raised / np.outer(deviations, deviations))
    return root

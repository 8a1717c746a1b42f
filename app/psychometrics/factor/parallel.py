"""How many factors: parallel analysis, eigenvalues held against those of noise."""

from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.factor.correlations import Correlations
from app.psychometrics.minimum_residuals import uniquenesses

RESAMPLES = 200
PERCENTILE = 0.95
#: Enough for eigenvalues, and ten times as fast as for loadings.
_PRECISION = 1e-10


@dataclass(frozen=True)
class Eigenvalues:
    """Eigenvalues, largest first, and the mean and 95th percentile of those of noise.

    `by_mean` and `by_percentile`: how many from the first on lie above (Horn's mean; Glorfeld's
    stricter percentile).
    """

    observed: Floats
    noise_mean: Floats
    noise_percentile: Floats

    @property
    def by_mean(self) -> int:
        """How many exceed the mean of noise."""
        return _leading(self.observed > self.noise_mean)

    @property
    def by_percentile(self) -> int:
        """How many exceed the 95th percentile of noise."""
        return _leading(self.observed > self.noise_percentile)


@dataclass(frozen=True)
class Parallel:
    """Parallel analysis of components (the correlations) and of factors (what is common)."""

    components: Eigenvalues
    factors: Eigenvalues
    resamples: int
    seed: int


def parallel_analysis(given: Correlations, *, seed: int, resamples: int = RESAMPLES) -> Parallel:
    """Compare the eigenvalues of the correlations with those of uncorrelated normal answers.

    Components: eigenvalues of the correlations (Horn). Factors: eigenvalues of the correlations
    with the communalities of one factor by minimum residuals in the diagonal, as
    `psych::fa.parallel` takes them. Noise: as many people and items, drawn independent and normal;
    the same `seed` gives the same figures.

    Parameters
    ----------
    given : Correlations
        Over complete cases; noise is drawn for as many.
    seed : int
    resamples : int
        How many tables of noise.

    References
    ----------
    Horn 1965, Psychometrika 30:179. Glorfeld 1995, Educ Psychol Meas 55:377 (percentile).
    """
    random = np.random.default_rng(seed)
    k, people = len(given.matrix), given.people
    components, factors = np.empty((resamples, k)), np.empty((resamples, k))
    for row in range(resamples):
        noise = _correlated(random.standard_normal((people, k)))
        components[row] = np.linalg.eigvalsh(noise)[::-1]
        factors[row] = _reduced(noise)
    observed = np.linalg.eigvalsh(given.matrix)[::-1].astype(np.float64)
    return Parallel(
        components=_held(observed, components),
        factors=_held(_reduced(given.matrix), factors),
        resamples=resamples,
        seed=seed,
    )


def _correlated(draws: Floats) -> Floats:
    apart = draws - draws.mean(axis=0)
    apart /= np.sqrt((apart**2).sum(axis=0))
    found: Floats = apart.T @ apart
    return found


def _reduced(matrix: Floats) -> Floats:
    own = np.diag(uniquenesses(matrix, 1, precision=_PRECISION))
    return np.linalg.eigvalsh(matrix - own)[::-1].astype(np.float64)


def _held(observed: Floats, noise: Floats) -> Eigenvalues:
    return Eigenvalues(
        observed, noise.mean(axis=0), np.quantile(noise, PERCENTILE, axis=0).astype(np.float64)
    )


def _leading(above: np.ndarray) -> int:
    """How many from the first on are true."""
    return int(np.argmin(np.append(above, False)))

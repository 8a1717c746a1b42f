"""Unique variances by minimum residuals: what one factor or several leave of each item."""

import numpy as np

from app.psychometrics.cases import Floats

#: An item with less unique variance than this share is a Heywood case; the search stops there.
LEAST_UNIQUENESS = 0.005
_PRECISION, _STEPS = 1e-16, 1000
#: Several factors have more than one minimum; so many other places, always the same, are tried.
_STARTS, _SEED = 15, 1
#: Added to the curvature: that of three items, of which two are one, is singular.
_RIDGE = 1e-10


def uniquenesses(matrix: Floats, factors: int, *, precision: float = _PRECISION) -> Floats:
    r"""Return the unique variances (k,) of `factors` factors by minimum residuals.

    Newton's method between `LEAST_UNIQUENESS` and 1 with the curvature (Σ_{f>m} v_if v_jf)², v the
    eigenvectors left over, until a step would gain less than `precision`. It starts from what the
    other items do not explain (1 - SMC); with several factors, whose misfit can have more than one
    minimum, also from fifteen other places, and the least misfit counts.

    Parameters
    ----------
    matrix : array, shape (k, k)
        Correlations; they may be singular.
    factors : int
        At least one and fewer than k.
    precision : float
        In squared correlations.

    References
    ----------
    Jöreskog 1977, in Statistical Methods for Digital Computers III (unweighted least squares).
    """
    start = np.clip(1 / np.diag(np.linalg.pinv(matrix, hermitian=True)), LEAST_UNIQUENESS, 1.0)
    unique, value = _descended(matrix, start, factors, precision)
    if factors > 1:
        others = np.random.default_rng(_SEED).uniform(0.1, 0.9, (_STARTS, len(matrix)))
        for other in others:
            tried, found = _descended(matrix, other, factors, precision)
            if found < value - precision:
                unique, value = tried, found
    return unique


def _descended(
    matrix: Floats, unique: Floats, factors: int, precision: float
) -> tuple[Floats, float]:
    """The minimum below a start, and its misfit."""
    value, gradient, curvature = _misfit(matrix, unique, factors)
    for _ in range(_STEPS):
        free = ~((unique <= LEAST_UNIQUENESS) & (gradient > 0) | (unique >= 1) & (gradient < 0))
        move = np.zeros(len(unique))
        move[free] = -np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        if -gradient @ move < precision:
            break
        share = 1.0
        while share > 1e-9:  # noqa: PLR2004 -- a step that small is none
            tried = np.clip(unique + share * move, LEAST_UNIQUENESS, 1.0)
            found = _misfit(matrix, tried, factors)
            if found[0] < value:
                break
            share /= 2
        else:
            break
        unique, (value, gradient, curvature) = tried, found
    return unique, value


def _misfit(matrix: Floats, unique: Floats, factors: int) -> tuple[float, Floats, Floats]:
    """Half the squares of the eigenvalues left over, its gradient, and its curvature."""
    values, vectors = np.linalg.eigh(matrix - np.diag(unique))
    rest, directions = values[:-factors], vectors[:, :-factors]
    curvature = (directions @ directions.T) ** 2 + _RIDGE * np.eye(len(unique))
    return float((rest**2).sum()) / 2, -(directions**2 @ rest), curvature


def is_heywood(unique: Floats) -> bool:
    """Whether a unique variance, as a share of its item's, was driven to its bound."""
    return bool((unique <= LEAST_UNIQUENESS * 1.001).any())

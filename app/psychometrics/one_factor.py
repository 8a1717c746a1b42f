"""One common factor behind the items of a scale: minimum residuals, or maximum likelihood."""

from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.minimum_residuals import LEAST_UNIQUENESS, is_heywood, uniquenesses
from app.psychometrics.refusal import CannotEstimate

FEWEST_ITEMS = 3

_PRECISE = {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 10_000, "maxfun": 100_000}


@dataclass(frozen=True)
class OneFactor:
    """Loadings and unique variances of `k` items on the scale of the matrix that was given.

    `is_heywood` tells that an item's unique variance was driven to its bound: the model does not
    fit, and what is derived from it is not to be trusted.
    """

    loadings: Floats
    uniquenesses: Floats
    is_heywood: bool

    @property
    def omega(self) -> float:
        """Omega total by the model: (Σλ)² / ((Σλ)² + Σψ), between 0 and 1 (McDonald 1999)."""
        common = float(self.loadings.sum()) ** 2
        return common / (common + float(self.uniquenesses.sum()))


def minimum_residuals(correlations: Floats) -> OneFactor:
    r"""Fit one factor to a correlation matrix by minimum residuals (Harman & Jones 1966).

    Minimises Σ_{i<j} (r_ij - λ_i λ_j)² as `uniquenesses` does. Gives what `psych::fa(r,
    nfactors=1, fm="minres")` gives where no unique variance reaches the bound of 0.5 %; there psych
    lets a loading pass 1.

    Parameters
    ----------
    correlations : array, shape (k, k)
        Correlations between `k` items, at least three, without missing values.

    Returns
    -------
    OneFactor
        Loadings between -1 and 1, their sum not negative.

    Raises
    ------
    CannotEstimate
        If there are fewer than three items, or one without variance.
    """
    _check(correlations)
    unique = uniquenesses(correlations, 1)
    values, vectors = np.linalg.eigh(correlations - np.diag(unique))
    return _turned(vectors[:, -1] * np.sqrt(max(values[-1], 0.0)), unique)


def maximum_likelihood(covariances: Floats) -> OneFactor:
    r"""Fit one factor to a covariance matrix by maximum likelihood (Jöreskog 1967).

    Minimises log|Σ| + tr(S Σ⁻¹) with Σ = λλ' + Ψ; unlike `lavaan`, unique variances stay above
    0.5 % of the item's variance. Gives what `lavaan::cfa("f =~ …", std.lv = TRUE)` gives where no
    unique variance reaches that bound.

    Parameters
    ----------
    covariances : array, shape (k, k)
        Covariances between `k` items, at least three; positive definite.

    Returns
    -------
    OneFactor
        In the units of the items; the sum of the loadings is not negative.

    Raises
    ------
    CannotEstimate
        If there are fewer than three items, one without variance, or items that follow exactly
        from the others.
    """
    from scipy.optimize import minimize

    _check(covariances)
    deviations = np.sqrt(np.diag(covariances))
    correlations = covariances / np.outer(deviations, deviations)
    if np.linalg.eigvalsh(correlations)[0] < 1e-10:  # noqa: PLR2004 -- singular for a float
        raise CannotEstimate("An item follows exactly from the others; leave it out.")

    def misfit(unique: Floats) -> tuple[float, Floats]:
        loadings, values = _profile(correlations, unique)
        rest = values[:-1]
        implied = np.outer(loadings, loadings) + np.diag(unique)
        gradient = np.diag(implied - correlations) / unique**2
        return float(np.sum(rest - np.log(rest) - 1)), gradient

    start = np.clip(1 / np.diag(np.linalg.inv(correlations)) * 0.9, LEAST_UNIQUENESS, 1)
    bounds = [(LEAST_UNIQUENESS, 1.0)] * len(start)
    found = minimize(misfit, start, jac=True, method="L-BFGS-B", bounds=bounds, options=_PRECISE)
    loadings, _ = _profile(correlations, found.x)
    one = _turned(loadings, found.x)
    return OneFactor(
        one.loadings * deviations, one.uniquenesses * deviations**2, is_heywood=one.is_heywood
    )


def _profile(correlations: Floats, unique: Floats) -> tuple[Floats, Floats]:
    """The best loadings for given unique variances, and the eigenvalues behind them."""
    roots = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlations / np.outer(roots, roots))
    return roots * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)), values


def _check(matrix: Floats) -> None:
    if len(matrix) < FEWEST_ITEMS:
        raise CannotEstimate(f"One factor needs at least {FEWEST_ITEMS} items.")
    if not np.isfinite(matrix).all() or (np.diag(matrix) <= 0).any():
        raise CannotEstimate("Everybody gave the same answer to an item; leave it out.")


def _turned(loadings: Floats, unique: Floats) -> OneFactor:
    sign = -1.0 if loadings.sum() < 0 else 1.0
    return OneFactor(sign * loadings, unique, is_heywood(unique))

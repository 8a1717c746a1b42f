"""A factor structure as a model of correlations, and the search for its most likely parameters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.psychometrics.cases import Floats
from app.psychometrics.refusal import CannotEstimate

_STEPS = 500
#: Twice what the likelihood of one person can still gain.
_DONE = 1e-16


@dataclass(frozen=True)
class Structure:
    """`factor_of` (k,) is the factor of each item.

    Parameters in a row: loadings (k), unique variances (k), correlations of the factors (pairs).
    """

    factor_of: NDArray[np.int64]
    factors: int

    @property
    def k(self) -> int:
        """How many items."""
        return len(self.factor_of)

    @property
    def size(self) -> int:
        """How many parameters."""
        return 2 * self.k + self.factors * (self.factors - 1) // 2

    def phi(self, parameters: Floats) -> Floats:
        """The correlations of the factors, (factors, factors)."""
        found = np.eye(self.factors)
        rows, columns = np.triu_indices(self.factors, 1)
        found[rows, columns] = found[columns, rows] = parameters[2 * self.k :]
        return found

    def weights(self, parameters: Floats) -> Floats:
        """The loadings as a matrix, (k, factors)."""
        found = np.zeros((self.k, self.factors))
        found[np.arange(self.k), self.factor_of] = parameters[: self.k]
        return found

    def implied(self, parameters: Floats) -> Floats:
        """The correlations that the model implies: Λ Φ Λ' + Θ."""
        weights = self.weights(parameters)
        found: Floats = weights @ self.phi(parameters) @ weights.T
        return found + np.diag(parameters[self.k : 2 * self.k])

    def slopes(self, parameters: Floats) -> Floats:
        """Derivatives of `implied` by each parameter, (size, k, k)."""
        weights, phi = self.weights(parameters), self.phi(parameters)
        towards = weights @ phi
        found = np.zeros((self.size, self.k, self.k))
        items = np.arange(self.k)
        found[items, items, :] = towards[:, self.factor_of].T
        found[: self.k] += found[: self.k].transpose(0, 2, 1)
        found[self.k + items, items, items] = 1.0
        for at, (p, q) in enumerate(zip(*np.triu_indices(self.factors, 1), strict=True)):
            product = np.outer(weights[:, p], weights[:, q])
            found[2 * self.k + at] = product + product.T
        return found

    def misfit(self, parameters: Floats, matrix: Floats) -> float:
        """F = log|Σ| + tr(S Σ⁻¹) - log|S| - k; infinite where Σ is no correlation matrix."""
        implied = self.implied(parameters)
        if np.linalg.eigvalsh(implied)[0] <= 1e-10:  # noqa: PLR2004 -- singular for a float
            return float("inf")
        fit = np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, matrix))
        return float(fit - np.linalg.slogdet(matrix)[1] - self.k)

    def facing_up(self, parameters: Floats, information: Floats) -> tuple[Floats, Floats]:
        """Turn factors whose loadings are mostly negative, and the information with them."""
        signs = np.sign(self.weights(parameters).sum(axis=0))
        signs[signs == 0] = 1.0
        pairs = [
            signs[p] * signs[q] for p, q in zip(*np.triu_indices(self.factors, 1), strict=True)
        ]
        turn = np.concatenate([signs[self.factor_of], np.ones(self.k), pairs])
        return parameters * turn, information * np.outer(turn, turn)


def search(model: Structure, matrix: Floats) -> tuple[Floats, Floats]:
    """Return the most likely parameters (size,) and the expected information a person (size, size).

    Fisher scoring with halved steps. Unique variances may become negative and correlations of
    factors exceed 1, as in `lavaan`: the caller says so.

    Parameters
    ----------
    model : Structure
    matrix : array, shape (k, k)
        Correlations, positive definite.

    Raises
    ------
    CannotEstimate
        If the information is singular (the structure is not determined), or no minimum is found.
    """
    parameters = _start(model, matrix)
    best = model.misfit(parameters, matrix)
    for _ in range(_STEPS):
        inverse = np.linalg.inv(model.implied(parameters))
        slopes = model.slopes(parameters)
        sided = inverse @ slopes
        flat = sided.reshape(model.size, -1)
        turned = sided.transpose(0, 2, 1).reshape(model.size, -1)
        information = flat @ turned.T / 2
        apart = inverse @ (matrix - model.implied(parameters)) @ inverse
        gradient = (slopes * apart).sum(axis=(1, 2)) / 2
        if np.linalg.eigvalsh(information)[0] <= 1e-12:  # noqa: PLR2004 -- not determined
            raise CannotEstimate("The structure is not determined by these items.")
        move = np.linalg.solve(information, gradient)
        if gradient @ move < _DONE:
            return parameters, information
        parameters, gained = _step(model, matrix, parameters, move, best)
        if gained >= best:
            return parameters, information
        best = gained
    raise CannotEstimate("No best fit of the structure was found; the items hardly correlate.")


def _step(
    model: Structure, matrix: Floats, parameters: Floats, move: Floats, best: float
) -> tuple[Floats, float]:
    share = 1.0
    for _ in range(40):
        tried = parameters + share * move
        found = model.misfit(tried, matrix)
        if found < best:
            return tried, found
        share /= 2
    return parameters, best


def _start(model: Structure, matrix: Floats) -> Floats:
    """Loadings in the direction of each factor's first component, factors correlated by half."""
    loadings = np.empty(model.k)
    for factor in range(model.factors):
        own = np.flatnonzero(model.factor_of == factor)
        vector = np.linalg.eigh(matrix[np.ix_(own, own)])[1][:, -1]
        vector = vector if vector.sum() >= 0 else -vector
        loadings[own] = np.clip(0.6 * np.sqrt(own.size) * vector, -0.8, 0.8)
    pairs = np.full(model.size - 2 * model.k, 0.3)
    return np.concatenate([loadings, 1 - loadings**2, pairs])

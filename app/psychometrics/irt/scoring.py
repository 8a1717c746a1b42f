"""Where people are on the trait, and how sure that is: EAP and MAP."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.psychometrics.cases import Floats
from app.psychometrics.irt.expectation import blocks, posteriors
from app.psychometrics.irt.model import GRID, LOG_PRIOR, GradedModel, indicators
from app.psychometrics.refusal import CannotEstimate

_MAP_STEPS = 100
_MAP_DONE = 1e-10


@dataclass(frozen=True)
class TraitScores:
    """One element a person: estimate and standard error, NaN for who answered nothing."""

    theta: Floats
    error: Floats
    answered: NDArray[np.int64]

    @property
    def reliability(self) -> float | None:
        """Empirical reliability: var(θ) / (var(θ) + mean(SE²)); None for fewer than two people."""
        known = ~np.isnan(self.theta)
        if known.sum() < 2:  # noqa: PLR2004 -- one person does not vary
            return None
        between = float(self.theta[known].var())
        return between / (between + float((self.error[known] ** 2).mean()))


def eap(model: GradedModel, answers: ArrayLike) -> TraitScores:
    r"""Return the mean of the posterior and its standard deviation (expected a posteriori).

    θ̂ = Σ_q θ_q w_q L(x | θ_q) / Σ_q w_q L(x | θ_q), prior standard normal, on the grid of
    `irt.model`. Only answered items count. `mirt::fscores(method = "EAP")` gives the same.

    Parameters
    ----------
    model : GradedModel
    answers : array_like, shape (n, items)
        In the order of the model's items and counted as they were when it was fitted, NaN for
        missing.

    Returns
    -------
    TraitScores
        In standard deviations of the population that the model was fitted to.

    Raises
    ------
    CannotEstimate
        If there are not as many columns as items.

    References
    ----------
    Bock & Mislevy 1982, Appl Psychol Meas 6:431.
    """
    codes = model.coded(answers)
    sizes = [len(item.values) for item in model.items]
    log_probabilities = model.log_probabilities(GRID)
    theta, square = np.empty(len(codes)), np.empty(len(codes))
    moments = np.column_stack([GRID, GRID**2])
    for rows in blocks(len(codes)):
        marks = indicators(codes[rows], sizes)
        posterior, _ = posteriors(marks, log_probabilities, LOG_PRIOR)
        theta[rows], square[rows] = (posterior @ moments).T
    return _scores(theta, np.sqrt(np.maximum(square - theta**2, 0.0)), codes)


def maximum_posterior(model: GradedModel, answers: ArrayLike) -> TraitScores:
    r"""Return the mode of the posterior and its standard error (maximum a posteriori, MAP).

    Maximises log L(x | θ) - θ² / 2 by Newton's method; the error is 1 / √(J + 1), J = Σ a² (P*_c
    (1 - P*_c) + P*_{c+1} (1 - P*_{c+1})) the observed information of the answers given.
    `mirt::fscores(method = "MAP")` and `ltm::factor.scores` (empirical Bayes) give the same mode.

    Parameters, missing answers and units are as for `eap`.

    Raises
    ------
    CannotEstimate
        If there are not as many columns as items, or the search does not end.

    References
    ----------
    Samejima 1969, Psychometrika Monograph 17. Bock & Aitkin 1981, Psychometrika 46:443.
    """
    codes = model.coded(answers)
    theta = eap(model, answers).theta
    theta[np.isnan(theta)] = 0.0
    for _ in range(_MAP_STEPS):
        slope, information = _rise(model, codes, theta)
        step = np.clip((slope - theta) / (information + 1), -1.0, 1.0)
        theta += step
        if np.abs(step).max(initial=0.0) < _MAP_DONE:
            _, information = _rise(model, codes, theta)
            return _scores(theta, 1 / np.sqrt(information + 1), codes)
    raise CannotEstimate("The search for the mode of a posterior did not end.")


def _rise(model: GradedModel, codes: NDArray[np.int64], theta: Floats) -> tuple[Floats, Floats]:
    """First derivative of the log-likelihood by θ, and minus the second, a person."""
    from scipy.special import expit

    slope, information = np.zeros(len(theta)), np.zeros(len(theta))
    for j, item in enumerate(model.items):
        ends = np.array([np.inf, *item.intercepts, -np.inf])
        there = codes[:, j] >= 0
        at = codes[there, j]
        above = expit(item.slope * theta[there] + ends[at])
        below = expit(item.slope * theta[there] + ends[at + 1])
        slope[there] += item.slope * (1 - above - below)
        information[there] += item.slope**2 * (above * (1 - above) + below * (1 - below))
    return slope, information


def _scores(theta: Floats, error: Floats, codes: NDArray[np.int64]) -> TraitScores:
    answered = (codes >= 0).sum(axis=1)
    none = answered == 0
    theta[none] = error[none] = np.nan
    return TraitScores(theta, error, answered)

"""Proportional odds regression: an ordered answer by predictors, by maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats
from app.psychometrics.cumulative_logit import closeness, log_probabilities, slopes, spreads
from app.psychometrics.refusal import CannotEstimate

_STEPS = 100
#: Twice what the likelihood can still gain.
_DONE = 1e-12
#: A likelihood this near to 1 leaves nothing to chance.
_CERTAIN = -1e-4


@dataclass(frozen=True)
class OrdinalFit:
    """A fitted regression: `coefficients` (p,), their standard `errors` (p,), `intercepts` (m,).

    Coefficients are log odds a unit of the predictor; intercepts fall from the first answer above
    the least to the highest. Standard errors are from the observed information.
    """

    coefficients: Floats
    errors: Floats
    intercepts: Floats
    log_likelihood: float
    people: int


def fit_ordinal(answers: ArrayLike, predictors: ArrayLike) -> OrdinalFit:
    r"""Fit logit P(Y ≥ c) = a_c + x'β, c the answers above the least.

    With two answers this is logistic regression. `MASS::polr` writes logit P(Y ≤ c) = ζ_c - x'β, so
    that β is the same and ζ_c = -a_{c+1}.

    Parameters
    ----------
    answers : array_like, shape (n,)
        Ordered answers as numbers, without missing ones.
    predictors : array_like, shape (n, p)
        Without missing values. p may be 0: the model that knows only the shares of the answers.

    Raises
    ------
    CannotEstimate
        If everybody answered alike, a predictor is the same for everybody, predictors follow from
        each other, or the answers are perfectly separated by them.

    References
    ----------
    McCullagh 1980, J R Stat Soc B 42:109.
    """
    values, codes = np.unique(np.asarray(answers, dtype=np.float64), return_inverse=True)
    design = np.asarray(predictors, dtype=np.float64).reshape(len(codes), -1)
    if len(values) < 2:  # noqa: PLR2004 -- one answer
        raise CannotEstimate("Everybody gave the same answer.")
    centre, spread = design.mean(axis=0), design.std(axis=0)
    if (spread == 0).any():
        raise CannotEstimate("A predictor is the same for everybody.")
    parameters, covariance, log_likelihood = _search(
        _Problem(codes, (design - centre) / spread, len(values) - 1)
    )
    m = len(values) - 1
    beta = parameters[m:] / spread
    return OrdinalFit(
        coefficients=beta,
        errors=np.sqrt(np.diag(covariance)[m:]) / spread,
        intercepts=parameters[:m] - centre @ beta,
        log_likelihood=log_likelihood,
        people=len(codes),
    )


@dataclass(frozen=True)
class _Problem:
    """Codes 0 … m of the answers, and standardised predictors."""

    codes: np.ndarray
    design: Floats
    m: int

    def start(self) -> Floats:
        above = np.array([(self.codes >= c + 1).mean() for c in range(self.m)])
        return np.concatenate([np.log(above / (1 - above)), np.zeros(self.design.shape[1])])

    def predictors(self, parameters: Floats) -> Floats:
        shift = self.design @ parameters[self.m :]
        found: Floats = shift[:, None] + parameters[: self.m]
        return found

    def log_likelihood(self, parameters: Floats) -> float:
        logs = log_probabilities(self.predictors(parameters))
        return float(np.take_along_axis(logs, self.codes[:, None], axis=1).sum())

    def derivatives(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Gradient and minus the second derivatives (positive semidefinite)."""
        at = self.predictors(parameters)
        n, m = at.shape
        given = np.zeros((n, m + 1))
        given[np.arange(n), self.codes] = 1.0
        upper, lower = slopes(at)
        by_step = given[:, 1:] * upper[:, 1:] + given[:, :-1] * lower[:, :-1]
        beside = spreads(at) * (given[:, 1:] + given[:, :-1])
        gradient = np.concatenate([by_step.sum(axis=0), self.design.T @ by_step.sum(axis=1)])
        information = np.zeros((gradient.size, gradient.size))
        information[:m, :m] = _steps(at, beside, given)
        information[:m, m:] = beside.T @ self.design
        information[m:, :m] = information[:m, m:].T
        information[m:, m:] = (self.design * beside.sum(axis=1)[:, None]).T @ self.design
        return gradient, information


def _steps(at: Floats, beside: Floats, given: Floats) -> Floats:
    m = at.shape[1]
    found = np.diag(beside.sum(axis=0))
    shared = closeness(at[:1])[0] * given[:, 1:-1].sum(axis=0)
    for c in range(m - 1):
        found[c, c] += shared[c]
        found[c + 1, c + 1] += shared[c]
        found[c, c + 1] -= shared[c]
        found[c + 1, c] -= shared[c]
    return found


def _search(problem: _Problem) -> tuple[Floats, Floats, float]:
    """Newton's method, steps halved until they gain and keep the intercepts in order."""
    parameters = problem.start()
    best = problem.log_likelihood(parameters)
    for _ in range(_STEPS):
        gradient, information = problem.derivatives(parameters)
        values = np.linalg.eigvalsh(information)
        if values[0] <= 1e-10 * values[-1] or best > _CERTAIN:
            raise CannotEstimate(
                "The predictors follow from each other, or separate the answers perfectly."
            )
        move = np.linalg.solve(information, gradient).astype(np.float64)
        if gradient @ move < _DONE:
            covariance = np.linalg.inv(information).astype(np.float64)
            return parameters, covariance, best
        parameters, best = _step(problem, parameters, move, best)
    raise CannotEstimate("The predictors separate the answers perfectly.")


def _step(problem: _Problem, parameters: Floats, move: Floats, best: float) -> tuple[Floats, float]:
    share = 1.0
    for _ in range(40):
        tried = parameters + share * move
        if (np.diff(tried[: problem.m]) < 0).all():
            found = problem.log_likelihood(tried)
            if found >= best - 1e-12 * abs(best):
                return tried, found
        share /= 2
    return parameters, best

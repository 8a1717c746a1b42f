"""Gradient and information of the marginal likelihood, for the last steps and standard errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.cumulative_logit import closeness, slopes, spreads
from app.psychometrics.irt.expectation import Expected, Patterns
from app.psychometrics.irt.model import GRID, GradedItem


@dataclass(frozen=True)
class Derivatives:
    """Of one item: `scores` (m + 1, nodes, 1 + m) is d log P(c | θ) / d (slope, intercepts)."""

    scores: Floats
    gradient: Floats
    information: Floats


def derivatives(item: GradedItem, answers: Floats) -> Derivatives:
    r"""Return gradient and information of one item if the trait were known (complete data).

    Parameters
    ----------
    item : GradedItem
    answers : array, shape (m + 1, nodes)
        Expected number of people with each answer at each node.

    Returns
    -------
    Derivatives
        Gradient (1 + m,) of Σ_cq r_cq log P_c(θ_q) and minus its second derivatives (1 + m, 1 + m),
        which are positive definite: the cumulative logit is log-concave.
    """
    predictors = item.predictors(GRID)
    upper, lower = slopes(predictors)
    m = predictors.shape[1]
    scores = np.zeros((m + 1, GRID.size, m + 1))
    scores[:, :, 0] = ((upper + lower) * GRID[:, None]).T
    steps = np.arange(m)
    scores[steps + 1, :, steps + 1] = upper[:, 1:].T
    scores[steps, :, steps + 1] += lower[:, :-1].T
    gradient = np.einsum("cq,cqp->p", answers, scores)
    return Derivatives(scores, gradient, _information(predictors, answers))


def _information(predictors: Floats, answers: Floats) -> Floats:
    """The blocks: slope by slope, slope by intercept, neighbouring intercepts."""
    m = predictors.shape[1]
    beside = spreads(predictors) * (answers[:-1] + answers[1:]).T
    by_slope = GRID @ beside
    found = np.zeros((m + 1, m + 1))
    found[0, 0] = GRID**2 @ beside.sum(axis=1)
    found[0, 1:] = found[1:, 0] = by_slope
    steps = np.arange(m)
    found[steps + 1, steps + 1] = beside.sum(axis=0)
    shared = closeness(predictors[:1])[0] * answers[1:-1].sum(axis=1)
    inner = np.arange(m - 1)
    found[inner + 1, inner + 1] += shared
    found[inner + 2, inner + 2] += shared
    found[inner + 1, inner + 2] -= shared
    found[inner + 2, inner + 1] -= shared
    return found


def observed_information(
    parts: Sequence[Derivatives], patterns: Patterns, expected: Expected
) -> tuple[Floats, Floats]:
    r"""Return gradient (p,) and observed information (p, p) of the marginal log-likelihood.

    Louis' identity: the information of the complete data, less what is not known of the trait:
    Σ_i (E_i[-H] - E_i[s s'] + E_i[s] E_i[s]'), expectations over the posterior of pattern i, s and
    H the derivatives of its complete-data log-likelihood. `parts` are of the items in the order of
    `patterns`, at the parameters at which `expected` was taken.

    References
    ----------
    Louis 1982, J R Stat Soc B 44:226.
    """
    sizes = [part.scores.shape[0] for part in parts]
    at, size = np.concatenate([[0], np.cumsum(sizes)]), int(np.sum(sizes))
    places = [slice(at[j], at[j + 1]) for j in range(len(parts))]
    information = np.zeros((size, size))
    for place, part in zip(places, parts, strict=True):
        information[place, place] = part.information
    information -= _second_moments(parts, places, patterns, expected)
    means = np.zeros((len(patterns.counts), size))
    for place, part in zip(places, parts, strict=True):
        by_answer = np.einsum("cqp,iq->icp", part.scores, expected.posterior, optimize=True)
        means[:, place] = np.einsum("icp,ic->ip", by_answer, patterns.marks[:, place])
    information += (means * patterns.counts[:, None]).T @ means
    return np.concatenate([part.gradient for part in parts]), information


def _second_moments(
    parts: Sequence[Derivatives], places: Sequence[slice], patterns: Patterns, expected: Expected
) -> Floats:
    """Σ_i E_i[s s'], node by node: how often two answers are given together, times their scores."""
    size = places[-1].stop
    moments, scores = np.zeros((size, size)), np.zeros((size, size))
    for q in range(GRID.size):
        weights = patterns.counts * expected.posterior[:, q]
        if weights.max() < 1e-14:  # noqa: PLR2004 -- nobody is there
            continue
        together = (patterns.marks * weights[:, None]).T @ patterns.marks
        for place, part in zip(places, parts, strict=True):
            scores[place, place] = part.scores[:, q, :]
        moments += scores.T @ together @ scores
    return moments

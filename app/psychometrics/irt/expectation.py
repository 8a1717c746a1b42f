"""The expectation step: where on the trait people with each pattern of answers probably are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats

#: Rows at a time, so that posteriors of a large cohort fit into memory.
BLOCK = 8192


@dataclass(frozen=True)
class Patterns:
    """Distinct patterns of answers: `marks` (patterns, Σ answers), and how many gave each."""

    marks: Floats
    counts: Floats


@dataclass(frozen=True)
class Expected:
    """One expectation step at given parameters.

    `posterior` (patterns, nodes): each row sums to 1. `answers` (Σ answers, nodes): how many people
    at each node gave each answer. `log_likelihood` is marginal, of all people.
    """

    posterior: Floats
    answers: Floats
    log_likelihood: float


def expect(patterns: Patterns, log_probabilities: Floats, log_weights: Floats) -> Expected:
    """Return posteriors and expected counts for all patterns; arrays as in `posteriors`.

    References
    ----------
    Bock & Aitkin 1981, Psychometrika 46:443.
    """
    posterior, evidence = posteriors(patterns.marks, log_probabilities, log_weights)
    return Expected(
        posterior=posterior,
        answers=(patterns.marks * patterns.counts[:, None]).T @ posterior,
        log_likelihood=float(patterns.counts @ evidence),
    )


def posteriors(
    marks: Floats, log_probabilities: Floats, log_weights: Floats
) -> tuple[Floats, Floats]:
    r"""Return the posterior of each row on the nodes, and log Σ_q w_q L(row | θ_q).

    The largest exponent of a row is taken out before exponentials are formed (log-sum-exp): 90
    items do not underflow. A row without an answer has the weights themselves as posterior, and 0.

    Parameters
    ----------
    marks : array, shape (n, Σ answers)
        1 at each answer that was given (see `indicators`).
    log_probabilities : array, shape (Σ answers, nodes)
    log_weights : array, shape (nodes,)
        Of weights that sum to 1.

    Returns
    -------
    posterior : array, shape (n, nodes)
        Each row sums to 1.
    evidence : array, shape (n,)
    """
    joint = marks @ log_probabilities
    joint += log_weights
    largest = joint.max(axis=1, keepdims=True)
    joint -= largest
    np.exp(joint, out=joint)
    total = joint.sum(axis=1, keepdims=True)
    joint /= total
    return joint, (largest + np.log(total))[:, 0]


def blocks(rows: int) -> Iterator[slice]:
    """Slices of at most `BLOCK` rows."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))

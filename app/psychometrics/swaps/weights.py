"""How much each score counts, learnt from the campaign itself without one known swap.

Swapping a straight pair turns the sign of its evidence, hence every pair shows both what a straight
and what a swapped one looks like, and a logistic regression through zero brings the scores to scale
(calibration: Brummer & du Preez 2006, doi:10.1016/j.csl.2005.08.001).

Some answer without reading, some have changed a great deal. With a share c of them, to whose
answers the past says nothing, a score s becomes

    g(s) = log((1 - c) exp(b s) + c)

which never falls below log c: one student who answers unlike before is no swap. b, within 0 and
`MOST`, and c are the most likely ones, for each class from the others alone: its own straight and
swapped pairs must not teach what straight looks like.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.psychometrics.swaps.sittings import Floats, Indexes

MOST = 1.5
CARELESS = (0.001, 0.5)
ROUNDS = 60

#: So many pairs teach as well as all.
TAUGHT_PAIRS = 3_000

#: Of a pair: crossed, crossed, straight, straight.
SIGNS = np.array([1.0, 1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Weighed:
    """The evidence of one part for each pair, and what each of its scores says by itself."""

    evidence: Floats
    scores: Floats


def weighed(parts: Sequence[Floats], fold: Indexes) -> list[Weighed]:
    """Return what each part of the evidence weighs.

    Parameters
    ----------
    parts : sequence of array, shape (pairs, 4, scores)
        Of each pair the fits of both crossed, then of both straight.
    fold : array, shape (pairs,)
        Pairs of one fold are weighed by what the others teach; where there are no others, by all.
    """
    found = [Weighed(np.zeros(len(fold)), np.zeros((len(fold), part.shape[2]))) for part in parts]
    for value in np.unique(fold):
        asked = fold == value
        taught = np.flatnonzero(~asked) if not asked.all() else np.flatnonzero(asked)
        taught = taught[:: max(1, len(taught) // TAUGHT_PAIRS)]
        learnt = _learnt([part[taught] for part in parts])
        for part, one, (weights, careless) in zip(parts, found, learnt, strict=True):
            one.evidence[asked] = _bounded(part[asked] @ weights, careless) @ SIGNS
            one.scores[asked] = np.einsum("nqf,q->nf", part[asked], SIGNS) * weights
    return found


def _bounded(scores: Floats, careless: float) -> Floats:
    bounded: Floats = np.logaddexp(np.log1p(-careless) + scores, np.log(careless))
    return bounded


def _learnt(parts: Sequence[Floats]) -> list[tuple[Floats, float]]:
    """The weights of each part's scores, and the share to whom the past says nothing."""
    from scipy.optimize import minimize

    sizes = [part.shape[2] for part in parts]
    start = np.concatenate([[0.8 / size] * size + [0.05] for size in sizes])
    bounds = [bound for size in sizes for bound in [(0.0, MOST)] * size + [CARELESS]]
    best = minimize(
        _loss, start, (parts,), "L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": ROUNDS}
    ).x
    return [(own[:-1], float(own[-1])) for own in _split(best, sizes)]


def _split(values: Floats, sizes: Sequence[int]) -> list[Floats]:
    return np.split(values, np.cumsum([size + 1 for size in sizes])[:-1])


def _loss(values: Floats, parts: Sequence[Floats]) -> tuple[float, Floats]:
    """The mean log loss of straight pairs, which is that of the mirrored ones, and its gradient."""
    evidence, slopes = np.zeros(len(parts[0])), []
    for part, own in zip(parts, _split(values, [part.shape[2] for part in parts]), strict=True):
        scores, careless = part @ own[:-1], float(own[-1])
        bounded = _bounded(scores, careless)
        evidence += bounded @ SIGNS
        by_score = np.exp(np.log1p(-careless) + scores - bounded) * SIGNS
        slopes.append(np.einsum("nq,nqf->nf", by_score, part))
        slopes.append(((np.exp(-bounded) - np.exp(scores - bounded)) @ SIGNS)[:, None])
    share = 1 / (1 + np.exp(-np.clip(evidence, -500, 500)))
    return float(np.mean(np.logaddexp(0, evidence))), share @ np.hstack(slopes) / len(share)

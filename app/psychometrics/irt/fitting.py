"""Marginal maximum likelihood for the graded response model: EM first, Newton's steps last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Bools, Floats, as_matrix
from app.psychometrics.irt.curvature import Derivatives, derivatives, observed_information
from app.psychometrics.irt.expectation import Expected, Patterns, expect
from app.psychometrics.irt.model import GRID, LOG_PRIOR, GradedItem, GradedModel, indicators
from app.psychometrics.refusal import CannotEstimate

FEWEST_ITEMS = 3
FEWEST_PEOPLE = 50
#: Below this many people the parameters of a graded item are known only roughly (Reise & Yu 1990).
FEW_PEOPLE = 500
#: An answer that fewer people gave leaves its threshold nearly unknown.
FEW_ANSWERS = 10
#: Slopes beyond this mean an item that is almost a step, or two that ask the same.
STEEP = 5.0
#: A slope on its way to infinity.
_WITHOUT_END = 25.0

_EM_STEPS, _NEWTON_STEPS = 500, 100
_NEAR = 0.02
#: Twice what the likelihood can still gain.
_DONE = 1e-10
#: Curvature below this share of the largest is taken for this much.
_FLAT = 1e-7


@dataclass(frozen=True)
class ItemErrors:
    """Standard errors of one item: slope, intercepts, thresholds (delta method)."""

    slope: float
    intercepts: tuple[float, ...]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class GradedFit:
    """A fitted model and how it was reached.

    `people` answered at least one item, `left_out` none. `answered` (k,) are answers an item.
    """

    model: GradedModel
    errors: tuple[ItemErrors, ...]
    covariance: Floats
    people: int
    left_out: int
    answered: tuple[int, ...]
    log_likelihood: float
    parameters: int
    em_steps: int
    newton_steps: int
    warnings: tuple[str, ...]

    @property
    def aic(self) -> float:
        """Akaike's criterion: -2 log L + 2 p."""
        return -2 * self.log_likelihood + 2 * self.parameters

    @property
    def bic(self) -> float:
        """Schwarz' criterion: -2 log L + p log n."""
        return -2 * self.log_likelihood + self.parameters * float(np.log(self.people))


def fit_graded(answers: ArrayLike, *, codes: Sequence[str] | None = None) -> GradedFit:
    r"""Fit a graded response model (a 2PL where every item has two answers).

    Maximises Σ_i log ∫ Π_{j answered} P_j(x_ij | θ) φ(θ) dθ, the trait standard normal, the
    integral a sum over 121 equally spaced points from -6 to 6. EM (Bock & Aitkin) until steps are
    small, then Newton's method with the exact observed information (Louis), whose inverse gives the
    standard errors. The sign of the trait is chosen so that most items rise with it.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items, ordered answers as numbers, reversed items already turned, NaN for missing.
        **Only answered items count**: a missing answer neither helps nor harms (missing at random);
        nothing is filled in. Who answered nothing is left out.
    codes : sequence of str, optional
        What the items are called; their numbers where not given.

    Returns
    -------
    GradedFit
        An item has as many intercepts as answers that somebody gave, less one: a possible answer
        that nobody gave has no place on the trait. `warnings` name items that fall with the trait,
        nearly vertical ones, and rare answers.

    Raises
    ------
    CannotEstimate
        If there are fewer than three items or fifty people, an item that everybody answered alike,
        more than a hundred different answers to an item, or no maximum is found.

    References
    ----------
    Samejima 1969, Psychometrika Monograph 17. Bock & Aitkin 1981, Psychometrika 46:443. Louis 1982,
    J R Stat Soc B 44:226. `mirt::mirt(x, 1, "graded")` and `ltm::grm`, `ltm::ltm` maximise the same.
    """  # noqa: E501 -- one function of each package
    matrix = as_matrix(answers)
    called = list(codes) if codes is not None else [str(n + 1) for n in range(matrix.shape[1])]
    someone: Bools = np.any(~np.isnan(matrix), axis=1)
    _check(matrix, someone, called)
    model = _start(matrix, called)
    patterns = _patterns(model, matrix[someone])
    model, em_steps = _climb(model, patterns)
    model, newton_steps, information, log_likelihood = _polish(model, patterns)
    model, information = _facing_up(model, information)
    covariance: Floats = np.linalg.inv(information).astype(np.float64)
    return GradedFit(
        model=model,
        errors=tuple(_errors(model, covariance)),
        covariance=covariance,
        people=int(someone.sum()),
        left_out=int((~someone).sum()),
        answered=tuple(int(count) for count in (~np.isnan(matrix)).sum(axis=0)),
        log_likelihood=log_likelihood,
        parameters=len(covariance),
        em_steps=em_steps,
        newton_steps=newton_steps,
        warnings=tuple(_warnings(model, matrix, int(someone.sum()))),
    )


def _check(matrix: Floats, someone: Bools, called: Sequence[str]) -> None:
    if matrix.shape[1] < FEWEST_ITEMS:
        raise CannotEstimate(f"A trait behind the items needs at least {FEWEST_ITEMS} of them.")
    if someone.sum() < FEWEST_PEOPLE:
        raise CannotEstimate(
            f"Only {int(someone.sum())} people answered; at least {FEWEST_PEOPLE} are needed to "
            "place items on a trait."
        )
    for name, column in zip(called, matrix.T, strict=True):
        kinds = np.unique(column[~np.isnan(column)]).size
        if kinds < 2:  # noqa: PLR2004 -- one answer tells nobody apart
            raise CannotEstimate(f"Everybody gave the same answer to {name}; leave it out.")
        if kinds > 100:  # noqa: PLR2004 -- a measurement, not a choice
            raise CannotEstimate(f"{name} has {kinds} different answers; it is no ordered choice.")


def _start(matrix: Floats, called: Sequence[str]) -> GradedModel:
    """Slope 1 in the direction of the item-rest correlation, intercepts from the shares."""
    ranks = (matrix - np.nanmean(matrix, axis=0)) / np.nanstd(matrix, axis=0)
    known = np.where(np.isnan(ranks), 0.0, ranks)
    _, _, turns = np.linalg.svd(known.T @ known)
    items = []
    for j, code in enumerate(called):
        column = matrix[~np.isnan(matrix[:, j]), j]
        values = np.unique(column)
        above = np.array([(column >= value).mean() for value in values[1:]])
        items.append(
            GradedItem(
                code,
                tuple(values.tolist()),
                1.0 if turns[0, j] * turns[0].sum() >= 0 else -1.0,
                tuple((1.2 * np.log(above / (1 - above))).tolist()),
            )
        )
    return GradedModel(tuple(items))


def _patterns(model: GradedModel, matrix: Floats) -> Patterns:
    codes, counts = np.unique(model.coded(matrix), axis=0, return_counts=True)
    sizes = [len(item.values) for item in model.items]
    return Patterns(indicators(codes, sizes), counts.astype(np.float64))


def _expect(model: GradedModel, patterns: Patterns) -> Expected:
    return expect(patterns, model.log_probabilities(GRID), LOG_PRIOR)


def _parts(model: GradedModel, expected: Expected) -> list[Derivatives]:
    ends = np.cumsum([len(item.values) for item in model.items])[:-1]
    rows = np.split(expected.answers, ends)
    return [derivatives(item, own) for item, own in zip(model.items, rows, strict=True)]


def _climb(model: GradedModel, patterns: Patterns) -> tuple[GradedModel, int]:
    """EM with one Newton step an item, until the largest step is small."""
    for step in range(1, _EM_STEPS + 1):
        parts = _parts(model, _expect(model, patterns))
        moves = [_solved(part.information, part.gradient) for part in parts]
        model = _shifted(model, moves)
        if max(float(np.abs(move).max()) for move in moves) < _NEAR:
            return model, step
    return model, _EM_STEPS


def _polish(model: GradedModel, patterns: Patterns) -> tuple[GradedModel, int, Floats, float]:
    """Newton on the marginal likelihood; where that curves upwards, by the size of the curve."""
    expected = _expect(model, patterns)
    for step in range(_NEWTON_STEPS):
        parts = _parts(model, expected)
        gradient, information = observed_information(parts, patterns, expected)
        values, vectors = np.linalg.eigh(information)
        sizes = np.maximum(np.abs(values), _FLAT * values[-1])
        move = vectors @ ((vectors.T @ gradient) / sizes)
        if gradient @ move < _DONE and values[0] > 0:
            return model, step, information, expected.log_likelihood
        model, expected = _uphill(model, move, patterns, expected)
        steepest = max(model.items, key=lambda item: abs(item.slope))
        if abs(steepest.slope) > _WITHOUT_END:
            raise CannotEstimate(
                f"The slope of {steepest.code} grows without end: too few people for so many "
                "answers, or no trait that the items share."
            )
    raise CannotEstimate("The likelihood has no clear maximum: too few people for so many answers.")


def _uphill(
    model: GradedModel, move: Floats, patterns: Patterns, expected: Expected
) -> tuple[GradedModel, Expected]:
    """The longest of the halved steps that does not lose likelihood."""
    ends = np.cumsum([len(item.values) for item in model.items])[:-1]
    for halving in range(30):
        tried = _shifted(model, np.split(move / 2**halving, ends))
        found = _expect(tried, patterns)
        if found.log_likelihood >= expected.log_likelihood - 1e-9:
            return tried, found
    return model, expected


def _solved(information: Floats, gradient: Floats) -> Floats:
    return np.linalg.solve(information, gradient).astype(np.float64)


def _shifted(model: GradedModel, moves: Sequence[Floats]) -> GradedModel:
    return GradedModel(
        tuple(_moved(item, move) for item, move in zip(model.items, moves, strict=True))
    )


def _moved(item: GradedItem, move: Floats) -> GradedItem:
    """Move an item, by less where the intercepts would cross or the step is a leap."""
    share = min(1.0, 2.0 / float(np.abs(move).max() or 1.0))
    for _ in range(30):
        intercepts = np.array(item.intercepts) + share * move[1:]
        if (np.diff(intercepts) < 0).all():
            slope = item.slope + share * float(move[0])
            return GradedItem(item.code, item.values, slope, tuple(intercepts.tolist()))
        share /= 2
    return item


def _facing_up(model: GradedModel, information: Floats) -> tuple[GradedModel, Floats]:
    """Turn the trait so that most of the slope is positive."""
    if sum(item.slope for item in model.items) >= 0:
        return model, information
    turned = tuple(
        GradedItem(item.code, item.values, -item.slope, item.intercepts) for item in model.items
    )
    sign = np.concatenate([[-1.0, *([1.0] * len(item.intercepts))] for item in model.items])
    return GradedModel(turned), information * np.outer(sign, sign)


def _errors(model: GradedModel, covariance: Floats) -> Iterator[ItemErrors]:
    at = 0
    for item in model.items:
        size = len(item.values)
        own = covariance[at : at + size, at : at + size]
        thresholds = []
        for c, intercept in enumerate(item.intercepts):
            by = np.zeros(size)
            by[0], by[c + 1] = intercept / item.slope**2, -1 / item.slope
            thresholds.append(float(np.sqrt(by @ own @ by)))
        errors = np.sqrt(np.diag(own))
        yield ItemErrors(float(errors[0]), tuple(errors[1:].tolist()), tuple(thresholds))
        at += size


def _warnings(model: GradedModel, matrix: Floats, people: int) -> Iterator[str]:
    if against := [item.code for item in model.items if item.slope < 0]:
        yield (
            f"Negative slope: {', '.join(against)}. "
            "Is this an item that should be reversed and is not?"
        )
    if steep := [item.code for item in model.items if abs(item.slope) > STEEP]:
        yield (
            f"Very steep: {', '.join(steep)}. Few people decide such a slope, or two items ask "
            "the same; read its standard error."
        )
    for item, column in zip(model.items, matrix.T, strict=True):
        counts = [int((column == value).sum()) for value in item.values]
        if min(counts) < FEW_ANSWERS:
            yield (
                f"{item.code}: fewer than {FEW_ANSWERS} people gave one of its answers; its "
                "threshold is hardly known."
            )
    if people < FEW_PEOPLE:
        yield f"Only {people} people: parameters are rough below {FEW_PEOPLE}."

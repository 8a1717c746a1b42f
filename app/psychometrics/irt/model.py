"""Graded response models: the parameters of items, probabilities and information."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.psychometrics.cases import Floats, as_matrix
from app.psychometrics.cumulative_logit import log_probabilities
from app.psychometrics.refusal import CannotEstimate

#: Where integrals over the trait are taken. A sum over steps of 0.1 is exact to eight digits while
#: the posterior of a person is no narrower than a step (SE 0.1: a hundred items of slope 2),
#: to four at SE 0.07; beyond ±6 the standard normal has a share of 2e-9.
GRID: Floats = np.linspace(-6.0, 6.0, 121)
_PRIOR = np.exp(-(GRID**2) / 2)
LOG_PRIOR: Floats = np.log(_PRIOR / _PRIOR.sum())


@dataclass(frozen=True)
class GradedItem:
    r"""One item: P(answer ≥ values[c]) = σ(slope θ + intercepts[c - 1]), c = 1 … m.

    `values` (m + 1,) are its answers from least to most as they count, `intercepts` (m,) fall
    strictly. With two answers this is the two-parameter logistic model.
    """

    code: str
    values: tuple[float, ...]
    slope: float
    intercepts: tuple[float, ...]

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Where on the trait each answer step becomes likelier than not: b_c = -intercept / slope.

        Ascending where the slope is positive (of the 2PL: the difficulty).
        """
        return tuple(-d / self.slope for d in self.intercepts)

    def predictors(self, theta: Floats) -> Floats:
        """Return slope θ + intercepts, shape (len(theta), m)."""
        found: Floats = self.slope * theta[:, None] + np.array(self.intercepts)
        return found


@dataclass(frozen=True)
class GradedModel:
    """Items of one scale under one trait θ, standard normal in the population it was fitted to."""

    items: tuple[GradedItem, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the items, in the order of the columns of answers."""
        return tuple(item.code for item in self.items)

    @property
    def is_2pl(self) -> bool:
        """Whether every item has two answers."""
        return all(len(item.intercepts) == 1 for item in self.items)

    def log_probabilities(self, theta: Floats) -> Floats:
        """Return log P of every answer, items under each other: (Σ(m + 1), len(θ))."""
        return np.vstack([log_probabilities(item.predictors(theta)).T for item in self.items])

    def information(self, theta: ArrayLike) -> Floats:
        r"""Return the Fisher information of each item, shape (items, len(theta)), never negative.

        I(θ) = a² Σ_c P_c (1 - P*_c - P*_{c+1})², P*_c = P(answer ≥ c); of the 2PL a² P (1 - P).
        The information of a test is the sum over its items, and 1 / √I the standard error of a
        maximum likelihood estimate.

        Parameters
        ----------
        theta : array_like, shape (n,)
            Places on the trait, in standard deviations.

        References
        ----------
        Samejima 1969, Psychometrika Monograph 17.
        """
        from scipy.special import expit

        at = np.atleast_1d(np.asarray(theta, dtype=np.float64))
        found = []
        for item in self.items:
            ends = np.ones((at.size, 1))
            above = np.hstack([ends, expit(item.predictors(at)), 0 * ends])
            shares, shift = above[:, :-1] - above[:, 1:], 1 - above[:, :-1] - above[:, 1:]
            found.append(item.slope**2 * (shares * shift**2).sum(axis=1))
        return np.array(found)

    def coded(self, answers: ArrayLike) -> NDArray[np.int64]:
        """Return the place of each answer among the values of its item, -1 for missing.

        An answer that nobody gave when the model was fitted counts as the next lower one that
        somebody gave (the lowest, below it).

        Parameters
        ----------
        answers : array_like, shape (n, items)
            In the order of the items, NaN for missing.

        Raises
        ------
        CannotEstimate
            If there are not as many columns as items.
        """
        matrix = as_matrix(answers)
        if matrix.shape[1] != len(self.items):
            raise CannotEstimate(
                f"The model has {len(self.items)} items, the answers {matrix.shape[1]} columns."
            )
        codes = np.empty(matrix.shape, dtype=np.int64)
        for j, item in enumerate(self.items):
            place = np.searchsorted(np.array(item.values), matrix[:, j] + 1e-9, side="right") - 1
            codes[:, j] = np.where(np.isnan(matrix[:, j]), -1, np.maximum(place, 0))
        return codes

    def as_parameters(self) -> list[dict[str, object]]:
        """Return the items as plain values for a file; `from_parameters` reads them."""
        return [
            {
                "item": item.code,
                "values": list(item.values),
                "slope": item.slope,
                "intercepts": list(item.intercepts),
                "thresholds": list(item.thresholds),
            }
            for item in self.items
        ]

    @classmethod
    def from_parameters(cls, items: Sequence[Mapping[str, Any]]) -> "GradedModel":
        """Build a model from `as_parameters`; either thresholds or intercepts are enough.

        Raises
        ------
        CannotEstimate
            If an item has no parameters, values and steps do not fit, or its intercepts do not
            fall.
        """
        return cls(tuple(_item(one) for one in items))


def indicators(codes: NDArray[np.int64], sizes: Sequence[int]) -> Floats:
    """Return 1 at each given answer, shape (n, Σ sizes); a missing one has no 1.

    `sizes` are the number of answers of each item. Multiplied with `log_probabilities` this is the
    log-likelihood, to which only answered items add.
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    marks = np.zeros((len(codes), int(np.sum(sizes))))
    rows, columns = np.nonzero(codes >= 0)
    marks[rows, starts[columns] + codes[rows, columns]] = 1.0
    return marks


def _item(one: Mapping[str, Any]) -> GradedItem:
    try:
        slope = float(one["slope"])
        values = tuple(float(value) for value in one["values"])
        if "intercepts" in one:
            intercepts = tuple(float(value) for value in one["intercepts"])
        else:
            intercepts = tuple(-slope * float(value) for value in one["thresholds"])
        item = GradedItem(str(one["item"]), values, slope, intercepts)
    except (KeyError, TypeError, ValueError):
        raise CannotEstimate(
            "Each item of a model needs item, values, slope, and intercepts or thresholds."
        ) from None
    steps = np.array(item.intercepts)
    if slope == 0 or not np.isfinite([slope, *steps]).all():
        raise CannotEstimate(f"The parameters of {item.code} are not finite, or its slope is 0.")
    if len(values) != len(steps) + 1 or len(steps) < 1 or (np.diff(steps) >= 0).any():
        raise CannotEstimate(
            f"{item.code} needs one falling intercept fewer than it has values, at least one."
        )
    return item

"""Expressions evaluated for a cohort: arrays, one element a person, unknown is NaN."""

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from app.instruments.logic.scope import Data

Floats = NDArray[np.float64]

_HALF = 0.5


def evaluate_many(data: Data, values: Mapping[str, Floats], size: int) -> Floats:
    """Return the value of `data` for `size` people; names without values are unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.broadcast_to(_evaluate(data, values), (size,))


def _evaluate(data: "Data | str", values: Mapping[str, Floats]) -> Floats:
    if not isinstance(data, list):
        return np.float64(data)  # type: ignore[return-value]  # a scalar spreads over the cohort
    operation, arguments = str(data[0]), data[1:]
    if operation == "get":
        return values.get(str(arguments[0]), np.float64(np.nan))  # type: ignore[arg-type]  # a scalar spreads over the cohort
    return _OPERATIONS[operation](*(_evaluate(part, values) for part in arguments))


def _known(function: Callable[..., NDArray[np.generic]]) -> Callable[..., Floats]:
    """Make a function of known numbers unknown wherever one of them is."""

    def whole(*values: Floats) -> Floats:
        unknown = reduce(np.logical_or, map(np.isnan, values))
        return np.where(unknown, np.nan, function(*values))

    return whole


def _and(*values: Floats) -> Floats:
    refuted = reduce(np.logical_or, (value == 0 for value in values))
    return np.where(refuted, 0.0, reduce(np.multiply, values))


def _or(*values: Floats) -> Floats:
    confirmed = reduce(np.logical_or, (value == 1 for value in values))
    return np.where(confirmed, 1.0, reduce(np.add, values))


def _if(condition: Floats, then: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(condition), np.nan, np.where(condition == 1, then, other))


def _value_or(value: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(value), other, value)


def _chosen(value: Floats, place: Floats) -> Floats:
    return np.floor(value / 2.0**place) % 2


_OPERATIONS: dict[str, Callable[..., Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": lambda a, b: np.where(b == 0, np.nan, np.divide(a, b)),
    "neg": np.negative,
    "==": _known(np.equal),
    "!=": _known(np.not_equal),
    "<": _known(np.less),
    "<=": _known(np.less_equal),
    ">": _known(np.greater),
    ">=": _known(np.greater_equal),
    "in": lambda a, *choices: _or(*(_known(np.equal)(a, choice) for choice in choices)),
    "and": _and,
    "or": _or,
    "not": lambda a: 1.0 - a,
    "if": _if,
    "sum": lambda *values: reduce(np.add, values),
    "mean": lambda *values: reduce(np.add, values) / len(values),
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "count": lambda *values: reduce(np.add, values),
    "answered": lambda *values: reduce(np.add, (~np.isnan(v) + 0.0 for v in values)),
    "abs": np.fabs,
    "floor": np.floor,
    "round": lambda a: np.floor(a + _HALF),
    "value_or": _value_or,
    "chosen": _chosen,
}

"""Expressions evaluated for one person: plain numbers, unknown is NaN."""

from collections.abc import Callable, Mapping
from math import floor, isnan, nan
from typing import Any

from app.instruments.logic.scope import Data

_HALF = 0.5


def evaluate(data: Data, values: Mapping[str, float]) -> float:
    """Return the value of `data`; names without a value are unknown."""
    if not isinstance(data, list):
        return data
    operation, arguments = data[0], data[1:]
    if operation == "get":
        return values.get(str(arguments[0]), nan)
    known = [evaluate(part, values) for part in arguments if not isinstance(part, str)]
    return float(_OPERATIONS[str(operation)](*known))


def _known(function: Callable[..., float]) -> Callable[..., float]:
    """Make a function of known numbers unknown as soon as one of them is."""

    def whole(*values: float) -> float:
        return nan if any(map(isnan, values)) else float(function(*values))

    return whole


def _and(*values: float) -> float:
    if 0.0 in values:
        return 0.0
    return nan if any(map(isnan, values)) else 1.0


def _or(*values: float) -> float:
    if 1.0 in values:
        return 1.0
    return nan if any(map(isnan, values)) else 0.0


def _if(condition: float, then: float, other: float) -> float:
    if isnan(condition):
        return nan
    return then if condition else other


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else nan,
    "neg": lambda a: -a,
    "==": _known(lambda a, b: a == b),
    "!=": _known(lambda a, b: a != b),
    "<": _known(lambda a, b: a < b),
    "<=": _known(lambda a, b: a <= b),
    ">": _known(lambda a, b: a > b),
    ">=": _known(lambda a, b: a >= b),
    "in": _known(lambda a, *choices: a in choices),
    "and": _and,
    "or": _or,
    "not": lambda a: 1.0 - a,
    "if": _if,
    "sum": lambda *values: sum(values),
    "mean": lambda *values: sum(values) / len(values),
    "min": _known(min),
    "max": _known(max),
    "count": lambda *values: sum(values),
    "answered": lambda *values: float(sum(not isnan(value) for value in values)),
    "abs": abs,
    "floor": _known(floor),
    "round": _known(lambda a: floor(a + _HALF)),
    "value_or": lambda a, b: b if isnan(a) else a,
    "chosen": _known(lambda a, place: int(a) >> int(place) & 1),
}

"""How verbs print: one JSON object, or tables whose columns stand under each other."""

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import numpy as np

#: What stands in a table where there is no number.
NOTHING = "–"

Value = str | int | float | None


def echo_json(result: object) -> None:
    """Print `result` (dataclasses, arrays, mappings) as one object; what is no number is null."""
    click.echo(json.dumps(plain(result), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """Return `value` as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def echo_table(
    header: Sequence[str], rows: Iterable[Sequence[Value]], *, digits: int | Sequence[int] = 2
) -> None:
    """Print `rows` under `header`, texts to the left, numbers to the right with their `digits`."""
    values = list(rows)
    each = [digits] * len(header) if isinstance(digits, int) else digits
    lines = [list(header), *(list(map(_text, row, each)) for row in values)]
    for column in range(len(header)):
        is_text = all(isinstance(row[column], str) for row in values)
        width = max(len(line[column]) for line in lines)
        for line in lines:
            line[column] = line[column].ljust(width) if is_text else line[column].rjust(width)
    for line in lines:
        click.echo(f"  {'  '.join(line)}".rstrip())


def echo_facts(facts: Mapping[str, str]) -> None:
    """Print a figure a line."""
    width = max(map(len, facts), default=0)
    for name, text in facts.items():
        click.echo(f"  {name:<{width}}  {text}")


def interval(value: Value | Sequence[Value], digits: int) -> str:
    """Return a figure, or a figure with its bounds: 0.86 (0.85 to 0.87)."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return _text(value, digits)
    figure, low, high = value
    if low is None or high is None:
        return _text(figure, digits)
    return f"{_text(figure, digits)} ({_text(low, digits)} to {_text(high, digits)})"


def whole(number: float) -> Value:
    """Return a whole number as one, so that it is printed without decimals."""
    return int(number) if float(number).is_integer() else float(number)


def percent(share: float) -> str:
    """Return a share between 0 and 1 as a percentage."""
    return f"{100 * share:.1f} %"


def echo_warnings(warnings: Iterable[str]) -> None:
    """Print what a reader should know before believing the figures."""
    for warning in warnings:
        click.echo(f"  ! {warning}")


def _text(value: Value, digits: int) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"

"""Further columns of the table: who is a case, other scores, groups."""

import click
import numpy as np

from app.cli.psychometrics.sample import Sample
from app.cli.reasons import listed
from app.scoring.column_map import as_number, canonical
from app.scoring.results import Floats


def read_criterion(sample: Sample, column: str, *, cases: str | None, unknown: str) -> Floats:
    """Return 1 where `column` has one of `cases` (“2,3”), NaN where empty or `unknown`, 0 else.

    Without `cases` the column has to be 0 and 1: in one of 1 and 2, a 1 may well mean “no”.
    """
    wanted, nothing = _values(cases or "1"), {"", *_values(unknown)}
    cells = [canonical(cell) for cell in sample.columns[column]]
    others = sorted(set(cells) - nothing - wanted - {"0"})
    if cases is None and wanted & set(cells) and others:
        raise click.ClickException(
            f"column {column}: besides 0 and 1 there is {', '.join(others[:5])}; say with --cases "
            "what stands there for a case, and with --unknown what is not known."
        )
    if not wanted & set(cells):
        raise click.ClickException(
            f"column {column}: nobody has {' or '.join(sorted(wanted)) or 'a value'}; say with "
            "--cases what stands there for a case."
        )
    return np.array([np.nan if cell in nothing else float(cell in wanted) for cell in cells])


def read_numbers(sample: Sample, column: str) -> Floats:
    """Return `column` as numbers, NaN if empty; stop with every cell that is none."""
    numbers, reasons = [], []
    for cell, line in zip(sample.columns[column], sample.people.lines, strict=True):
        number = as_number(cell) if cell else np.nan
        if number is None:
            reasons.append(f"row {line}, column {column}: “{cell}” is not a number.")
        numbers.append(np.nan if number is None else number)
    if reasons:
        raise click.ClickException(listed(reasons))
    return np.array(numbers, dtype=np.float64)


def read_groups(sample: Sample, column: str) -> list[str | None]:
    """Return what `column` says of each person, None if empty."""
    cells = (canonical(cell) for cell in sample.columns[column])
    return [cell or None for cell in cells]


def _values(listed_values: str) -> set[str]:
    return {canonical(value) for value in listed_values.split(",") if value.strip()}

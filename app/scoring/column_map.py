"""Column maps: what the columns and codes of a foreign table mean, strictly read."""

import re
from typing import Annotated

from pydantic import Field

from app.instruments.words import Part

PERSON_COLUMNS = ("sex", "age", "grade")

Cell = str | int | float

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)")


class RowId(Part):
    """Ids made from the row: `n` counts data rows from 1, as in "UKM{n:04}"."""

    row: Annotated[str, Field(pattern=r"^[^{}]*\{n(:0?[1-9])?\}[^{}]*$")]


class ColumnMap(Part):
    """What the columns and codes of a foreign table mean.

    `items` maps our item codes to their columns; items it does not name are looked up under their
    own code. `recode` holds replacements for all items (`{1: 0}`) or under the code of one item or
    person column (`{sex: {1: male}}`).
    """

    id: str | RowId | None = None
    sex: str | None = None
    age: str | None = None
    grade: str | None = None
    items: dict[str, str] = Field(default_factory=dict)
    missing: tuple[Cell, ...] = ()
    refused: tuple[Cell, ...] = ()
    recode: dict[Cell, Cell | dict[Cell, Cell]] = Field(default_factory=dict)
    ignore_other_columns: bool = False

    def replacements(self, code: str) -> dict[str, str]:
        """Return the recoding that applies to the column of `code`, as cell texts."""
        own = self.recode.get(code, {})
        chosen: dict[Cell, Cell] = dict(own) if isinstance(own, dict) else {}
        if code not in PERSON_COLUMNS:
            general = {old: new for old, new in self.recode.items() if isinstance(new, Cell)}
            chosen = general | chosen
        return {canonical(old): canonical(new) for old, new in chosen.items()}


def canonical(cell: Cell) -> str:
    """Return the text of `cell` without surrounding blanks; equal numbers have equal texts."""
    text = str(cell).strip()
    number = as_number(text)
    return text if number is None else f"{number:.15g}"


def as_number(text: str) -> float | None:
    """Return the number written in plain digits, or None."""
    return float(text) if _NUMBER.fullmatch(text) else None

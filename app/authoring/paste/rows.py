"""What was pasted, as rows of text that know where they stood."""

import csv
import re
from dataclasses import dataclass, replace
from io import StringIO
from typing import Literal

#: What is read of a file, of a row and of a cell; the rest is not, and the author is told.
MOST_ROWS, MOST_CELLS, MOST_LETTERS = 2000, 60, 2000

Where = Literal["sheet", "table", "paragraph", "line"]


@dataclass(frozen=True)
class Place:
    """Where a row stood: a row of a sheet or table, a paragraph, a line."""

    where: Where
    row: int
    part: str = ""


@dataclass(frozen=True)
class Row:
    """One row; empty cells are empty texts, a paragraph is a row of one cell.

    `is_cut` says that more stood there than is read.
    """

    place: Place
    cells: tuple[str, ...]
    is_cut: bool = False

    @property
    def filled(self) -> list[tuple[int, str]]:
        """The cells that hold something, with their columns."""
        return [(column, cell) for column, cell in enumerate(self.cells) if cell]

    @property
    def letters(self) -> int:
        """How long it is, all cells together."""
        return sum(map(len, self.cells))


def make_row(place: Place, cells: list[str]) -> Row:
    """A row with tidy cells; lines within a cell stay lines."""
    tidied = [_tidy(cell[:MOST_LETTERS]) for cell in cells[:MOST_CELLS]]
    is_cut = any(cell[MOST_LETTERS:].strip() for cell in cells[:MOST_CELLS]) or any(
        cell.strip() for cell in cells[MOST_CELLS:]
    )
    while tidied and not tidied[-1]:
        tidied.pop()
    return Row(place, tuple(tidied), is_cut)


def split_lines(row: Row) -> list[Row]:
    """A row whose only cell holds several lines is several rows."""
    if len(row.filled) != 1 or "\n" not in row.filled[0][1]:
        return [row]
    return [replace(row, cells=(line,)) for line in row.filled[0][1].split("\n") if line]


def text_rows(text: str) -> list[Row]:
    """The rows of pasted text: cells of a table are parted by tabs, as from the clipboard."""
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    if "\t" in text:
        cells = csv.reader(StringIO(text), delimiter="\t")
        rows = [make_row(Place("line", number), row) for number, row in enumerate(cells, start=1)]
    else:
        rows = [
            make_row(Place("line", number), [line])
            for number, line in enumerate(text.split("\n"), start=1)
        ]
    return [one for row in rows for one in split_lines(row)]


def _tidy(cell: str) -> str:
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n\v\f\u2028\u2029]+", cell))
    return "\n".join(
        line
        for line in (re.sub(r"[\x00-\x1f\x7f-\x9f\u200b\ufeff]", "", one) for one in lines)
        if line
    )

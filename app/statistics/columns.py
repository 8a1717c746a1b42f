"""How wide the columns of a table are on paper: figures in one line, the rest for the places."""

import re
from collections.abc import Sequence

from app.platform.pdf import Column
from app.platform.pdf.pagination import text_width
from app.statistics.layout import Cell, Table

#: Millimetres of the first column, at least and at most, and of any other at least.
PLACE_WIDTH, TEXT_WIDTH, NARROWEST = 42.0, 100.0, 16.0
LATIN_WORD = re.compile(r"[A-Za-z]+")


def columns_of(table: Table, page: float) -> list[Column]:
    """Figures in one line where the page is wide enough; the first column takes what they leave."""
    needs = [_need(table, at) for at in range(1, len(table.head))]
    first = min(TEXT_WIDTH, max(PLACE_WIDTH, page - sum(needs)))
    room = page - first
    spare = max(0.0, room - sum(needs)) / len(needs)
    scale = min(1.0, room / sum(needs))
    widths = [first, *(need * scale + spare for need in needs)]
    return [Column(head, width) for head, width in zip(table.head, widths, strict=True)]


def spread(row: Sequence[Cell]) -> list[str]:
    """A text for each column, to estimate the height; several columns together hold one line."""
    return [cell.text if cell.span == 1 else "" for cell in row for _column in range(cell.span)]


def _need(table: Table, at: int) -> float:
    """The width of a column's longest figure; its heading may wrap, but not within a word."""
    figures = [row[at] for row in map(spread, table.rows)]
    return max(NARROWEST, *map(text_width, [*LATIN_WORD.findall(table.head[at]), *figures]))

"""Cutting tables into pages by estimated height: the engine repeats no head and cuts rows."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

PAGE_WIDTH = 178.0
"""Millimetres between the margins of `layouts/print.html`."""
PAGE_ROOM = 224.0
"""Millimetres between letterhead and footer."""

LINE_HEIGHT = 5.2
EM = 3.45  # one Chinese character of the table's 9.5 pt, a little generously
WIDEST, UPPER, LOWER = 1.0, 0.72, 0.6  # of an em
CELL_PADDING = 3.4
ROW_PADDING = 2.6
CAPTION_HEIGHT = 9.0

# What stays together on a line: a Latin word with its space, a character with its punctuation.
_PIECES = re.compile(
    r"\n|[!-~\u00a1-\u024f]+ *|[（《「『“‘]*.[，。、；：？！）》」』”’…]*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table: its heading and its width in millimetres."""

    heading: str
    width: float

    @property
    def ems(self) -> float:
        """How many Chinese characters one of its lines holds."""
        return (self.width - CELL_PADDING) / EM


@dataclass(frozen=True, slots=True)
class TablePart:
    """The rows of a table that stand on one page; without rows, nothing is printed there."""

    rows: Sequence[Sequence[str]]
    height: float
    is_continuation: bool


def text_height(text: str, *, width: float = PAGE_WIDTH) -> float:
    """Estimated height in millimetres of a text set as wide as `width`."""
    return len(_wrap(text, (width - CELL_PADDING) / EM)) * LINE_HEIGHT


def text_width(text: str) -> float:
    """Estimated width in millimetres of a column that holds a text in one line."""
    return _advance(text) * EM + CELL_PADDING + 0.1  # a hair, that no rounding wraps it


def split_table(
    rows: Sequence[Sequence[str]],
    *,
    columns: Sequence[Column],
    first: float = PAGE_ROOM,
    following: float = PAGE_ROOM,
) -> list[TablePart]:
    """Cut rows into pages: `first` millimetres on the page already begun, `following` on others.

    The first part has no rows where not even one fits below what the page already holds.
    """
    head = CAPTION_HEIGHT + _row_height([column.heading for column in columns], columns)
    parts: list[list[Sequence[str]]] = [[]]
    heights = [head]
    room = first
    for row in _cut_tall_rows(rows, columns, room=following - head):
        height = _row_height(row, columns)
        if heights[-1] + height > room:
            parts.append([])
            heights.append(head)
            room = following
        parts[-1].append(row)
        heights[-1] += height
    return [
        TablePart(
            rows=part,
            height=height if part else 0.0,
            is_continuation=any(parts[:index]),
        )
        for index, (part, height) in enumerate(zip(parts, heights, strict=True))
    ]


def _row_height(row: Sequence[str], columns: Sequence[Column]) -> float:
    lines = max(len(_wrap(cell, column.ems)) for cell, column in zip(row, columns, strict=True))
    return lines * LINE_HEIGHT + ROW_PADDING


def _cut_tall_rows(
    rows: Sequence[Sequence[str]], columns: Sequence[Column], *, room: float
) -> list[Sequence[str]]:
    """A row taller than a whole page goes on in further rows, text after text."""
    most = math.floor((room - ROW_PADDING) / LINE_HEIGHT)
    pieces: list[Sequence[str]] = []
    for row in rows:
        wrapped = [_wrap(cell, column.ems) for cell, column in zip(row, columns, strict=True)]
        tallest = max(len(lines) for lines in wrapped)
        if tallest <= most:
            pieces.append(row)
            continue
        for start in range(0, tallest, most):
            pieces.append(["".join(lines[start : start + most]) for lines in wrapped])
    return pieces


@lru_cache(512)  # headings, sources and standing sentences come back with every student
def _wrap(text: str, ems: float) -> tuple[str, ...]:
    """The lines that a text will about take; together they are the text again."""
    lines = [""]
    width = 0.0
    for piece in _PIECES.findall(text):
        advance = _advance(piece)
        if width and width + advance > ems:
            lines.append("")
            width = 0.0
        for part in _cut_long_word(piece, ems):
            if len(part) < len(piece) and lines[-1]:
                lines.append("")
            lines[-1] += part
        width = math.inf if piece == "\n" else width + _advance(part)
    return tuple(lines)


def _cut_long_word(word: str, ems: float) -> list[str]:
    """A word wider than its column is broken anywhere."""
    if _advance(word) <= ems:
        return [word]
    most = max(1, math.floor(ems / WIDEST))
    return [word[start : start + most] for start in range(0, len(word), most)]


@cache
def _advance(text: str) -> float:
    """The width of a text in ems, as a cautious guess."""
    return sum(_width(character) for character in text.rstrip(" "))


@cache
def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA" or character in "mwMW@%":
        return WIDEST
    return UPPER if character.isupper() else LOWER

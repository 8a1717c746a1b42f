"""A form as a person knows it: grids of cells, and the spots in them where a figure can go."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

#: What a form is shown of; more than this is no form to be filled by hand.
MOST_ROWS, MOST_COLUMNS = 200, 40

_WHITE = r"[ \u3000\u00a0]"
_GAP = rf"(?:[_\uff3f]+|{_WHITE}+)"
#: Where a text leaves room: a bracket or line to write on, a day with its signs, an empty bracket,
#: room before what is counted, and what follows a colon before the next word or the end.
_BLANK = re.compile(
    r"\{\{[^{}]{0,40}\}\}|〔[^〔〕]{0,40}〕"
    rf"|{_GAP}年{_GAP}月{_GAP}日"
    rf"|[_\uff3f]{{2,}}|(?<=[（(【\[]){_WHITE}{{2,}}(?=[）)】\]])"
    rf"|(?<=\w){_WHITE}{{3,}}(?=[人次个份所%\uff05])"
    rf"|(?<=[：:])(?:{_WHITE}{{2,}}|{_WHITE}?(?=\t|\n|$))"
)
#: Before these no room is kept that the value does not take.
_ENDS = "\t\n）)】]"
#: What is written into a cell that is meant to be empty.
_NOTHING = frozenset(("", "-", "—", "/", "／"))
_SPOT = re.compile(
    r"(?P<grid>[a-z0-9.]{1,20})!(?P<row>\d{1,7}):(?P<column>\d{1,5})(?:#(?P<blank>\d{1,3}))?"
)
#: What differs between the same form of two months: numbers, and months and terms as words.
_OF_ITS_TIME = re.compile(
    r"\d+|[〇零一二三四五六七八九十]+(?=月)|(?<=第)[一二](?=学期)|\s+|[_\uff3f]+"
)


@dataclass(frozen=True, order=True)
class Spot:
    """A place for one figure: a whole cell, or one blank in the text of a cell."""

    grid: str
    row: int
    column: int
    blank: int | None = None

    def __str__(self) -> str:
        place = f"{self.grid}!{self.row}:{self.column}"
        return place if self.blank is None else f"{place}#{self.blank}"

    @classmethod
    def parse(cls, text: str) -> "Spot | None":
        """The spot of this name; None for what is no name."""
        found = _SPOT.fullmatch(text)
        if found is None:
            return None
        blank = found["blank"]
        return cls(
            found["grid"],
            int(found["row"]),
            int(found["column"]),
            None if blank is None else int(blank),
        )


@dataclass(frozen=True)
class Value:
    """What goes into a spot; `text` is how it reads wherever only text fits."""

    text: str
    number: float | None = None
    is_share: bool = False
    day: date | None = None
    #: Whether the report shows no number here, because too few people stand behind it.
    is_hidden: bool = False


@dataclass(frozen=True)
class Entry:
    """A value for a spot; a cell that is not there yet looks like the one at `like`."""

    spot: Spot
    value: Value
    like: Spot | None = None


@dataclass(frozen=True)
class Part:
    """A piece of a cell's text, or a spot in it."""

    text: str
    spot: Spot | None = None


@dataclass(frozen=True)
class GridCell:
    """A cell with what stands in it, over one or more rows and columns."""

    row: int
    column: int
    parts: tuple[Part, ...]
    rowspan: int = 1
    colspan: int = 1
    is_formula: bool = False

    @property
    def text(self) -> str:
        """All that stands in it."""
        return "".join(part.text for part in self.parts)

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Where figures can go."""
        return tuple(part.spot for part in self.parts if part.spot)


@dataclass(frozen=True)
class Grid:
    """One sheet, one table, or the lines of text between two tables."""

    key: str
    title: str
    #: From top to bottom; a row has the cells that begin in it.
    rows: Mapping[int, Sequence[GridCell]]
    #: Whether free rows follow below the last.
    runs_on: bool = False
    is_cut: bool = False
    is_sheet: bool = False
    #: Whether it has rows that can be of one class each; lines of text have none.
    is_table: bool = True

    @property
    def cells(self) -> Iterator[GridCell]:
        """Row by row."""
        for row in self.rows.values():
            yield from row

    @property
    def last_row(self) -> int:
        """The number of the lowest row."""
        return max(self.rows, default=0)

    def cell(self, row: int, column: int) -> GridCell | None:
        """The cell that begins there."""
        return next((one for one in self.rows.get(row, ()) if one.column == column), None)


def blanks_in(text: str) -> list[tuple[int, int]]:
    """Where a text leaves room for a figure, from start to end."""
    return [found.span() for found in _BLANK.finditer(text)]


def last_blank_first(entry: Entry) -> tuple[str, int, int, int]:
    """An order in which what is written moves no blank that is still to be written."""
    spot = entry.spot
    return (spot.grid, spot.row, spot.column, -(spot.blank or 0))


def is_nothing(text: str) -> bool:
    """Whether a cell with this text counts as empty."""
    return text.strip() in _NOTHING


def parts_of(text: str, spot: Spot) -> tuple[Part, ...]:
    """A text cut at its blanks, each of which is a spot; without blanks it is a label."""
    if is_nothing(text):
        return (Part(text.strip(), spot),)
    parts, done = [], 0
    for number, (start, end) in enumerate(blanks_in(text)):
        parts.append(Part(text[done:start]))
        blank = Spot(spot.grid, spot.row, spot.column, number)
        parts.append(Part(text[start:end].strip(), blank))
        done = end
    parts.append(Part(text[done:]))
    return tuple(part for part in parts if part.text or part.spot)


def writing(text: str, start: int, end: int, value: str) -> str:
    """The value with the spaces that keep what follows a blank line where it stood."""
    blank = text[start:end]
    if end == len(text) or text[end] in _ENDS or blank.strip(" \u3000\u00a0"):
        return value
    return value + " " * max(1, _width(blank) - _width(value))


def layout_of(kind: str, grids: Sequence[Grid]) -> str:
    """A form by its printed words and their places, whatever month it is for."""
    said = [kind]
    for grid in grids:
        said.append(f"{grid.key} {_timeless(grid.title)}")
        for cell in grid.cells:
            words = "".join("?" if part.spot else _timeless(part.text) for part in cell.parts)
            if words != "?" or cell.is_formula or (cell.rowspan, cell.colspan) != (1, 1):
                size = f"{cell.rowspan}x{cell.colspan}"
                said.append(f"{cell.row}:{cell.column} {size} {cell.is_formula} {words}")
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _timeless(text: str) -> str:
    return _OF_ITS_TIME.sub("", text)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)

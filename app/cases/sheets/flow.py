"""Pages that fill from the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.platform.pdf import Column, TablePart, split_table, text_height
from app.platform.pdf.pagination import LINE_HEIGHT, PAGE_ROOM, PAGE_WIDTH, ROW_PADDING

TABLE_GAP = 4.0
#: The one column of a text that runs over pages.
WHOLE_WIDTH = (Column("", PAGE_WIDTH),)
HEAD_ROW = LINE_HEIGHT + ROW_PADDING
#: Single Latin words are estimated cautiously; over whole sentences that evens out.
LATIN = 1.12


def sentence_height(text: str, *, width: float, locale: str) -> float:
    """Estimated height in millimetres of sentences set as wide as `width`."""
    return text_height(text, width=width * (1.0 if locale == "zh_Hans" else LATIN))


@dataclass(frozen=True)
class Block:
    """A piece of a page: which part of the template draws it, and from what."""

    kind: str
    content: Any


@dataclass(frozen=True)
class Table:
    """A part of a table, ready for `macros/print.html`."""

    caption: str
    columns: Sequence[Column]
    part: Any
    is_plain: bool = False


class Flow:
    """Pages that fill from the top; what has no room left begins the next page."""

    def __init__(self, room: float = PAGE_ROOM) -> None:
        self.pages: list[list[Block]] = [[]]
        self._whole = self._room = room

    @property
    def room(self) -> float:
        """What is left of the page, in millimetres."""
        return self._room

    def holds(self, height: float) -> bool:
        """Whether an empty page is high enough."""
        return height <= self._whole

    def add(self, kind: str, content: Any, height: float) -> None:
        """Put a block that must not be cut."""
        if height > self._room and self.pages[-1]:
            self.turn()
        self.pages[-1].append(Block(kind, content))
        self._room -= height

    def add_table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        is_plain: bool = False,
    ) -> None:
        """Put a table, cut between rows where the page ends; without rows nothing."""
        if not rows:
            return
        parts = self._split(columns, rows)
        for number, part in enumerate(parts):
            if number:
                self.turn()
            if part.rows:
                self.pages[-1].append(Block("table", Table(caption, columns, part, is_plain)))
                self._room -= part.height + TABLE_GAP - (HEAD_ROW if len(columns) == 1 else 0.0)

    def has_room(
        self, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
    ) -> bool:
        """Whether a table would stand whole on what is left of the page."""
        return len(self._split(columns, rows)) == 1

    def _split(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[TablePart]:
        """Cut a table; a single column is printed without its head and has room for a line more."""
        spared = HEAD_ROW if len(columns) == 1 else 0.0
        return split_table(rows, columns=columns, first=self._room + spared, following=self._whole)

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self._room = self._whole

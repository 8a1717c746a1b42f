"""A report on paper: sections one below the other, cut where a page ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.platform import clock
from app.platform.i18n import as_full_moment
from app.platform.pdf import Imprint, PrintDocument, render_pdf, split_table, text_height
from app.platform.pdf.pagination import PAGE_ROOM, PAGE_WIDTH
from app.statistics.columns import columns_of, spread
from app.statistics.documents import dates_of, title_of
from app.statistics.layout import Bar, Section, Table, sections_of
from app.statistics.queries.report import GroupReport

TITLE_HEIGHT, KEY_HEIGHT, BAR_HEIGHT, GAP = 13.0, 8.0, 6.0, 4.0
MOST_BARS = 32
#: A table of so few rows is not cut: a single row of it says little on a page of its own.
KEPT_WHOLE = 6


@dataclass(frozen=True)
class Block:
    """A piece of a page and what the template draws it from."""

    kind: str
    height: float
    content: Any


def print_report(report: GroupReport, *, locale: str, printed_by: str) -> bytes:
    """The report on A4."""
    with force_locale(locale):
        pages = _paged(_blocks(sections_of(report)))
        body = render_template(
            "statistics/print.html", pages=pages, imprint=_imprint(report, printed_by)
        )
        document = PrintDocument(
            title=title_of(report),
            body=Markup(body),  # noqa: S704 -- our own template, escaped by Jinja
            pages=len(pages),
        )
        return render_pdf([document], title=_("Group report"), language=locale)


def _imprint(report: GroupReport, printed_by: str) -> Imprint:
    return Imprint(
        site=title_of(report),
        heading=_("Group report"),
        date=dates_of(report),
        printed_by=printed_by,
        printed_at=as_full_moment(clock.now()),
    )


def _blocks(sections: Sequence[Section]) -> list[Block]:
    blocks = []
    for section in sections:
        height = TITLE_HEIGHT + sum(text_height(one) + 2 for one in section.sentences)
        blocks.append(Block("title", height, section))
        for start in range(0, len(section.bars), MOST_BARS):
            bars: Sequence[Bar] = section.bars[start : start + MOST_BARS]
            size = KEY_HEIGHT + BAR_HEIGHT * len(bars)
            blocks.append(Block("bars", size + GAP, (section, bars)))
        blocks += [Block("table", 0, table) for table in section.tables]
    return blocks


def _paged(blocks: Sequence[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    room = PAGE_ROOM
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "title" and following and not _begins(following, room - block.height):
            pages.append([])
            room = PAGE_ROOM
        for number, piece in enumerate(_pieces(block, room)):
            if number or piece.height > room:
                pages.append([])
                room = PAGE_ROOM
            pages[-1].append(piece)
            room -= piece.height
    return [page for page in pages if page]


def _begins(block: Block, room: float) -> bool:
    """Whether any of it stands in the room that a title leaves: a title is not left alone."""
    piece = _pieces(block, room)[0]
    return piece.kind != "nothing" and piece.height <= room


def _pieces(block: Block, room: float) -> list[Block]:
    """A table in the parts that pages hold; anything else in one piece."""
    if block.kind != "table":
        return [block]
    table: Table = block.content
    columns = columns_of(table, PAGE_WIDTH)
    rows = [spread(row) for row in table.rows]
    parts = split_table(rows, columns=columns, first=room - GAP, following=PAGE_ROOM - GAP)
    if len(parts) > 1 and len(rows) <= KEPT_WHOLE:
        parts = split_table(rows, columns=columns, first=0, following=PAGE_ROOM - GAP)
    done, pieces = 0, []
    for part in parts:
        cells = table.rows[done : done + len(part.rows)]
        done += len(part.rows)
        if part.rows:
            content = (table, columns, cells, part.is_continuation)
            pieces.append(Block("table", part.height + GAP, content))
    if not parts[0].rows:
        pieces.insert(0, Block("nothing", 0, None))
    return pieces

"""A group report cut into pages: no title alone, no page left empty for a table that goes on."""

import pytest

from app.platform.pdf.pagination import LINE_HEIGHT, PAGE_ROOM, PAGE_WIDTH, text_height
from app.statistics.columns import columns_of
from app.statistics.layout import Cell, Section, Table
from app.statistics.printing import _blocks, _paged

HEAD = ["Place", "Students", "low", "middle", "high"]


def table(rows: int) -> Table:
    few = [Cell("一班", is_number=False), Cell("30"), Cell("为保护个人隐私，不显示", span=3)]
    return Table("Spread", HEAD, [few] * rows)


@pytest.mark.parametrize("rows", range(1, 60, 3))
def test_no_title_stands_alone_and_every_row_is_printed_once(rows):
    sections = [Section("First", tables=[table(rows)]), Section("Second", tables=[table(4)])]

    pages = _paged(_blocks(sections))

    assert all(page[-1].kind != "title" for page in pages)
    assert all(sum(block.height for block in page) <= PAGE_ROOM for page in pages)
    printed = [len(block.content[2]) for page in pages for block in page if block.kind == "table"]
    assert sum(printed) == rows + 4


def test_words_across_columns_take_one_line_and_the_next_table_begins_on_the_same_page():
    pages = _paged(_blocks([Section("Only", tables=[table(16), table(16)])]))

    on_first = [len(block.content[2]) for block in pages[0] if block.kind == "table"]
    assert len(pages) == 2
    assert on_first[0] == 16
    assert sum(on_first) > 18


def test_counts_with_their_share_are_not_broken():
    figures = ["221（73.4%）", "50（16.6%）", "23（7.6%）", "7（2.3%）"]
    row = [Cell("望川县民族团结九年一贯制寄宿学校", is_number=False), *map(Cell, ["301", *figures])]
    columns = columns_of(Table("Spread", ["Place", "Students", *"abcd"], [row]), PAGE_WIDTH)

    assert sum(column.width for column in columns) == pytest.approx(PAGE_WIDTH)
    for cell, column in zip(row[1:], columns[1:], strict=True):
        assert text_height(cell.text, width=column.width) == LINE_HEIGHT


@pytest.mark.parametrize("rows", range(20, 40, 3))
def test_a_short_table_stays_on_one_page(rows):
    pages = _paged(_blocks([Section("Only", tables=[table(rows), table(5)])]))

    cut = [block.content[3] for page in pages for block in page if block.kind == "table"]
    assert not cut[-1]
    assert len([one for one in cut if not one]) == 2

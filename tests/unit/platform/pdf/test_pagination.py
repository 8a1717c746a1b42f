"""Tables are cut into pages before the engine sees them."""

import pytest

from app.platform.pdf.pagination import Column, split_table, text_height

COLUMNS = (Column("Item", 120), Column("Answer", 58))


def test_split_table_short_stays_whole() -> None:
    rows = [("q1", "never"), ("q2", "often")]

    parts = split_table(rows, columns=COLUMNS)

    assert [(part.rows, part.is_continuation) for part in parts] == [(rows, False)]


def test_split_table_keeps_every_row_in_order() -> None:
    rows = [(f"q{number}", "often") for number in range(200)]

    parts = split_table(rows, columns=COLUMNS, first=100, following=200)

    assert [row for part in parts for row in part.rows] == rows


def test_split_table_fills_no_page_beyond_its_room() -> None:
    rows = [(f"第{number}题" * (number % 40 + 1), "often") for number in range(200)]

    parts = split_table(rows, columns=COLUMNS, first=100, following=200)

    assert parts[0].height <= 100
    assert max(part.height for part in parts[1:]) <= 200


def test_split_table_continues_after_its_first_rows() -> None:
    rows = [(f"q{number}", "often") for number in range(60)]

    parts = split_table(rows, columns=COLUMNS, first=100, following=200)

    assert [part.is_continuation for part in parts] == [False] + [True] * (len(parts) - 1)


def test_split_table_without_room_starts_on_the_next_page() -> None:
    parts = split_table([("q1", "never")], columns=COLUMNS, first=5)

    assert [(len(part.rows), part.is_continuation) for part in parts] == [(0, False), (1, False)]


def test_split_table_cuts_a_row_taller_than_a_page() -> None:
    note = "我想说的话。" * 900

    parts = split_table([(note, "often")], columns=COLUMNS)

    assert len(parts) > 1
    assert "".join(row[0] for part in parts for row in part.rows) == note
    assert "".join(row[1] for part in parts for row in part.rows) == "often"


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("短", 1), ("a\nb", 2), ("字" * 50, 1), ("字" * 51, 2), ("i" * 80, 1)],
)
def test_text_height_counts_lines(text: str, lines: int) -> None:
    assert text_height(text, width=3.4 + 50 * 3.45 + 0.01) == pytest.approx(lines * 5.2)

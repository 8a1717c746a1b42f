"""Delimited text as rows of cells, whatever a spreadsheet programme saved it as."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ZIP = b"PK\x03\x04"
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class RawTable:
    """A header and its rows; `lines` holds the file line each row starts on, the header is 1."""

    header: tuple[str, ...]
    rows: tuple[list[str], ...]
    lines: tuple[int, ...]


class TableError(ValueError):
    """A table that is refused, with every reason."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


def decode_table(data: bytes) -> str:
    """Return the text of `data`: UTF-8 or UTF-16 by their mark, UTF-8 without one, else GBK."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\0" in data:
        raise TableError(["row 1: this is not text in a known encoding; save it as UTF-8."])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "gb18030")


def read_table(data: bytes) -> RawTable:
    """Read delimited text; blank lines are skipped, a row may leave out empty cells at its end."""
    if data.startswith(_ZIP):
        raise TableError(["row 1: this is a workbook; save the sheet as CSV."])
    text = decode_table(data)
    records = _records(text)
    _, header = next(records, (1, []))
    names = tuple(name.strip() for name in header)
    if not any(names):
        raise TableError(["row 1: the file is empty; the first row names the columns."])
    rows, lines = [], []
    for line, cells in records:
        rows.append(cells if len(cells) == len(names) else _fit(cells, len(names), line))
        lines.append(line)
    return RawTable(names, tuple(rows), tuple(lines))


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError(
            [f"the file is not readable as {encoding} (byte {error.start}); save it as UTF-8."]
        ) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cells) and not (len(cells) == 1 and not cells[0].strip()):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError([f"row {line}: the cells cannot be told apart ({error})."]) from None


def _fit(cells: list[str], width: int, line: int) -> list[str]:
    if any(cell.strip() for cell in cells[width:]):
        raise TableError([f"row {line}: {len(cells)} cells under {width} column names."])
    return (cells + [""] * width)[:width]

"""Zip archives from outside (office files): unpacked as a trial before anybody reads them."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

#: Far more than a roster, a questionnaire or a form needs, and no burden for the machine.
MOST_UNPACKED = 50 * 2**20
MOST_PARTS = 2_000
#: A sheet is held whole in memory, with every empty cell between the filled ones.
MOST_CELLS = 4_000_000
ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"

_CHUNK = 2**20
_ENCRYPTED = 0x1
_ROW = re.compile(r"[0-9]{1,7}")
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BASE = ord("A") - 1
#: As office programs write every cell, and anything that could be one.
_USUAL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ANY = re.compile(rb"<(?:[^\s<>/]+:)?c(?=[\s>/])")


class ArchiveError(ValueError):
    """The archive is damaged, protected or not an archive."""


class ArchiveTooLargeError(ArchiveError):
    """The archive unpacks to more than `MOST_UNPACKED` bytes."""


class SheetTooLargeError(ArchiveError):
    """A sheet reaches over more than `MOST_CELLS` cells, however few of them are filled."""


def unpacked(data: bytes) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Yield each part of an archive, whole.

    Unpacks by the chunk and stops at the limit: what the archive says of itself may be a lie.
    """
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in _infos(archive):
                chunks = []
                with archive.open(info) as member:
                    while chunk := member.read(_CHUNK):
                        chunks.append(chunk)
                        left -= len(chunk)
                        if left < 0:
                            raise ArchiveTooLargeError
                yield info, b"".join(chunks)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        raise ArchiveError from None


def workbook_parts(data: bytes) -> list[str]:
    """Return the names in an .xlsx that a reader of workbooks can hold in memory.

    The reader ends the whole program where it cannot: a file of some kilobytes is enough, with one
    cell in the last column of the last row.
    """
    names = []
    for info, part in unpacked(data):
        if b"sheetData" in part and not _is_small(part) and _reach(part) > MOST_CELLS:
            raise SheetTooLargeError
        names.append(info.filename)
    # A reader that finds another kind of workbook beside this one might take that.
    if "xl/workbook.xml" not in names or {"content.xml", "xl/workbook.bin"} & set(names):
        raise ArchiveError
    return names


def _infos(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(infos) > MOST_PARTS or len(names) < len(infos):
        raise ArchiveError
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise ArchiveError
    return infos


def _is_small(sheet: bytes) -> bool:
    """Whether all cells are written as usual and near each other, seen without parsing."""
    cells = _USUAL.findall(sheet)
    if len(cells) != len(_ANY.findall(sheet)):
        return False
    columns, rows = {column for column, _ in cells}, {row for _, row in cells}
    farthest = max((_column(column.decode()) for column in columns), default=0)
    return farthest * max(map(int, rows), default=0) <= MOST_CELLS


def _reach(sheet: bytes) -> int:
    """How many cells lie between the first and the farthest that is filled, in both directions."""
    from lxml import etree

    rows = columns = row = column = 0
    parts = etree.iterparse(
        BytesIO(sheet),
        events=("start", "end"),
        tag=("{*}row", "{*}c"),
        resolve_entities=False,
        no_network=True,
    )
    try:
        for event, one in parts:
            is_row = one.tag.endswith("row")
            if event == "start" and is_row:
                row, column = _row(one.get("r"), row + 1), 0
            elif event == "end" and not is_row:
                row, column = _place(one.get("r"), row, column + 1)
                if len(one):
                    rows, columns = max(rows, row), max(columns, column)
            elif event == "end":
                one.clear()
    except etree.XMLSyntaxError:
        raise ArchiveError from None
    return rows * columns


def _row(text: str | None, following: int) -> int:
    if text is None:
        return following
    if not _ROW.fullmatch(text):
        raise ArchiveError
    return int(text)


def _place(text: str | None, row: int, following: int) -> tuple[int, int]:
    """Row and column of a cell; one that does not say where it is comes behind the one before."""
    if text is None:
        return row, following
    found = _CELL.fullmatch(text)
    if found is None:
        raise ArchiveError
    return int(found[2]), _column(found[1])


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - _BASE
    return column

"""Excel and Word files as rows; nothing in them runs, is fetched or is kept."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from app.authoring.paste.rows import MOST_ROWS, Place, Row, make_row, split_lines
from app.authoring.paste.word import word_rows
from app.authoring.starter.problems import N_
from app.platform import archives

MOST_BYTES = 5 * 2**20
MOST_SHEETS = 5
#: One row more than is looked at: it tells that the file is longer.
_ROWS = MOST_ROWS + 1


class PasteFileError(ValueError):
    """A file that cannot be read as a scale at all; its sentence says how to mend it."""


def file_rows(data: bytes) -> list[Row]:
    """Return the rows of an .xlsx or .docx file, or raise `PasteFileError`."""
    if len(data) > MOST_BYTES:
        raise PasteFileError(N_("The file is larger than 5 MB; leave only the scale in it."))
    if data.startswith(archives.OLD_OFFICE_MAGIC):
        raise PasteFileError(
            N_("This is an old or password-protected file; save it as .xlsx or .docx.")
        )
    names = _checked_names(data)
    try:
        if "word/document.xml" in names:
            return list(islice(word_rows(data), _ROWS))
        archives.workbook_parts(data)
        return list(islice(_sheet_rows(data), _ROWS))
    except archives.SheetTooLargeError:
        raise PasteFileError(
            N_("A cell far away from the others is filled; delete the empty rows and columns.")
        ) from None
    except Exception:  # a damaged file breaks the libraries in many ways
        raise _unreadable() from None


def _checked_names(data: bytes) -> list[str]:
    """The members of a file that carries no macros, no entities and no bomb."""
    names = []
    try:
        for info, part in archives.unpacked(data):
            names.append(info.filename)
            if info.filename.endswith((".xml", ".rels")) and _declares_entities(part):
                raise PasteFileError(N_("The file carries foreign declarations; save it anew."))
    except archives.ArchiveTooLargeError:
        raise PasteFileError(
            N_("The file unpacks to more than 50 MB; leave only the scale in it.")
        ) from None
    except archives.ArchiveError:
        raise _unreadable() from None
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise PasteFileError(N_("The file carries macros; save it as .xlsx or .docx."))
    return names


def _declares_entities(part: bytes) -> bool:
    """No office program writes a document type; UTF-16 puts a zero between the letters."""
    return b"<!DOCTYPE" in part.replace(b"\x00", b"").upper()


def _unreadable() -> PasteFileError:
    return PasteFileError(N_("This is no readable Excel or Word file; save it as .xlsx or .docx."))


def _sheet_rows(data: bytes) -> Iterator[Row]:
    """The stored values: a formula gives what was computed last, and is never computed here."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    try:
        for name in workbook.sheet_names[:MOST_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            grid = [[_cell(value) for value in row] for row in _cells(sheet)]
            _fill_merged(grid, sheet)
            for number, cells in enumerate(grid, start=1):
                yield from split_lines(make_row(Place("sheet", number, name[:31]), cells))
    finally:
        workbook.close()


def _cells(sheet: CalamineSheet) -> list[list[Any]]:
    return sheet.to_python(skip_empty_area=False, nrows=_ROWS)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _fill_merged(grid: list[list[str]], sheet: CalamineSheet) -> None:
    """A cell merged over several rows says the same in each of them."""
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        for row in range(top + 1, min(bottom + 1, len(grid))):
            if left < len(grid[row]) and top < len(grid):
                grid[row][left] = grid[row][left] or grid[top][left]

"""Excel and Word files as rows; nothing in them runs, is fetched or is kept."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from app.authoring.paste.rows import MOST_ROWS, Place, Row, make_row, split_lines
from app.authoring.starter.problems import N_
from app.platform import archives

MOST_BYTES = 5 * 2**20
MOST_SHEETS = 5


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
            return list(_word_rows(data))[:MOST_ROWS]
        if "xl/workbook.xml" in names:
            return list(_sheet_rows(data))[:MOST_ROWS]
    except PasteFileError:
        raise
    except Exception:  # noqa: BLE001 -- a damaged file breaks the libraries in many ways
        raise _unreadable() from None
    raise _unreadable()


def _checked_names(data: bytes) -> list[str]:
    """The members of a file that carries no macros, no entities and no bomb."""
    try:
        names = archives.member_names(data)
    except archives.ArchiveTooLargeError:
        raise PasteFileError(
            N_("The file unpacks to more than 50 MB; leave only the scale in it.")
        ) from None
    except archives.ArchiveError:
        raise _unreadable() from None
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise PasteFileError(N_("The file carries macros; save it as .xlsx or .docx."))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in names:
            if name.endswith((".xml", ".rels")) and _declares_entities(archive.read(name)):
                raise PasteFileError(N_("The file carries foreign declarations; save it anew."))
    return names


def _declares_entities(part: bytes) -> bool:
    """No office program writes a document type; UTF-16 puts a zero between the letters."""
    return b"<!DOCTYPE" in part.replace(b"\x00", b"").upper()


def _unreadable() -> PasteFileError:
    return PasteFileError(N_("This is no readable Excel or Word file; save it as .xlsx or .docx."))


# -- Excel


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
    return sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)


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


# -- Word


def _word_rows(data: bytes) -> Iterator[Row]:
    """Paragraphs and tables in their order; Word's own numbering is written out."""
    from docx import Document
    from docx.table import Table

    document = Document(BytesIO(data))
    numbering = _Numbering(document)
    paragraphs = tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            yield from _table_rows(block, tables, numbering)
        else:
            paragraphs += 1
            place = Place("paragraph", paragraphs)
            cells = numbering.text_of(block).split("\t")
            yield from split_lines(make_row(place, cells))


def _table_rows(table: Any, number: int, numbering: "_Numbering") -> Iterator[Row]:
    for place, row in enumerate(table.rows, start=1):
        cells, seen = [], None
        for cell in row.cells:
            is_same = seen is cell._tc  # a cell merged over columns comes once for each
            text = "\n".join(numbering.text_of(one) for one in cell.paragraphs)
            cells.append("" if is_same else text)
            seen = cell._tc
        yield from split_lines(make_row(Place("table", place, str(number)), cells))


class _Numbering:
    """Counts Word's automatic numbers, which stand in no text."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[tuple[int, int], int] = {}
        self.formats = _formats(document)

    def text_of(self, paragraph: Any) -> str:
        """The text with the number Word shows before it; deeper levels are lettered."""
        text: str = paragraph.text
        found = _number_of(paragraph)
        if not text.strip() or found is None or self.formats.get(found) in ("bullet", "none"):
            return text
        count = self.counts[found] = self.counts.get(found, 0) + 1
        number_id, level = found
        for deeper in range(level + 1, 9):
            self.counts.pop((number_id, deeper), None)
        return f"{count}. {text}" if level == 0 else f"{chr(64 + min(count, 26))}. {text}"


def _number_of(paragraph: Any) -> tuple[int, int] | None:
    """The list and level of a paragraph, its own or its style's."""
    style = paragraph.style
    for properties in (paragraph._p.pPr, style.element.pPr if style is not None else None):
        numbered = properties.numPr if properties is not None else None
        if numbered is not None and numbered.numId is not None:
            level = numbered.ilvl.val if numbered.ilvl is not None else 0
            return (numbered.numId.val, level) if numbered.numId.val else None
    return None


def _formats(document: Any) -> dict[tuple[int, int], str]:
    """How each list writes each of its levels: decimal, bullet, …"""
    from docx.opc.exceptions import OpcError
    from docx.oxml.ns import qn

    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, OpcError):
        return {}
    levels = {
        abstract.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"))): level.find(qn("w:numFmt")).get(qn("w:val"))
            for level in abstract.findall(qn("w:lvl"))
            if level.find(qn("w:numFmt")) is not None
        }
        for abstract in root.findall(qn("w:abstractNum"))
    }
    return {
        (number.numId, level): style
        for number in root.num_lst
        for level, style in levels.get(str(number.abstractNumId.val), {}).items()
    }

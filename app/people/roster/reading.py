"""A roster file (XLSX, or CSV in any of the usual encodings) as rows of named cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from app.people.roster.columns import HEADERS, REQUIRED, Column, RosterMap
from app.people.roster.problems import N_, RosterFileError, RosterProblem
from app.platform import archives
from app.scoring.reading import RawTable, TableError, read_table

MAX_ROWS = 100_000
#: Beyond it a spreadsheet has already replaced the last digits by zeros.
EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of the file: its line (the header is 1) and its cells as text."""

    line: int
    cells: dict[Column, str]


@dataclass(frozen=True)
class RosterTable:
    """What was read of a file; `not_read` names the columns that were left aside."""

    columns: tuple[Column, ...]
    not_read: tuple[str, ...]
    rows: tuple[RawRow, ...]


def read_roster(data: bytes, roster_map: RosterMap | None = None) -> RosterTable:
    """Read a roster file, or raise `RosterFileError` with how to mend it."""
    table = read_cells(data)
    roster_map = roster_map or RosterMap()
    places = _places(table.header, roster_map)
    if len(table.rows) > MAX_ROWS:
        raise _refused(
            N_("The file has %(rows)s rows; split it into files of at most %(most)s."),
            rows=len(table.rows),
            most=MAX_ROWS,
        )
    return RosterTable(
        columns=tuple(places),
        not_read=tuple(
            name for n, name in enumerate(table.header) if name and n not in places.values()
        ),
        rows=tuple(_rows(table, places, roster_map)),
    )


def read_cells(data: bytes) -> RawTable:
    """Read the first sheet of a workbook, or delimited text, as cells of text."""
    return _read_xlsx(data) if data.startswith(archives.ZIP_MAGIC) else _read_csv(data)


def _rows(table: RawTable, places: dict[Column, int], roster_map: RosterMap) -> Iterator[RawRow]:
    codes = {column: roster_map.codes(column) for column in places}
    for line, cells in zip(table.lines, table.rows, strict=True):
        if any(cell.strip() for cell in cells):
            texts = {column: cells[place].strip() for column, place in places.items()}
            yield RawRow(line, {c: codes[c].get(text, text) for c, text in texts.items()})


def _places(header: tuple[str, ...], roster_map: RosterMap) -> dict[Column, int]:
    """Where each column stands; a column named twice or a missing one stops the file."""
    places: dict[Column, int] = {}
    for place, name in enumerate(header):
        column = roster_map.column_of(name) if name else None
        if column is not None and column in places:
            raise _refused(
                N_("“%(first)s” and “%(second)s” mean the same column; keep one of them."),
                first=header[places[column]],
                second=name,
            )
        if column is not None:
            places[column] = place
    missing = [f"{HEADERS[column][0]} ({column})" for column in REQUIRED if column not in places]
    if len(missing) == len(REQUIRED):  # most likely no roster at all
        raise _refused(
            N_(
                "Row 1 names none of the columns that a roster needs: %(missing)s. Please choose "
                "an .xlsx or .csv file with the names of its columns in row 1."
            ),
            missing=", ".join(missing),
        )
    if missing:
        raise _refused(
            N_("Row 1 names no column %(missing)s; add it, or give your own column this name."),
            missing=", ".join(missing),
        )
    return places


def _read_csv(data: bytes) -> RawTable:
    if data.startswith(archives.OLD_OFFICE_MAGIC):
        raise _refused(
            N_("This is an old or password-protected Excel file; save it as .xlsx or .csv.")
        )
    try:
        return read_table(data)
    except TableError as error:
        raise _refused(N_("The file cannot be read: %(reason)s"), reason=str(error)) from None


def _read_xlsx(data: bytes) -> RawTable:
    _refuse_bombs(data)
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 2)
    except (CalamineError, ValueError, IndexError, OSError):
        raise _not_a_workbook() from None
    texts = [[_text(cell) for cell in row] for row in rows]
    if not texts:
        raise _refused(N_("The first sheet is empty; row 1 names the columns."))
    filled = [(line, cells) for line, cells in enumerate(texts[1:], start=2) if any(cells)]
    return RawTable(
        header=tuple(name.strip() for name in texts[0]),
        rows=tuple(cells for _, cells in filled),
        lines=tuple(line for line, _ in filled),
    )


def _refuse_bombs(data: bytes) -> None:
    try:
        archives.workbook_parts(data)
    except archives.ArchiveTooLargeError:
        raise _refused(N_("The file unpacks to more than 50 MB; save it as .csv.")) from None
    except archives.SheetTooLargeError:
        raise _refused(
            N_("A cell far away from the others is filled; delete the empty rows and columns.")
        ) from None
    except archives.ArchiveError:
        raise _not_a_workbook() from None


def _text(cell: object) -> str:
    """A cell as a person would have typed it: no 20260001.0, no midnight after a date."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        exact = len(str(abs(int(cell)))) <= EXACT_DIGITS
        return str(int(cell)) if exact else f"{cell:.5E}"
    return str(cell).strip()


def _not_a_workbook() -> RosterFileError:
    return _refused(N_("This is not a readable Excel workbook; save it again as .xlsx or .csv."))


def _refused(sentence: str, **words: str | int) -> RosterFileError:
    return RosterFileError(RosterProblem(sentence, words))

"""Office files from outside, looked at before a reader of workbooks sees them."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from app.authoring.paste.files import PasteFileError, file_rows
from app.people.roster.problems import RosterFileError
from app.people.roster.reading import read_cells
from app.platform.archives import ArchiveError, SheetTooLargeError, workbook_parts


def book(**cells: str) -> bytes:
    made = Workbook()
    for place, value in cells.items():
        made.active[place] = value
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def sheet(inner: str, *, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, f"<worksheet><sheetData>{inner}</sheetData></worksheet>")
    return file.getvalue()


def test_workbook_of_usual_size_is_let_in():
    assert "xl/workbook.xml" in workbook_parts(book(A1="学号", L100000="1"))


# Not refused, each of these ends the whole program: the reader asks for hundreds of gigabytes.
@pytest.mark.parametrize("read", [read_cells, file_rows])
def test_one_cell_far_away_is_refused_before_it_is_read(read):
    with pytest.raises((RosterFileError, PasteFileError), match="far away"):
        read(book(A1="学号", XFD1048576="x"))


@pytest.mark.parametrize(
    "inner",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFC1048576"><v>1</v></c><c><v>1</v></c></row>',
        "<row r='1048576'><c a='>' r = 'XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_far_cell_is_seen_however_it_is_written(inner):
    for name in ("xl/worksheets/sheet1.xml", "xl/anywhere.bin"):
        with pytest.raises(SheetTooLargeError):
            workbook_parts(sheet(inner, name=name))


def test_far_cell_with_a_look_and_no_content_matters_to_nobody():
    far = '<row r="1048576"><c r="XFD1048576" s="3"/></row>'

    assert workbook_parts(sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}'))


@pytest.mark.parametrize("other", ["content.xml", "xl/workbook.bin"])
def test_another_kind_of_workbook_beside_it_is_refused(other):
    file = BytesIO(book(A1="学号"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(other, "x")

    with pytest.raises(ArchiveError):
        workbook_parts(file.getvalue())

"""A roster file is read whatever programme saved it, and refused with how to mend it."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from app.instruments.schema import load
from app.people.roster.columns import Column, RosterMap
from app.people.roster.problems import RosterFileError
from app.people.roster.reading import read_roster

TEXT = "学号,姓名,班级\n20260001,张䶮,初二（3）班\n"


def _workbook(rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy/m/d"})
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), day)
            elif cell is not None:
                sheet.write(r, c, cell)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_is_read_in_every_usual_encoding(encoding):
    table = read_roster(TEXT.encode(encoding))

    assert table.rows[0].cells == {
        Column.STUDENT_NO: "20260001",
        Column.NAME: "张䶮",
        Column.CLASS: "初二（3）班",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_every_usual_delimiter(delimiter):
    table = read_roster(TEXT.replace(",", delimiter).encode())

    assert [row.cells[Column.NAME] for row in table.rows] == ["张䶮"]


def test_workbook_gives_numbers_and_dates_as_a_person_would_type_them():
    data = _workbook(
        [
            ["Birth Date", "Class", "Name", "Student No"],
            [date(2012, 5, 20), "8(3)", "Ann", 20260001],
        ]
    )

    assert read_roster(data).rows[0].cells == {
        Column.BIRTH_DATE: "2012-05-20",
        Column.CLASS: "8(3)",
        Column.NAME: "Ann",
        Column.STUDENT_NO: "20260001",
    }


def test_lines_are_those_of_the_file_and_empty_rows_are_skipped():
    csv = read_roster("学号,姓名,班级\n1,甲,一班\n,,\n\n2,乙,一班\n\n".encode())
    book = read_roster(
        _workbook([["学号", "姓名", "班级"], ["1", "甲", "一班"], [], ["2", "乙", "一班"]])
    )

    assert [row.line for row in csv.rows] == [2, 5]
    assert [row.line for row in book.rows] == [2, 4]


def test_columns_that_are_not_needed_are_left_aside_and_named():
    table = read_roster("学号,姓名,身份证号,班级（必填）\n1,甲,410000,一班\n".encode())

    assert table.not_read == ("身份证号",)
    assert "410000" not in str(table.rows)


def test_missing_column_is_named_with_its_mend():
    with pytest.raises(RosterFileError, match=r"no column 班级 \(class\); add it"):
        read_roster("学号,姓名\n1,甲\n".encode())


def test_file_that_is_no_roster_is_asked_to_be_chosen_again():
    for other in (b"not a workbook", "日期,天气\n1,晴\n".encode()):
        with pytest.raises(
            RosterFileError, match=r"none of the columns.*choose an \.xlsx or \.csv"
        ):
            read_roster(other)


def test_two_headers_for_one_column_are_refused():
    with pytest.raises(RosterFileError, match="“姓名” and “name” mean the same column"):
        read_roster("学号,姓名,name,班级\n1,甲,乙,一班\n".encode())


def test_map_names_foreign_columns_and_codes(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(
        "student_no: SID\nname: FULL\nclass: ROOM\nrecode: {sex: {7: male, 8: female}}\n"
    )

    table = read_roster(b"SID,FULL,ROOM,sex\nUKM0001,Ann,Y1,7\n", load(RosterMap, path))

    assert table.rows[0].cells == {
        Column.STUDENT_NO: "UKM0001",
        Column.NAME: "Ann",
        Column.CLASS: "Y1",
        Column.SEX: "male",
    }


def test_map_frees_the_usual_name_of_a_column_for_other_uses():
    table = read_roster(
        "学号,全国学籍号,姓名,班级\n7,G7,甲,一班\n".encode(), RosterMap(student_no="全国学籍号")
    )

    assert table.rows[0].cells[Column.STUDENT_NO] == "G7"


def test_zip_bomb_is_refused_by_what_it_unpacks_to_not_by_what_it_says():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (60 * 2**20))

    with pytest.raises(RosterFileError, match="unpacks to more than 50 MB"):
        read_roster(file.getvalue())


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (b"PK\x03\x04 not an archive", "save it again as .xlsx or .csv"),
        (struct.pack("<Q", 0xE11AB1A1E011CFD0), "save it as .xlsx or .csv"),
        (b"", "the first row names the columns"),
    ],
)
def test_unreadable_file_says_what_to_do(data, mend):
    with pytest.raises(RosterFileError, match=mend):
        read_roster(data)

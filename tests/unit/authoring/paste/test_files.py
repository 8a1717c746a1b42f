"""Files from outside: read as text, refused with a sentence, and never run, fetched or trusted."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from app.authoring.paste.files import PasteFileError, file_rows
from app.authoring.paste.recognise import recognise
from tests.unit.authoring.paste.shapes import Paragraph, as_docx, as_xlsx


def changed(data: bytes, **parts: bytes) -> bytes:
    """The archive with parts added or replaced; “__” in a name stands for “/”."""
    wanted = {name.replace("__", "/").replace("DOT", "."): part for name, part in parts.items()}
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in wanted:
                new.writestr(name, old.read(name))
        for name, part in wanted.items():
            new.writestr(name, part)
    return out.getvalue()


WORKBOOK = as_xlsx([Paragraph("1. 我睡得好"), Paragraph("2. 我很累")])
DOCUMENT = as_docx([Paragraph("1. 我睡得好"), Paragraph("2. 我很累")])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no readable"),
        (b"just text", "no readable"),
        (b"PK\x03\x04 broken", "no readable"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old or password-protected"),
        (b"PK\x03\x04" + b"\0" * (5 * 2**20), "larger than 5 MB"),
        (changed(WORKBOOK, xl__vbaProjectDOTbin=b"x"), "macros"),
        (changed(DOCUMENT, word__vbaProjectDOTbin=b"x"), "macros"),
        (changed(DOCUMENT, word__documentDOTxml=ENTITY), "foreign declarations"),
        (changed(WORKBOOK, xl__sharedStringsDOTxml=ENTITY), "foreign declarations"),
        (
            changed(WORKBOOK, xl__sharedStringsDOTxml=ENTITY.decode().encode("utf-16")),
            "foreign declarations",
        ),
        (changed(DOCUMENT, word__documentDOTxml=b"<a"), "no readable"),
        (changed(WORKBOOK, xl__workbookDOTxml=b"<a"), "no readable"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PasteFileError, match=words):
        file_rows(data)


def test_a_bomb_is_refused_before_anything_is_parsed() -> None:
    bomb = changed(WORKBOOK, xl__worksheets__sheet9DOTxml=b"\0" * (51 * 2**20))

    assert len(bomb) < 100_000
    with pytest.raises(PasteFileError, match="50 MB"):
        file_rows(bomb)


def test_a_formula_is_never_computed() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([1, "我睡得好", '=HYPERLINK("http://127.0.0.1/","x")'])
    sheet.append([2, "=1+1"])
    buffer = BytesIO()
    book.save(buffer)

    rows = file_rows(buffer.getvalue())

    assert [row.cells for row in rows] == [("1", "我睡得好"), ("2",)]


def test_cells_merged_over_rows_speak_for_each_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["题号", "题目", "维度"],
        [1, "甲乙丙", "睡眠"],
        [2, "丁戊己", None],
        [3, "庚辛壬", "白天"],
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    buffer = BytesIO()
    book.save(buffer)

    assert recognise(file_rows(buffer.getvalue())).factors == {"睡眠": (1, 2), "白天": (3,)}


def test_cells_merged_in_word_keep_their_columns() -> None:
    document = Document()
    table = document.add_table(rows=4, cols=4)
    head, first, second, third = table.rows
    for cell, text in zip(head.cells, ["题号", "题目", "题目", "维度"], strict=True):
        cell.text = "" if cell is head.cells[2] else text
    for number, row in enumerate((first, second, third), start=1):
        row.cells[0].text = str(number)
        row.cells[1].merge(row.cells[2]).text = "甲乙丙丁"[number:] + "句子"
    first.cells[3].text = "睡眠"
    first.cells[3].merge(second.cells[3])
    third.cells[3].text = "白天"
    buffer = BytesIO()
    document.save(buffer)

    found = recognise(file_rows(buffer.getvalue()))

    assert found.factors == {"睡眠": (1, 2), "白天": (3,)}


def test_bullets_of_word_are_no_numbers() -> None:
    document = Document()
    document.add_paragraph("请注意", style="List Bullet")
    document.add_paragraph("我睡得好", style="List Number")
    document.add_paragraph("我很累", style="List Number")
    buffer = BytesIO()
    document.save(buffer)

    assert [row.cells for row in file_rows(buffer.getvalue())] == [
        ("请注意",),
        ("1. 我睡得好",),
        ("2. 我很累",),
    ]

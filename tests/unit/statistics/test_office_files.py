"""Forms of the education office: what is not a mapped cell comes back as it went in."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook

from app.statistics.bureau import package, workbook
from app.statistics.bureau.problems import FormFileError
from app.statistics.bureau.reading import read_form
from app.statistics.domain.grid import Entry, Spot, Value, layout_of
from tests.factories import office_forms

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
SUMMARY = "xl/worksheets/sheet2.xml"
DAY = Value("2026年11月26日", day=date(2026, 11, 26))
SHARE = Value("12.3%", 0.123, is_share=True)


def _filled(data: bytes, values: dict[str, Value], like: str | None = None) -> bytes:
    model = Spot.parse(like) if like else None
    _kind, form = read_form(data)
    return form.filled([Entry(Spot.parse(spot), one, model) for spot, one in values.items()])


def _changed(before: bytes, after: bytes) -> set[str]:
    """The names of the parts that differ; order, names and dates of the zip do not."""
    old, new = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    told = [
        [(info.filename, info.date_time, info.compress_type) for info in one.infolist()]
        for one in (old, new)
    ]
    assert told[0] == told[1]
    return {name for name in old.namelist() if old.read(name) != new.read(name)}


def _without_cells(data: bytes, part: str, tag: str) -> bytes:
    """A part in its canonical form without the content of its cells."""
    tree = etree.fromstring(office_forms.parts(data)[part])
    for cell in tree.iter(f"{{*}}{tag}"):
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
    return etree.tostring(tree, method="c14n")


def _cells(data: bytes) -> dict[tuple[str, str], tuple]:
    """Every cell of a workbook with its value or formula and its whole look."""
    book = load_workbook(io.BytesIO(data), rich_text=True)
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.style_id,
        )
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }


def _differing(before: bytes, after: bytes) -> dict[str, object]:
    old, new = _cells(before), _cells(after)
    assert old.keys() == new.keys()
    assert all(old[place][1:] == new[place][1:] for place in old)
    return {place[1]: new[place][0] for place in old if old[place][0] != new[place][0]}


def test_only_mapped_cells_of_the_situation_table_change():
    form = office_forms.situation()

    filled = _filled(
        form,
        {
            "s1!2:1#0": Value("第一中学"),
            "s1!2:1#1": Value("王芳"),
            "s1!2:1#2": DAY,
            "s1!5:1": Value("1", 1),
            "s1!5:2": Value("初一1班"),
            "s1!5:3": Value("42", 42),
            "s1!5:8": SHARE,
            "s1!6:8": Value("—", is_hidden=True),
        },
    )

    assert _differing(form, filled) == {
        "A2": "填报单位：第一中学      填报人：王芳      填报日期：2026年11月26日",
        "A5": 1,
        "B5": "初一1班",
        "C5": 42,
        "H5": 0.123,
        "H6": "—",
    }
    assert _changed(form, filled) == {SHEET, BOOK}
    assert _without_cells(form, SHEET, "c") == _without_cells(filled, SHEET, "c")
    assert {name.split("/")[1] for name in office_forms.parts(filled) if "/" in name} >= {
        "media",
        "charts",
        "drawings",
        "comments1.xml",
    }


def test_totals_are_calculated_anew_and_nothing_else_of_the_workbook_is_touched():
    form = office_forms.situation()

    filled = _filled(form, {"s1!5:3": Value("42", 42)})

    old, new = (etree.fromstring(office_forms.parts(one)[BOOK]) for one in (form, filled))
    assert new.find("{*}calcPr").attrib.pop("fullCalcOnLoad") == "1"
    old.find("{*}calcPr").attrib.pop("fullCalcOnLoad", None)
    assert etree.tostring(old, method="c14n") == etree.tostring(new, method="c14n")
    stored = load_workbook(io.BytesIO(filled), data_only=True)["情况统计表"]
    assert (stored["C5"].value, stored["C11"].value) == (42, None)


def test_cells_of_the_monthly_return_take_what_their_format_asks_for():
    form = office_forms.monthly()

    filled = _filled(
        form,
        {
            "s1!2:1#0": Value("第一中学"),
            "s1!3:2": DAY,
            "s1!4:2": Value("480", 480),
            "s1!5:2": Value("96.3%", 0.963, is_share=True),
            "s1!6:2": Value("007", 7),
            "s1!10:3": SHARE,
        },
    )

    sheet = load_workbook(io.BytesIO(filled), rich_text=True)["月报表"]
    runs = sheet["A2"].value
    assert [str(one) for one in runs] == ["学校：", "第一中学", "（盖章）"]
    assert (runs[0].font.b, runs[1].font.color.rgb) == (True, "FFFF0000")
    assert sheet["B3"].value.date() == date(2026, 11, 26)
    assert [sheet[cell].value for cell in ("B4", "B5", "B6", "C10")] == [480, 96.3, "007", "12.3%"]
    assert _without_cells(form, SHEET, "c").count(b"dataValidation ") == 2
    assert _changed(form, filled) == {SHEET, SUMMARY, BOOK}


def test_totals_of_the_empty_form_stand_on_no_sheet():
    filled = _filled(office_forms.monthly(), {"s1!9:2": Value("42", 42)})

    formulas, stored = (
        load_workbook(io.BytesIO(filled), data_only=one)["汇总"]["B1"].value
        for one in (False, True)
    )
    assert (formulas, stored) == ("=SUM(月报表!B9:B10)", None)


def test_row_below_the_last_is_made_in_the_look_of_the_first():
    form = office_forms.situation()

    filled = _filled(form, {"s1!20:8": SHARE}, like="s1!5:8")

    sheet = load_workbook(io.BytesIO(filled))["情况统计表"]
    assert (sheet["H20"].value, sheet["H20"].number_format) == (0.123, "0.0%")


def test_text_that_looks_like_a_formula_stays_text():
    filled = _filled(
        office_forms.situation(), {"s1!5:2": Value("=1+1"), "s1!5:1": Value("\uff1d2")}
    )

    sheet = load_workbook(io.BytesIO(filled))["情况统计表"]
    assert [(sheet[at].data_type, sheet[at].value) for at in ("B5", "A5")] == [
        ("s", "'=1+1"),
        ("s", "'\uff1d2"),
    ]


def test_only_mapped_places_of_the_document_change():
    form = office_forms.report()
    values = {
        "d0.1!3:1": Value("初一1班"),
        "d0.1!3:4": SHARE,
        "d0.2!1:1#0": Value("王芳"),
        "d0.2!1:1#2": DAY,
        "d0.2!2:1#0": Value("480", 480),
        "d1.0!1:1#0": Value("第一中学"),
    }

    filled = _filled(form, values)

    document, before = (Document(io.BytesIO(one)) for one in (filled, form))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == before.paragraphs[0].text
    assert texts[1:] == [
        "填表人：王芳        联系电话：          日期：2026年11月26日",
        "应测480人，共三份。",
    ]
    assert document.sections[0].header.paragraphs[0].text == "报送单位：第一中学"
    typed = document.tables[0].cell(2, 0).paragraphs[0].runs[0]
    assert (typed.text, typed.bold, typed.font.size.pt) == ("初一1班", True, 10.0)
    assert document.paragraphs[1].runs[1].underline
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[2] == ["初一1班", "", "", "12.3%"]
    assert rows[:2] + rows[3:] == [
        [cell.text for cell in row.cells]
        for row in [*before.tables[0].rows[:2], *before.tables[0].rows[3:]]
    ]
    assert _changed(form, filled) == {"word/document.xml", "word/header1.xml"}


def test_tables_in_tables_and_content_controls_take_their_figures():
    form = office_forms.nested()

    filled = _filled(
        form,
        {
            "d0.0.0!2:2": Value("42", 42),
            "d0.1!1:2": Value("480", 480),
            "d0.1!2:2": Value("470", 470),
            "d0.1!2:3#0": Value("469", 469),
        },
    )

    document = Document(io.BytesIO(filled))
    assert document.tables[0].cell(0, 0).tables[0].cell(1, 1).text == "42"
    rows = list(document.tables[1]._tbl.iter(qn("w:tr")))
    texts = [["".join(cell.itertext(qn("w:t"))) for cell in row.iter(qn("w:tc"))] for row in rows]
    assert texts == [["应测", "480", ""], ["实测", "470", "469"]]
    assert _changed(form, filled) == {"word/document.xml"}


def test_hints_to_click_and_lines_to_write_on_are_places_and_what_is_written_is_no_hint():
    form = office_forms.nested()
    figures = ("162", "150", "92.6", "160")

    filled = _filled(
        form,
        {
            "d0.2!1:1#0": Value("第一中学"),
            **{f"d0.2!2:1#{n}": Value(figure) for n, figure in enumerate(figures)},
            "d0.2!3:1#0": Value("王芳"),
        },
    )

    document = Document(io.BytesIO(filled))
    lines = ["".join(one._p.itertext(qn("w:t"))) for one in document.paragraphs]
    assert lines == [
        "学校：第一中学",
        "我校共有学生162     人，其中（150）人参加，占【92.6】%。应测160人",
        "填表人：王芳从前",
    ]
    assert document.paragraphs[1].runs[1].underline
    body = document.element.body
    hints = [one.getparent().getparent() for one in body.iter(qn("w:showingPlcHdr"))]
    assert ["".join(one.itertext(qn("w:t"))) for one in hints] == ["单击此处输入文字。"]
    assert len(list(body.iter(qn("w:dataBinding")))) == 1


@pytest.mark.parametrize("make", [office_forms.report, office_forms.nested, office_forms.monthly])
def test_strict_variant_has_the_same_places(make):
    same = [_read(one)[1] for one in (make(), office_forms.strict(make()))]

    assert [grid.rows for grid in same[0]] == [grid.rows for grid in same[1]]


def test_strict_document_is_filled():
    form = office_forms.strict(office_forms.report())

    filled = _filled(form, {"d0.1!3:1": Value("初一1班"), "d0.2!2:1#0": Value("480", 480)})

    text = "".join(etree.fromstring(office_forms.parts(filled)["word/document.xml"]).itertext())
    assert ("初一1班" in text, "应测480人" in text) == (True, True)


def test_hidden_rows_and_columns_are_no_places():
    form = office_forms.with_hidden_row(office_forms.situation(), 7)
    sheet = office_forms.parts(form)[SHEET].decode()
    assert 'min="2" max="2"' in sheet
    narrow = sheet.replace('<col min="2" max="2"', '<col hidden="1" min="2" max="2"')

    grid = _read(office_forms.with_part(form, SHEET, narrow.encode()))[1][0]

    assert (7 in grid.rows, 8 in grid.rows) == (False, True)
    assert {cell.column for cell in grid.rows[8]} == {1, 3, 4, 5, 6, 7, 8}
    assert (grid.cell(1, 1).colspan, grid.cell(3, 1).rowspan) == (7, 2)


def test_quirks_of_other_programs_are_read():
    form = office_forms.monthly()
    files = office_forms.parts(form)
    sheet = files[SHEET].decode()
    empty = sheet.replace('<c r="B4"><v>0</v></c>', '<c r="B4" t="s"/>')
    assert empty != sheet
    rels = files["xl/_rels/workbook.xml.rels"].decode()
    odd = rels.replace("sharedStrings.xml", "SharedStrings.xml").replace(
        'Target="worksheets', 'Target="/xl/worksheets'
    )
    form = office_forms.with_part(form, SHEET, empty.encode())
    form = office_forms.with_part(form, "xl/_rels/workbook.xml.rels", odd.encode())

    grid = _read(form)[1][0]

    assert (grid.cell(4, 1).text, grid.cell(4, 2).spots != ()) == ("应测人数", True)


def test_form_of_another_month_has_the_same_layout_and_another_form_has_not():
    form = office_forms.situation()
    shared = office_forms.parts(form)["xl/sharedStrings.xml"].decode()
    next_month = office_forms.with_part(
        form, "xl/sharedStrings.xml", shared.replace("2026年10月", "2026年11月").encode()
    )
    other = office_forms.with_part(
        form, "xl/sharedStrings.xml", shared.replace("实测人数", "应测人数").encode()
    )

    layouts = [layout_of(*_read(one)) for one in (form, next_month, other)]

    assert layouts[0] == layouts[1] != layouts[2]


def _read(data: bytes):
    kind, form = read_form(data)
    return kind, form.grids()


BOMB = b"0" * 60 * 2**20
XXE = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><workbook>&e;</workbook>"
LAUGHS = (
    b"<!DOCTYPE l [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 108))
    + b"]><workbook>&k;</workbook>"
)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda form: b"PK\x03\x04 not a zip", "no readable form"),
        (lambda form: b"", "no readable form"),
        (lambda form: form[: len(form) // 2], "no readable form"),
        (lambda form: b"\xd0\xcf\x11\xe0" + b"0" * 99, "password-protected"),
        (lambda form: b"0" * (package.MOST_BYTES + 1), "more than 5 MB"),
        (lambda form: office_forms.with_part(form, "xl/media/x.bin", BOMB), "unpacks to far more"),
        (lambda form: office_forms.with_part(form, "xl/vbaProject.bin", b"x"), "macros"),
        (lambda form: office_forms.with_part(form, BOOK, XXE), "no readable form"),
        (lambda form: office_forms.with_part(form, BOOK, LAUGHS), "no readable form"),
        (lambda form: office_forms.with_part(form, SHEET, b"<worksheet/>"), "damaged"),
        (lambda form: office_forms.with_part(form, SHEET, b"<a>"), "no readable form"),
        (lambda form: _merged_again(form, "B3:C9"), "damaged"),
        (lambda form: _merged_again(form, *["A1:AN203"] * workbook.MOST_MERGED), "damaged"),
        (lambda form: _merged_again(form, "H9:G8"), "damaged"),
    ],
)
def test_file_that_is_no_form_is_refused_with_what_to_do(make, says):
    with pytest.raises(FormFileError) as refused:
        read_form(make(office_forms.situation()))

    assert says in refused.value.sentence


def _merged_again(form: bytes, *ranges: str) -> bytes:
    """The form with further merged cells, some over those it has."""
    more = "".join(f'<mergeCell ref="{one}"/>' for one in ranges).encode()
    sheet = office_forms.parts(form)[SHEET]
    return office_forms.with_part(
        form, SHEET, sheet.replace(b"</mergeCells>", more + b"</mergeCells>")
    )


def test_workbook_that_is_only_called_xlsx_but_enables_macros_is_refused():
    form = office_forms.situation()
    types = office_forms.parts(form)["[Content_Types].xml"]
    macro = types.replace(
        b"officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )

    with pytest.raises(FormFileError, match="macros"):
        read_form(office_forms.with_part(form, "[Content_Types].xml", macro))

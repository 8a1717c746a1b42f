"""A report as a workbook or a text document that offices can go on working with."""

import io
import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.platform.i18n import as_days
from app.platform.pdf import Column
from app.platform.pdf.pagination import text_width
from app.statistics.bars import add_bars
from app.statistics.columns import columns_of
from app.statistics.domain.cells import plain, row_height
from app.statistics.layout import Cell, Section, Table, heading_of, sections_of
from app.statistics.queries.report import GroupReport

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: Widths in characters: the place, then every other column.
PLACE_WIDTH, OTHER_WIDTH = 34, 18
A4 = 9
#: In millimetres: the margins of the text document, and what they leave of its page.
MARGIN, TEXT_ROOM = 20, 170
TYPE, TABLE_STYLE = 9, "Light Grid Accent 1"


def title_of(report: GroupReport) -> str:
    """Place and campaign."""
    return f"{heading_of(report)} · {report.campaign.title}"


def dates_of(report: GroupReport) -> str:
    """From when to when the campaign ran."""
    return as_days(report.campaign.opens_on, report.campaign.closes_on)


def write_xlsx(report: GroupReport) -> bytes:
    """One sheet a section; every cell is text or a whole number, never a formula."""
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"align": "right", "valign": "top"}),
            "head of numbers": book.add_format(
                {"bold": True, "text_wrap": True, "bottom": 1, "align": "right"}
            ),
            "merged": book.add_format({"align": "center", "valign": "top"}),
        }
        for number, section in enumerate(sections_of(report), start=1):
            sheet = book.add_worksheet(_sheet_name(number, section.title))
            sheet.set_column(0, 0, PLACE_WIDTH)
            sheet.set_column(1, 12, OTHER_WIDTH)
            sheet.set_landscape()
            sheet.set_paper(A4)
            sheet.fit_to_pages(1, 0)
            _fill_sheet(sheet, report, section, looks)
    return file.getvalue()


def write_docx(report: GroupReport) -> bytes:
    """Headings, sentences and tables, in the order of the page."""
    from docx import Document

    document = Document()
    document.core_properties.title = title_of(report)
    document.core_properties.author = ""
    _set_page(document)
    _set_fonts(document)
    document.add_heading(title_of(report), level=0)
    document.add_paragraph(dates_of(report))
    document.add_paragraph(_("For screening reference only, not a diagnosis"))
    for section in sections_of(report):
        document.add_heading(section.title, level=1)
        for sentence in section.sentences:
            document.add_paragraph(sentence)
        add_bars(document, section)
        for table in section.tables:
            document.add_heading(table.caption, level=2)
            _add_table(document, table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _fill_sheet(sheet: Any, report: GroupReport, section: Section, looks: dict[str, Any]) -> None:
    sheet.write_string(0, 0, section.title, looks["title"])
    sheet.write_string(1, 0, f"{title_of(report)} · {dates_of(report)}")
    line = 3
    for sentence in section.sentences:
        sheet.write_string(line, 0, sentence)
        line += 1
    for table in section.tables:
        line = _write_table(sheet, line + 1, table, looks)


def _write_table(sheet: Any, line: int, table: Table, looks: dict[str, Any]) -> int:
    sheet.write_string(line, 0, table.caption, looks["title"])
    line += 1
    sheet.set_row(line, max(row_height(head, OTHER_WIDTH) for head in table.head))
    for column, head in enumerate(table.head):
        look = looks["head of numbers" if column else "head"]
        sheet.write_string(line, column, plain(head), look)
    for row in table.rows:
        line, column = line + 1, 0
        sheet.set_row(line, row_height(row[0].text, PLACE_WIDTH))
        for cell in row:
            look = looks["number" if cell.is_number else "text"]
            text = "　" * cell.depth + plain(cell.text)
            if cell.span > 1:
                sheet.merge_range(line, column, line, column + cell.span - 1, text, looks["merged"])
            elif cell.is_number and cell.text.isdecimal():
                sheet.write_number(line, column, int(cell.text), look)
            else:
                sheet.write_string(line, column, text, look)
            column += cell.span
    return line + 1


def _add_table(document: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    made = document.add_table(rows=1, cols=len(table.head), style=TABLE_STYLE)
    columns = columns_of(table, TEXT_ROOM)
    _set_widths(made, columns)
    _stay_whole(made.rows[0], is_head=True)
    for number, (place, head) in enumerate(zip(made.rows[0].cells, table.head, strict=True)):
        place.text = head
        if number:
            place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for row in table.rows:
        written, column = made.add_row(), 0
        _stay_whole(written)
        cells = written.cells
        for cell in row:
            place = cells[column]
            place.text = "　" * cell.depth + _fitted(cell, columns[column].width)
            if cell.span > 1:
                place = place.merge(cells[column + cell.span - 1])
                place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif cell.is_number:
                place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            column += cell.span


def _fitted(cell: Cell, width: float) -> str:
    """A share stands below its count where the column is too narrow for both: it is not torn."""
    if cell.is_number and cell.span == 1 and text_width(cell.text) > width:
        return re.sub(" ?([（(])", r"\n\1", cell.text)
    return cell.text


def _set_widths(made: Any, columns: Sequence[Column]) -> None:
    """Later rows and merged cells take over the widths of the first."""
    from docx.shared import Mm

    made.autofit = False
    for place, column in zip(made.columns, columns, strict=True):
        place.width = Mm(column.width)
        place.cells[0].width = place.width


def _stay_whole(row: Any, *, is_head: bool = False) -> None:
    """A row is not cut by the end of a page; the head comes back on the next."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _set_page(document: Any) -> None:
    """A4 with room for tables, whose type is smaller than the text."""
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(MARGIN)
    document.styles[TABLE_STYLE].font.size = Pt(TYPE)


def _set_fonts(document: Any) -> None:
    """A Chinese font beside the Latin one: without it Word takes a Japanese face."""
    from docx.oxml.ns import qn

    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "宋体" if style == "Normal" else "黑体")


def _sheet_name(number: int, title: str) -> str:
    """Unique, of at most 31 characters, and without the signs that a workbook refuses."""
    kept = "".join(sign for sign in title if sign not in "[]:*?/\\'")
    return f"{number} {kept}"[:31]

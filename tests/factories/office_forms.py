"""Three forms as education offices send them, built here and never taken from anybody."""

import io
import struct
import zipfile
import zlib

import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

CLASS_ROWS = range(5, 11)


def situation() -> bytes:
    """情况统计表: merged title, header of two levels, six rows, a total, a picture, a chart."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet("情况统计表"), book.add_worksheet("参数")
        title = book.add_format(
            {"bold": True, "font_size": 18, "align": "center", "font_name": "黑体"}
        )
        head = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
        cell = book.add_format({"border": 1, "align": "center"})
        percent = book.add_format({"border": 1, "num_format": "0.0%"})
        sheet.merge_range("A1:H1", "2026年10月学生心理健康测评情况统计表", title)
        line = "填报单位：              填报人：          填报日期：    年  月  日"
        sheet.merge_range("A2:H2", line, book.add_format({"font_size": 11}))
        sheet.merge_range("A3:A4", "序号", head)
        sheet.merge_range("B3:B4", "班级", head)
        sheet.merge_range("C3:C4", "实测人数", head)
        sheet.merge_range("D3:F3", "情绪困扰水平（人）", head)
        sheet.merge_range("G3:H3", "建议关注", head)
        for column, name in enumerate(("较低", "轻度", "较高", "人数", "占比"), start=3):
            sheet.write(3, column, name, head)
        for row in CLASS_ROWS:
            for column in range(7):
                sheet.write_blank(row - 1, column, None, cell)
            sheet.write_blank(row - 1, 7, None, percent)
        sheet.merge_range("A11:B11", "合计", head)
        for column in "CDEFG":
            sheet.write_formula(f"{column}11", f"=SUM({column}5:{column}10)", cell, 0)
        sheet.write_formula("H11", "=IF(C11=0,0,G11/C11)", percent, 0)
        sheet.write("A12", "注：本表由学校心理辅导室填写，盖章后上报。")
        sheet.set_column("B:B", 18.5)
        sheet.set_row(0, 32)
        sheet.repeat_rows(0, 3)
        sheet.set_landscape()
        sheet.set_header("&C内部资料")
        sheet.conditional_format(
            "H5:H10", {"type": "cell", "criteria": ">", "value": 0.3, "format": title}
        )
        sheet.write_comment("C3", "以实际完成测评的学生为准")
        sheet.insert_image("H13", "mark.png", {"image_data": io.BytesIO(_picture())})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=情况统计表!$G$5:$G$10"})
        sheet.insert_chart("A14", chart)
        book.define_name("合计行", "=情况统计表!$A$11:$H$11")
        hidden.write("A1", "内部参数")
        hidden.hide()
    return file.getvalue()


def monthly() -> bytes:
    """月报表: print area, validated cells, grades printed, no style in the last rows, rich text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, summary = book.add_worksheet("月报表"), book.add_worksheet("汇总")
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
        day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        tenth, text = book.add_format({"num_format": "0.0"}), book.add_format({"num_format": "@"})
        sheet.write("A1", "心理健康工作月报表", bold)
        sheet.write_rich_string("A2", bold, "学校：", red, "{{学校名称}}", "（盖章）")
        sheet.write("A3", "填报日期")
        sheet.write_blank("B3", None, day)
        sheet.write("A4", "应测人数")
        sheet.write_number("B4", 0)
        sheet.write("A5", "完成率（%）")
        sheet.write_blank("B5", None, tenth)
        sheet.write("A6", "学校代码")
        sheet.write_blank("B6", None, text)
        for column, name in enumerate(("年级", "实测人数", "建议关注占比")):
            sheet.write(7, column, name, bold)
        for row, name in enumerate(("初二", "初一"), start=8):
            sheet.write(row, 0, name)
        sheet.data_validation("B9:B10", {"validate": "integer", "criteria": ">=", "value": 0})
        sheet.data_validation("D4", {"validate": "list", "source": ["是", "否"]})
        sheet.print_area("A1:D12")
        sheet.protect("", {"select_locked_cells": True})
        summary.write("A1", "全校实测")
        summary.write_formula("B1", "=SUM(月报表!B9:B10)", None, 0)
    return file.getvalue()


def report() -> bytes:
    """A DOCX: a table with cells over rows and columns, a header, a line to sign on."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "报送单位：〔学校〕"
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("中小学生心理健康测评工作报表")
    run.bold, run.font.size = True, Pt(18)
    table = document.add_table(rows=5, cols=4, style="Table Grid")
    for column, name in enumerate(("班级", "实测人数", "建议关注", "")):
        table.cell(0, column).text = name
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))
    table.cell(1, 2).text, table.cell(1, 3).text = "人数", "占比"
    for row in (2, 3, 4):
        for column in range(4):
            _look_of_what_is_typed(table.cell(row, column).paragraphs[0])
    sign = document.add_paragraph("填表人：")
    line = sign.add_run("            ")
    line.underline = True
    sign.add_run("联系电话：")
    sign.add_run("        ").underline = True
    sign.add_run("  日期：____年__月__日")
    document.add_paragraph("应测________人，共三份。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def nested() -> bytes:
    """A DOCX: a table that only lays out, a row and a cell in content controls, hints, lines."""
    document = Document()
    frame = document.add_table(rows=1, cols=1)
    inner = frame.cell(0, 0).add_table(rows=2, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text, inner.cell(1, 0).text = "班级", "人数", "初一1班"
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).text, table.cell(1, 0).text = "应测", "实测"
    _hint(table.cell(1, 2).paragraphs[0], "单击此处输入文字。")
    cell, row = table.cell(0, 1)._tc, table.rows[1]._tr
    for one in (cell, row):
        _in_control(one)
    line = document.add_paragraph("学校：")
    _hint(line, "单击输入")
    count = document.add_paragraph("我校共有学生")
    count.add_run("        ").underline = True
    count.add_run("人，其中（    ）人参加，占【   】%。应测\uff3f\uff3f\uff3f\uff3f人")
    moved = document.add_paragraph("填表人：")
    moved._p.append(
        parse_xml(f"<w:moveFrom {nsdecls('w')}><w:r><w:t>从前</w:t></w:r></w:moveFrom>")
    )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _in_control(element) -> None:
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    element.addprevious(control)
    control[1].append(element)


def _hint(paragraph, words: str) -> None:
    """A content control that says where to click, bound to the properties of the document."""
    paragraph._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/>"
            '<w:dataBinding w:xpath="/a" w:storeItemID="{0}"/></w:sdtPr><w:sdtContent>'
            f'<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{words}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )
    )


def strict(data: bytes) -> bytes:
    """The same form as Word and Excel save it in the strict variant: other namespaces."""
    for name, content in parts(data).items():
        if name.endswith((".xml", ".rels")):
            said = content.decode()
            for kind in ("wordprocessingml", "spreadsheetml"):
                said = said.replace(
                    f"http://schemas.openxmlformats.org/{kind}/2006/main",
                    f"http://purl.oclc.org/ooxml/{kind}/main",
                )
            said = said.replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            data = with_part(data, name, said.encode())
    return data


def with_hidden_row(data: bytes, row: int) -> bytes:
    """A workbook whose first sheet does not show this row."""
    name = "xl/worksheets/sheet1.xml"
    sheet = parts(data)[name].decode()
    return with_part(
        data, name, sheet.replace(f'<row r="{row}"', f'<row r="{row}" hidden="1"').encode()
    )


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same file with one more part, or with other content for one."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info.filename))
        new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """Every part of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _look_of_what_is_typed(paragraph) -> None:
    """Bold 10 point, set on the paragraph mark as Word does in an empty cell."""
    look = OxmlElement("w:rPr")
    look.append(OxmlElement("w:b"))
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "20")
    look.append(size)
    paragraph._p.get_or_add_pPr().append(look)


def _picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\x10\x60\x60")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")

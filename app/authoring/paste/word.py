"""The paragraphs and tables of a Word document as rows, in one pass over its parts."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from app.authoring.paste.rows import MOST_CELLS, Place, Row, make_row, split_lines

#: A list and its level.
Level = tuple[int, int]

_DEEPEST = 9


def word_rows(data: bytes) -> Iterator[Row]:
    """Yield paragraphs and table rows in their order; Word's own numbers are written out."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(BytesIO(data))
    numbering = _Numbering(document)
    paragraphs = tables = 0
    for block in document.element.body.iterchildren(qn("w:p"), qn("w:tbl")):
        if block.tag == qn("w:tbl"):
            tables += 1
            yield from _table_rows(block, str(tables), numbering)
        else:
            paragraphs += 1
            cells = numbering.text_of(block).split("\t")
            yield from split_lines(make_row(Place("paragraph", paragraphs), cells))


def _table_rows(table: Any, part: str, numbering: "_Numbering") -> Iterator[Row]:
    """A cell merged over rows says the same in each; one merged over columns says it once."""
    above: dict[int, str] = {}
    for number, line in enumerate(table.tr_lst, start=1):
        cells: list[str] = []
        for cell in islice(line.tc_lst, MOST_CELLS + 1):  # one more tells that the row is wider
            column = len(cells)
            if cell.vMerge != "continue":
                above[column] = "\n".join(map(numbering.text_of, cell.p_lst))
            cells += [above.get(column, ""), *[""] * min(cell.grid_span - 1, MOST_CELLS)]
        yield from split_lines(make_row(Place("table", number, part), cells))


class _Numbering:
    """Counts Word's automatic numbers, which stand in no text."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[Level, int] = {}
        self.formats = _formats(document)
        self.styles = {
            style.styleId: level
            for style in document.styles.element.style_lst
            if (level := _level_in(style.pPr))
        }

    def text_of(self, paragraph: Any) -> str:
        """The text with the number Word shows before it; deeper levels are lettered."""
        text: str = paragraph.text
        found = _level_in(paragraph.pPr) or self.styles.get(paragraph.style)
        is_counted = found and found[0] and self.formats.get(found) not in ("bullet", "none")
        if not text.strip() or not found or not is_counted:
            return text
        count = self.counts[found] = self.counts.get(found, 0) + 1
        number_id, level = found
        for deeper in range(level + 1, _DEEPEST):
            self.counts.pop((number_id, deeper), None)
        return f"{count}. {text}" if level == 0 else f"{chr(64 + min(count, 26))}. {text}"


def _level_in(properties: Any) -> Level | None:
    """The list a paragraph or style belongs to; list 0 takes it out of one."""
    numbered = properties.numPr if properties is not None else None
    if numbered is None or numbered.numId is None:
        return None
    return numbered.numId.val, numbered.ilvl.val if numbered.ilvl is not None else 0


def _formats(document: Any) -> dict[Level, str]:
    """How each list writes each of its levels: decimal, bullet, …"""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    try:
        root = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
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

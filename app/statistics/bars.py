"""The bars of a report in a text document: rows of shaded cells, drawn by every office program.

A picture would be one more format to make and could not be read aloud; cells keep their words,
print sharp, and can be changed by whoever goes on writing.
"""

from collections.abc import Iterable
from typing import Any

from app.statistics.layout import Bar, Section, Segment, ink

#: Columns of the grid under a bar; the place beside it has one.
PARTS = 100
#: In twentieths of a point, which is what the format counts in.
PLACE, PART = 2_640, 70
INDENT = 140
LOW, HIGH = 14, 16
#: A share below this has no room for its words.
READABLE = 0.09
DARK = 0.6


def add_bars(document: Any, section: Section) -> None:
    """The picture of a section with its key, where it has any."""
    if not section.bars:
        return
    key = document.add_paragraph()
    for name, shade in section.key:
        _add_swatch(key, shade)
        key.add_run(f" {name}　")
    key.paragraph_format.keep_with_next = True
    key._p.addnext(_table(section))


def _add_swatch(paragraph: Any, shade: float) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    run = paragraph.add_run("　")
    properties = run._r.get_or_add_rPr()
    edge = 'w:val="single" w:sz="4" w:space="0" w:color="7D8A86"'
    properties.append(parse_xml(f"<w:bdr {nsdecls('w')} {edge}/>"))
    fill = _fill(shade)
    properties.append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
    )


def _table(section: Section) -> Any:
    from xml.sax.saxutils import quoteattr

    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    grid = f'<w:gridCol w:w="{PLACE}"/>' + f'<w:gridCol w:w="{PART}"/>' * PARTS
    rows = "".join(map(_row, section.bars))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{PLACE + PARTS * PART}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        f"<w:tblCaption w:val={quoteattr(section.title)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(bar: Bar) -> str:
    place = _cell(
        bar.label, f'<w:tcW w:w="{PLACE}" w:type="dxa"/>', f'<w:ind w:left="{INDENT * bar.depth}"/>'
    )
    height = '<w:trPr><w:cantSplit/><w:trHeight w:val="340"/></w:trPr>'
    return f"<w:tr>{height}{place}{''.join(_segments(bar.segments))}</w:tr>"


def _segments(segments: Iterable[Segment]) -> Iterable[str]:
    """Cells over as many columns as the share has hundredths; what is left over stays empty."""
    done = 0
    for one in segments:
        until = round(PARTS * (one.start + one.share))
        if until > done:
            yield _part(until - done, one)
            done = until
    if done < PARTS:
        yield _cell("", _span(PARTS - done))


def _part(columns: int, segment: Segment) -> str:
    edge = 'w:val="single" w:sz="8" w:space="0" w:color="FFFFFF"'
    sides = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right"))
    look = f"{_span(columns)}<w:tcBorders>{sides}</w:tcBorders>"
    look += f'<w:shd w:val="clear" w:color="auto" w:fill="{_fill(segment.shade)}"/>'
    words = segment.text if segment.share >= READABLE else ""
    colour = "FFFFFF" if segment.shade > DARK else "1D2B2F"
    return _cell(words, look, '<w:jc w:val="center"/>', size=LOW, colour=colour)


def _span(columns: int) -> str:
    return f'<w:tcW w:w="{columns * PART}" w:type="dxa"/><w:gridSpan w:val="{columns}"/>'


def _cell(words: str, look: str, stand: str = "", *, size: int = HIGH, colour: str = "") -> str:
    from xml.sax.saxutils import escape

    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    run = f'<w:r><w:rPr>{tint}<w:sz w:val="{size}"/></w:rPr><w:t>{escape(words)}</w:t></w:r>'
    paragraph = f'<w:pPr><w:spacing w:before="0" w:after="0"/>{stand}</w:pPr>'
    middle = '<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{look}{middle}</w:tcPr><w:p>{paragraph}{run}</w:p></w:tc>"


def _fill(shade: float) -> str:
    return ink(shade).lstrip("#").upper()

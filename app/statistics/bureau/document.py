"""A DOCX form: its tables and lines as grids, and single cells and blanks of it written."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from lxml import etree

from app.statistics.bureau import runs
from app.statistics.bureau.package import Package
from app.statistics.domain.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    Entry,
    Grid,
    GridCell,
    Spot,
    blanks_in,
    is_nothing,
    last_blank_first,
    parts_of,
    writing,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
#: Marks of a change that belong to the paragraph sign and not to a run.
_NOT_OF_A_RUN = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
_TOP = (f"{_W}p", f"{_W}tbl")


class WordForm:
    """A document with its header and footer."""

    def __init__(self, package: Package) -> None:
        self.package = package
        ends = [
            name
            for kind, name in package.related(package.main).values()
            if kind.endswith(("/header", "/footer"))
        ]
        names = dict.fromkeys([package.main, *ends])
        self._trees = {name: package.tree(name) for name in names}
        self._grids: list[Grid] = []
        #: By grid and row and column, the part and the paragraphs of the cell.
        self._places: dict[tuple[str, int, int], tuple[str, list[etree._Element]]] = {}
        for number, (name, tree) in enumerate(self._trees.items()):
            self._read(f"d{number}", name, tree)

    def grids(self) -> list[Grid]:
        """Tables, and the lines before, between and after them."""
        return self._grids

    def filled(self, entries: Iterable[Entry]) -> bytes:
        """The file with the entries written; the last blank of a cell first."""
        changed = {}
        for entry in sorted(entries, key=last_blank_first):
            spot = entry.spot
            name, paragraphs = self._places[spot.grid, spot.row, spot.column]
            if spot.blank is None:
                _write_cell(paragraphs, entry.value.text)
            else:
                _write_blank(paragraphs, spot.blank, entry.value.text)
            changed[name] = self._trees[name]
        return self.package.rewritten(changed)

    def _read(self, key: str, name: str, tree: etree._Element) -> None:
        body = tree.find(f"{_W}body")
        lines: list[etree._Element] = []
        count = 0
        for block in _blocks(tree if body is None else body):
            if block.tag == f"{_W}p":
                lines.append(block)
                continue
            count += self._add_lines(f"{key}.{count}", name, lines)
            lines = []
            self._add_table(f"{key}.{count}", name, block)
            count += 1
        self._add_lines(f"{key}.{count}", name, lines)

    def _add_lines(self, key: str, name: str, lines: Sequence[etree._Element]) -> int:
        """Lines of text with something in them; one column."""
        rows = {}
        for number, line in enumerate(lines[:MOST_ROWS], start=1):
            text = runs.text_of(_pieces(line))
            if is_nothing(text):
                continue
            rows[number] = (GridCell(number, 1, parts_of(text, Spot(key, number, 1))),)
            self._places[key, number, 1] = (name, [line])
        if not rows:
            return 0
        self._grids.append(Grid(key, "", rows, is_table=False))
        return 1

    def _add_table(self, key: str, name: str, table: etree._Element) -> None:
        rows: dict[int, list[GridCell]] = {}
        found = table.findall(f"{_W}tr")
        is_cut = len(found) > MOST_ROWS
        spans = _spans(found[:MOST_ROWS])
        for (row, column), (cell, rowspan, colspan) in spans.items():
            rows.setdefault(row, [])
            if cell is None or column > MOST_COLUMNS:
                is_cut = is_cut or cell is not None
                continue
            paragraphs = list(cell.iterchildren(f"{_W}p"))
            text = "\n".join(runs.text_of(_pieces(one)) for one in paragraphs)
            parts = parts_of(text, Spot(key, row, column)) if paragraphs else ()
            rows[row].append(GridCell(row, column, parts, rowspan, colspan))
            self._places[key, row, column] = (name, paragraphs)
        self._grids.append(Grid(key, "", rows, is_cut=is_cut))


def _blocks(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in their order, also those in content controls."""
    for child in body:
        if child.tag in _TOP:
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _blocks(content)


def _spans(
    rows: Sequence[etree._Element],
) -> dict[tuple[int, int], tuple[etree._Element | None, int, int]]:
    """The cell that begins at each place, with its rows and columns; None for a covered one."""
    found: dict[tuple[int, int], tuple[etree._Element | None, int, int]] = {}
    above: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows, start=1):
        column = 1 + _number(row, "trPr/gridBefore", 0)
        for cell in row.iterchildren(f"{_W}tc"):
            width = _number(cell, "tcPr/gridSpan", 1)
            merge = _child(cell, "tcPr/vMerge")
            if merge is not None and merge.get(_VAL, "continue") == "continue" and column in above:
                start = above[column]
                begun, height, span = found[start]
                found[start] = (begun, height + 1, span)
                found[number, column] = (None, 1, width)
            else:
                found[number, column] = (cell, 1, width)
                above[column] = (number, column)
            column += width
    return found


def _child(element: etree._Element, path: str) -> etree._Element | None:
    return element.find("/".join(f"{_W}{name}" for name in path.split("/")))


def _number(element: etree._Element, path: str, otherwise: int) -> int:
    found = _child(element, path)
    text = "" if found is None else found.get(_VAL, "")
    return int(text) if text.isdecimal() else otherwise


def _pieces(paragraph: etree._Element) -> list[etree._Element | str]:
    """The texts of a paragraph in their order; tabs and breaks stay what they are."""
    found: list[etree._Element | str] = []
    for run in paragraph.iterdescendants(f"{_W}r"):
        if next(run.iterancestors(f"{_W}p")) is not paragraph:
            continue  # of a text box inside
        for child in run:
            if child.tag == f"{_W}t":
                found.append(child)
            elif child.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}:
                found.append("\t" if child.tag == f"{_W}tab" else "\n")
    return found


def _write_cell(paragraphs: Sequence[etree._Element], text: str) -> None:
    """Text in an empty cell, in the look that typing there would have."""
    first = paragraphs[0]
    texts = [one for line in paragraphs for one in _pieces(line) if not isinstance(one, str)]
    if texts:
        runs.replace(texts, 0, len(runs.text_of(texts)), text)
        return
    run = first.find(f"{_W}r")
    if run is None:
        run = etree.SubElement(first, f"{_W}r")
        look = _child(first, "pPr/rPr")
        if look is not None:
            run.append(_of_a_run(look))
    piece = etree.SubElement(run, f"{_W}t")
    piece.text = text
    piece.set(runs.SPACE, "preserve")


def _of_a_run(look: etree._Element) -> etree._Element:
    own = deepcopy(look)
    for child in list(own):
        if etree.QName(child).localname in _NOT_OF_A_RUN:
            own.remove(child)
    return own


def _write_blank(paragraphs: Sequence[etree._Element], blank: int, text: str) -> None:
    pieces: list[etree._Element | str] = []
    for line in paragraphs:
        pieces += [*(["\n"] if line is not paragraphs[0] else []), *_pieces(line)]
    whole = runs.text_of(pieces)
    start, end = blanks_in(whole)[blank]
    runs.replace(pieces, start, end, writing(whole, start, end, text))

"""A DOCX form: its tables and lines as grids, and single cells and blanks of it written."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from lxml import etree

from app.statistics.bureau import runs
from app.statistics.bureau.package import Package
from app.statistics.bureau.trees import name_like
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

#: Marks of a change that belong to the paragraph sign and not to a run.
_NOT_OF_A_RUN = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
#: What lies around content without being any: content controls, custom XML, changes not accepted.
_WRAPPERS = ("sdt", "sdtContent", "customXml", "ins", "moveTo")
#: Tables in cells of tables in cells; deeper ones lay out, and nobody fills them.
_DEEPEST = 3


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
        body = _child(tree, "body")
        lines: list[etree._Element] = []
        count = 0
        for block in _inside(tree if body is None else body, "p", "tbl"):
            if _is(block, "p"):
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
            text = _seen(_pieces(line))
            if is_nothing(text):
                continue
            rows[number] = (GridCell(number, 1, parts_of(text, Spot(key, number, 1))),)
            self._places[key, number, 1] = (name, [line])
        if not rows:
            return 0
        self._grids.append(Grid(key, "", rows, is_table=False))
        return 1

    def _add_table(self, key: str, name: str, table: etree._Element) -> None:
        """A table, and after it the tables in its cells."""
        rows: dict[int, list[GridCell]] = {}
        inner: list[etree._Element] = []
        found = list(_inside(table, "tr"))
        is_cut = len(found) > MOST_ROWS
        spans = _spans(found[:MOST_ROWS])
        for (row, column), (cell, rowspan, colspan) in spans.items():
            rows.setdefault(row, [])
            if cell is None or column > MOST_COLUMNS:
                is_cut = is_cut or cell is not None
                continue
            paragraphs, tables = list(_inside(cell, "p")), list(_inside(cell, "tbl"))
            text = "\n".join(_seen(_pieces(one)) for one in paragraphs)
            # Beside a table in a cell there is always an empty line, and nothing goes there.
            is_frame = bool(tables) and is_nothing(text)
            has_room = bool(paragraphs) and not is_frame
            parts = parts_of(text, Spot(key, row, column)) if has_room else ()
            rows[row].append(GridCell(row, column, parts, rowspan, colspan))
            self._places[key, row, column] = (name, paragraphs)
            inner += tables
        self._grids.append(Grid(key, "", rows, is_cut=is_cut))
        if key.count(".") <= _DEEPEST:
            for number, one in enumerate(inner):
                self._add_table(f"{key}.{number}", name, one)


def _is(element: etree._Element, *names: str) -> bool:
    """Whether it is one of these, in whichever of the two namespaces the file uses."""
    is_node = isinstance(element.tag, str)  # and no comment
    return is_node and etree.QName(element).localname in names


def _inside(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Children by name in their order, also those in content controls."""
    for child in element:
        if _is(child, *names):
            yield child
        elif _is(child, *_WRAPPERS):
            yield from _inside(child, *names)


def _spans(
    rows: Sequence[etree._Element],
) -> dict[tuple[int, int], tuple[etree._Element | None, int, int]]:
    """The cell that begins at each place, with its rows and columns; None for a covered one."""
    found: dict[tuple[int, int], tuple[etree._Element | None, int, int]] = {}
    above: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows, start=1):
        column = 1 + _number(row, "trPr/gridBefore", 0)
        for cell in _inside(row, "tc"):
            width = _number(cell, "tcPr/gridSpan", 1)
            merge = _child(cell, "tcPr/vMerge")
            if merge is not None and _value(merge, "continue") == "continue" and column in above:
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
    return element.find("/".join(name_like(element, name) for name in path.split("/")))


def _value(element: etree._Element | None, otherwise: str) -> str:
    return otherwise if element is None else element.get(name_like(element, "val"), otherwise)


def _number(element: etree._Element, path: str, otherwise: int) -> int:
    text = _value(_child(element, path), "")
    return int(text) if text.isdecimal() else otherwise


def _pieces(paragraph: etree._Element) -> list[etree._Element | str]:
    """The texts of a paragraph in their order; tabs and breaks stay what they are."""
    found: list[etree._Element | str] = []
    for run in paragraph.iterdescendants(name_like(paragraph, "r")):
        if next(run.iterancestors(paragraph.tag)) is not paragraph:
            continue  # of a text box inside
        if next(run.iterancestors(name_like(run, "moveFrom")), None) is not None:
            continue  # where it was moved to it stands once more
        for child in run:
            if _is(child, "t"):
                found.append(child)
            elif _is(child, "tab", "br", "cr"):
                found.append("\t" if _is(child, "tab") else "\n")
    return found


def _seen(pieces: Sequence[etree._Element | str]) -> str:
    """The text as a reader sees it: underlined spaces and hints to click here are lines to fill."""
    return "".join(one if isinstance(one, str) else _with_lines(one) for one in pieces)


def _with_lines(piece: etree._Element) -> str:
    text, run = piece.text or "", piece.getparent()
    if run is None:
        return text
    if _hint_around(run) is not None:
        return "_" * len(text)
    if _value(_child(run, "rPr/u"), "none") != "none":
        return "".join("_" if one.isspace() else one for one in text)
    return text


def _hint_around(run: etree._Element) -> etree._Element | None:
    """The mark of the content control that shows its hint in this run, if it does."""
    return _of_control(run, "showingPlcHdr")


def _of_control(run: etree._Element, name: str) -> etree._Element | None:
    control = next(run.iterancestors(name_like(run, "sdt")), None)
    return None if control is None else _child(control, f"sdtPr/{name}")


def _settle(piece: etree._Element) -> None:
    """What was written is content: neither a grey hint, nor renewed from data kept elsewhere."""
    run = piece.getparent()
    if run is None:
        return
    hint, bound = _hint_around(run), _of_control(run, "dataBinding")
    grey = None if hint is None else _child(run, "rPr/rStyle")
    for mark in (hint, bound, grey):
        if mark is not None:
            _drop(mark)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _write_cell(paragraphs: Sequence[etree._Element], text: str) -> None:
    """Text in an empty cell, in the look that typing there would have."""
    first = paragraphs[0]
    texts = [one for line in paragraphs for one in _pieces(line) if not isinstance(one, str)]
    if texts:
        for piece in runs.replace(texts, 0, len(runs.text_of(texts)), text):
            _settle(piece)
        return
    run = next((one for one in _inside(first, "r") if all(_is(part, "rPr") for part in one)), None)
    if run is None:
        run = etree.SubElement(first, name_like(first, "r"))
        look = _child(first, "pPr/rPr")
        if look is not None:
            run.append(_of_a_run(look))
    piece = etree.SubElement(run, name_like(run, "t"))
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
    start, end = blanks_in(_seen(pieces))[blank]
    reached = runs.replace(pieces, start, end, writing(runs.text_of(pieces), start, end, text))
    for piece in reached:
        _settle(piece)

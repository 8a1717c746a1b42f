"""An XLSX form: its sheets as grids, and single cells of it written.

The XML of a sheet is changed where a figure goes and nowhere else. Libraries that load a workbook
and save it lose what they do not know (pictures in the header, controls, parts of charts,
extensions of newer versions), so none is used here. Two things follow from a written cell: the
stored results of formulas are dropped, on every sheet, and the workbook is marked to be calculated
when it is opened; a total that was right for an empty form must not stand there, and some programs
show a stored one whatever the mark says.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import date
from functools import cached_property

from lxml import etree

from app.statistics.bureau import runs
from app.statistics.bureau.package import Package
from app.statistics.bureau.problems import damaged
from app.statistics.bureau.references import letters, place_of
from app.statistics.bureau.styles import Styles
from app.statistics.bureau.trees import every, name_like
from app.statistics.domain.cells import plain
from app.statistics.domain.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    Entry,
    Grid,
    GridCell,
    Spot,
    blanks_in,
    last_blank_first,
    parts_of,
    writing,
)

#: Free rows shown below the last one that is used, and ones with a look but no text.
ROOM_BELOW = 3
LOOKS_BELOW = 40
MOST_MERGED = 5_000
_DAYS_BEFORE_1900, _DAYS_BEFORE_1904 = date(1899, 12, 30), date(1904, 1, 1)


class Workbook:
    """A workbook with its visible sheets."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.tree = package.tree(package.main)
        self._all = list(self._sheets())
        visible = (sheet for sheet in self._all if sheet.is_visible)
        self.sheets = {f"s{number}": sheet for number, sheet in enumerate(visible, start=1)}

    def grids(self) -> list[Grid]:
        """Every visible sheet."""
        return [sheet.grid(key) for key, sheet in self.sheets.items()]

    def filled(self, entries: Iterable[Entry]) -> bytes:
        """The file with the entries written; the last blank of a cell first."""
        changed: dict[str, etree._Element] = {}
        for entry in sorted(entries, key=last_blank_first):
            sheet = self.sheets[entry.spot.grid]
            sheet.write(entry)
            changed[sheet.part] = sheet.tree
        if changed:
            for sheet in self._all:
                if sheet.drop_results():
                    changed[sheet.part] = sheet.tree
            self._calculate_when_opened()
            changed[self.package.main] = self.tree
        return self.package.rewritten(changed)

    def _sheets(self) -> Iterator["Sheet"]:
        parts = self.package.related(self.package.main)
        texts, styles = self._texts(parts.values()), Styles(self._part(parts.values(), "/styles"))
        for one in every(self.tree, "sheets", "sheet"):
            key = next((key for name, key in one.items() if name.endswith("}id")), "")
            kind, part = parts.get(key, ("", ""))
            if kind.endswith("/worksheet"):
                sheet = Sheet(self.package, part, one.get("name", ""), texts, styles, self._epoch)
                sheet.is_visible = one.get("state", "visible") == "visible"
                yield sheet

    def _texts(self, parts: Iterable[tuple[str, str]]) -> Sequence[etree._Element]:
        tree = self._part(parts, "/sharedStrings")
        return [] if tree is None else every(tree, "si")

    def _part(self, parts: Iterable[tuple[str, str]], ending: str) -> etree._Element | None:
        name = next((name for kind, name in parts if kind.endswith(ending)), None)
        return self.package.tree(name) if name else None

    @property
    def _epoch(self) -> date:
        uses_1904 = any(
            one.get("date1904") in {"1", "true"} for one in every(self.tree, "workbookPr")
        )
        return _DAYS_BEFORE_1904 if uses_1904 else _DAYS_BEFORE_1900

    def _calculate_when_opened(self) -> None:
        found = every(self.tree, "calcPr")
        if found:
            found[0].set("fullCalcOnLoad", "1")
            return
        made = etree.Element(name_like(self.tree, "calcPr"), fullCalcOnLoad="1")
        before = [
            one
            for name in ("definedNames", "externalReferences", "sheets")
            for one in every(self.tree, name)
        ]
        before[0].addnext(made)


class Sheet:
    """One sheet: its cells by row and column."""

    is_visible = True

    def __init__(
        self,
        package: Package,
        part: str,
        title: str,
        texts: Sequence[etree._Element],
        styles: Styles,
        epoch: date,
    ) -> None:
        self.part, self.title = part, title
        self._package, self._texts, self._styles, self._epoch = package, texts, styles, epoch

    @cached_property
    def tree(self) -> etree._Element:
        """The XML of the sheet."""
        return self._package.tree(self.part)

    @cached_property
    def _data(self) -> etree._Element:
        found = every(self.tree, "sheetData")
        if not found:
            raise damaged()
        return found[0]

    @cached_property
    def _rows(self) -> dict[int, etree._Element]:
        found, last = {}, 0
        for row in every(self._data, "row"):
            last = int(row.get("r", last + 1))
            found[last] = row
        return found

    @cached_property
    def _cells(self) -> dict[int, dict[int, etree._Element]]:
        """By row, then by column."""
        found: dict[int, dict[int, etree._Element]] = {}
        for number, row in self._rows.items():
            column, found[number] = 0, {}
            for cell in every(row, "c"):
                named = cell.get("r")
                column = place_of(named)[1] if named else column + 1
                found[number][column] = cell
        return found

    @cached_property
    def _merged(self) -> list[tuple[int, int, int, int]]:
        found = []
        for one in every(self.tree, "mergeCells", "mergeCell"):
            first, _colon, last = one.get("ref", "").partition(":")
            (top, left), (bottom, right) = place_of(first), place_of(last or first)
            if bottom < top or right < left:
                raise damaged()
            found.append((top, left, bottom, right))
        if len(found) > MOST_MERGED:
            raise damaged()
        return found

    def grid(self, key: str) -> Grid:
        """The sheet as it is shown; nothing goes where nobody would see it."""
        covered = self._covered()
        bottom, right = self._size()
        is_cut = bottom > MOST_ROWS or right > MOST_COLUMNS
        last = min(bottom, MOST_ROWS) if is_cut else bottom + ROOM_BELOW
        shown = [row for row in range(1, last + 1) if not self._is_hidden_row(row)]
        columns = [one for one in range(1, min(right, MOST_COLUMNS) + 1) if not self._hides(one)]
        spans = {
            (top, left): (
                sum(top <= row <= bottom for row in shown),
                sum(left <= column <= right for column in columns),
            )
            for top, left, bottom, right in self._merged
        }
        rows = {
            row: tuple(
                self._shown(Spot(key, row, column), spans.get((row, column), (1, 1)))
                for column in columns
                if (row, column) not in covered
            )
            for row in shown
        }
        return Grid(key, self.title, rows, runs_on=not is_cut, is_cut=is_cut, is_sheet=True)

    def write(self, entry: Entry) -> None:
        """Put a value where the entry says; a cell that is made looks like its model."""
        spot, value = entry.spot, entry.value
        cell = self._cell(spot, entry.like)
        if spot.blank is not None:
            self._write_into(cell, spot.blank, value.text)
            return
        style = int(cell.get("s", 0))
        number: float | None = value.number
        if value.day is not None and self._styles.is_day(style):
            number = (value.day - self._epoch).days
        elif value.is_share and number is not None and not self._styles.is_percent(style):
            number = round(100 * number, 1) if self._styles.is_number(style) else None
        if number is None or self._styles.is_text(style):
            self._write_text(cell, plain(value.text))
        else:
            _emptied(cell)
            etree.SubElement(cell, name_like(cell, "v")).text = f"{number:.15g}"

    def drop_results(self) -> bool:
        """Forget what formulas came to before; whether there was any."""
        had_any = False
        for cell in (cell for cells in self._cells.values() for cell in cells.values()):
            if every(cell, "f"):
                for stored in filter(lambda one: one.text, every(cell, "v")):
                    cell.remove(stored)
                    had_any = True
                if cell.get("t") != "str":
                    cell.attrib.pop("t", None)
        return had_any

    def _size(self) -> tuple[int, int]:
        """The last row and column that say something, with a little of what only has a look."""
        said = [
            (row, column)
            for row, cells in self._cells.items()
            for column, cell in cells.items()
            if len(cell)
        ]
        said += [(bottom, right) for _top, _left, bottom, right in self._merged]
        bottom = max((row for row, _column in said), default=1)
        looks = [row for row, cells in self._cells.items() if cells]
        lower = [row for row in looks if row <= min(bottom + LOOKS_BELOW, MOST_ROWS)]
        return max([bottom, *lower]), max((column for _row, column in said), default=1)

    def _is_hidden_row(self, number: int) -> bool:
        row = self._rows.get(number)
        return row is not None and _is_out_of_sight(row, "ht")

    def _hides(self, column: int) -> bool:
        """Whether a column is out of sight."""
        return any(
            int(one.get("min", 0)) <= column <= int(one.get("max", 0))
            for one in every(self.tree, "cols", "col")
            if _is_out_of_sight(one, "width")
        )

    def _covered(self) -> set[tuple[int, int]]:
        """The cells under a merged one, itself not; no office program lets two merges overlap.

        The first place seen twice ends the walk, so it is never longer than the grid.
        """
        taken: set[tuple[int, int]] = set()
        for top, left, bottom, right in self._merged:
            for row in range(top, min(bottom, MOST_ROWS + ROOM_BELOW) + 1):
                for column in range(left, min(right, MOST_COLUMNS) + 1):
                    if (row, column) in taken:
                        raise damaged()
                    taken.add((row, column))
        return taken - {(top, left) for top, left, _bottom, _right in self._merged}

    def _shown(self, spot: Spot, span: tuple[int, int]) -> GridCell:
        cell = self._cells.get(spot.row, {}).get(spot.column)
        text = "" if cell is None else runs.text_of(self._pieces(cell))
        is_formula = cell is not None and bool(every(cell, "f"))
        is_number = cell is not None and cell.get("t", "n") == "n" and bool(every(cell, "v"))
        if is_formula:
            return GridCell(spot.row, spot.column, (), *span, is_formula=True)
        parts = parts_of("" if is_number else text, spot)
        return GridCell(spot.row, spot.column, parts, *span)

    def _pieces(self, cell: etree._Element) -> list[etree._Element]:
        """The texts of a cell, run by run; of a shared text the shared ones."""
        holder = self._holder(cell)
        if holder is None:
            return every(cell, "v")
        return [*every(holder, "t"), *every(holder, "r", "t")]

    def _holder(self, cell: etree._Element) -> etree._Element | None:
        if cell.get("t") == "inlineStr":
            return next(iter(every(cell, "is")), None)
        stored = every(cell, "v")
        if cell.get("t") != "s" or not stored:
            return None
        number = int(stored[0].text or 0)
        if not 0 <= number < len(self._texts):
            raise damaged()
        return self._texts[number]

    def _write_into(self, cell: etree._Element, blank: int, text: str) -> None:
        """Replace a blank in the cell's own copy of its text."""
        holder = self._holder(cell)
        if holder is None:
            self._write_text(cell, runs.text_of(self._pieces(cell)))
        elif cell.get("t") == "s":
            own = deepcopy(holder)
            own.tag, own.tail = name_like(cell, "is"), None
            _emptied(cell)
            cell.set("t", "inlineStr")
            cell.append(own)
        pieces = self._pieces(cell)
        whole = runs.text_of(pieces)
        start, end = blanks_in(whole)[blank]
        written = writing(whole, start, end, text)
        runs.replace(pieces, start, end, written if start else plain(written))

    def _write_text(self, cell: etree._Element, text: str) -> None:
        _emptied(cell)
        cell.set("t", "inlineStr")
        holder = etree.SubElement(cell, name_like(cell, "is"))
        piece = etree.SubElement(holder, name_like(cell, "t"))
        piece.text = text
        piece.set(runs.SPACE, "preserve")

    def _cell(self, spot: Spot, like: Spot | None) -> etree._Element:
        cells = self._cells.setdefault(spot.row, {})
        if spot.column not in cells:
            row = self._row(spot.row)
            made = etree.Element(name_like(row, "c"), r=f"{letters(spot.column)}{spot.row}")
            style = self._look(row, spot, like)
            if style is not None:
                made.set("s", style)
            before = [column for column in cells if column < spot.column]
            _insert(row, made, cells[max(before)] if before else None)
            row.attrib.pop("spans", None)
            cells[spot.column] = made
        return cells[spot.column]

    def _look(self, row: etree._Element, spot: Spot, like: Spot | None) -> str | None:
        """The style that an absent cell has: its model's, its row's, or its column's."""
        model = self._cells.get(like.row, {}).get(like.column) if like else None
        found: str | None = None
        if model is not None:
            found = model.get("s")
        elif row.get("customFormat") in {"1", "true"}:
            found = row.get("s")
        else:
            for one in every(self.tree, "cols", "col"):
                if int(one.get("min", 0)) <= spot.column <= int(one.get("max", 0)):
                    found = one.get("style")
        return found

    def _row(self, number: int) -> etree._Element:
        if number not in self._rows:
            made = etree.Element(name_like(self._data, "row"), r=str(number))
            before = [one for one in self._rows if one < number]
            _insert(self._data, made, self._rows[max(before)] if before else None)
            self._rows[number] = made
        return self._rows[number]


def _insert(parent: etree._Element, made: etree._Element, after: etree._Element | None) -> None:
    if after is None:
        parent.insert(0, made)
    else:
        after.addnext(made)


def _is_out_of_sight(one: etree._Element, size: str) -> bool:
    return one.get("hidden") in {"1", "true"} or float(one.get(size) or 1) == 0


def _emptied(cell: etree._Element) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)

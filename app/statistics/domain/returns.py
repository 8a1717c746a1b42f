"""Which figure of a report goes where in the education office's form, and into which rows."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.statistics.domain.grid import Entry, Grid, GridCell, Spot, Value

#: The figure that names the place of a row.
PLACE = "place"
#: What stands for a figure that is only told to the crisis lead.
SUPERVISED = ("level.", "waiting.")
#: Rows below the last of a sheet; a school with more classes has no such form.
MOST_BELOW = 300


class Scope(StrEnum):
    """Of whom a figure is: of the school, or in one row for each grade or class."""

    SCHOOL = "school"
    GRADE = "grade"
    CLASS = "class"


@dataclass(frozen=True)
class Figure:
    """A figure of the report by its code, and of whom it is."""

    code: str
    scope: Scope = Scope.SCHOOL

    def __str__(self) -> str:
        return f"{self.code}@{self.scope}"

    @classmethod
    def parse(cls, text: str) -> "Figure | None":
        """The figure of this name; None for what is no name."""
        code, _at, scope = text.rpartition("@")
        return cls(code, Scope(scope)) if code and scope in list(Scope) else None

    @property
    def is_supervised(self) -> bool:
        """Whether only the crisis lead may fill it in."""
        return self.code.startswith(SUPERVISED)


@dataclass(frozen=True)
class PlaceFigures:
    """The figures of the school, of a grade or of a class, by code."""

    names: tuple[str, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True)
class ReportFigures:
    """Everything of one report that a form can ask for."""

    of: Mapping[Scope, Sequence[PlaceFigures]]


class Trouble(StrEnum):
    """Why a form cannot be filled as it was mapped."""

    NO_ROOM = "no_room"
    NAMELESS = "nameless"
    NOT_PRINTED = "not_printed"
    NO_GRADES = "no_grades"
    GONE = "gone"


@dataclass(frozen=True)
class Problem:
    """What is wrong at a spot; `names` are places that are not in the form."""

    trouble: Trouble
    spot: Spot
    names: tuple[str, ...] = ()
    room: int = 0
    needed: int = 0


@dataclass
class Filling:
    """What would be written, which figures the report has not, and what stands in the way."""

    entries: list[tuple[Figure, Entry]] = field(default_factory=list)
    missing: list[tuple[Spot, Figure]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Whether the form calculates with cells of which some say —: a total is then of the others.
    is_total_short: bool = False


def fill_in(
    grids: Sequence[Grid], mapping: Mapping[Spot, Figure], figures: ReportFigures
) -> Filling:
    """Decide what is written where; with a problem nothing should be written at all."""
    filling = Filling()
    by_key = {grid.key: grid for grid in grids}
    known = {spot for grid in grids for cell in grid.cells for spot in cell.spots}
    filling.problems += [
        Problem(Trouble.GONE, spot) for spot in sorted(mapping) if spot not in known
    ]
    blocks: dict[tuple[str, int, Scope], dict[Spot, Figure]] = {}
    for spot, figure in sorted(mapping.items()):
        if spot not in known:
            continue
        if figure.scope is Scope.SCHOOL:
            for place in figures.of[Scope.SCHOOL]:
                _add(filling, spot, spot, figure, place)
        else:
            blocks.setdefault((spot.grid, spot.row, figure.scope), {})[spot] = figure
    for (key, row, scope), block in blocks.items():
        _Block(by_key[key], row, block, frozenset(mapping)).fill(filling, figures.of[scope])
    calculates = any(cell.is_formula for grid in grids for cell in grid.cells)
    hides = any(entry.value.is_hidden for _figure, entry in filling.entries)
    filling.is_total_short = calculates and hides
    return filling


def _add(filling: Filling, spot: Spot, model: Spot, figure: Figure, place: PlaceFigures) -> None:
    value = place.values.get(figure.code)
    if value is None:
        filling.missing.append((spot, figure))
    else:
        filling.entries.append((figure, Entry(spot, value, model)))


@dataclass(frozen=True)
class _Block:
    """Rows of which each is of one grade or class, beginning with the row that was mapped."""

    grid: Grid
    row: int
    figures: Mapping[Spot, Figure]
    mapped: frozenset[Spot]

    def fill(self, filling: Filling, places: Sequence[PlaceFigures]) -> None:
        """Give every place its row: by the names printed in the form, or one after the other."""
        if not places:
            filling.problems.append(Problem(Trouble.NO_GRADES, self._first))
        elif any(figure.code == PLACE for figure in self.figures.values()):
            self._fill_in_order(filling, places)
        else:
            self._fill_by_name(filling, places)

    def _fill_in_order(self, filling: Filling, places: Sequence[PlaceFigures]) -> None:
        rows = [row for row, _place in zip(self._free_rows(), places, strict=False)]
        if len(rows) < len(places):
            problem = Problem(Trouble.NO_ROOM, self._first, room=len(rows), needed=len(places))
            filling.problems.append(problem)
            return
        for row, place in zip(rows, places, strict=True):
            self._write(filling, row, place)

    def _fill_by_name(self, filling: Filling, places: Sequence[PlaceFigures]) -> None:
        rows = self._printed(places)
        if not rows:
            filling.problems.append(Problem(Trouble.NAMELESS, self._first))
            return
        absent = tuple(place.names[0] for place in places if not _row_of(place, rows))
        if absent:
            filling.problems.append(Problem(Trouble.NOT_PRINTED, self._first, absent))
            return
        for place in places:
            self._write(filling, _row_of(place, rows) or 0, place)

    def _write(self, filling: Filling, row: int, place: PlaceFigures) -> None:
        for model, figure in self.figures.items():
            spot = model if row == self.row else self._spot(row, model.column)
            if spot is None:
                filling.problems.append(Problem(Trouble.NO_ROOM, model, room=0, needed=1))
            else:
                _add(filling, spot, model, figure, place)

    @property
    def _first(self) -> Spot:
        return min(self.figures)

    def _free_rows(self) -> Iterator[int]:
        """The mapped row and those below it in which nothing stands at the mapped columns."""
        first = [self.grid.cell(self.row, spot.column) for spot in self.figures]
        step = max(cell.rowspan for cell in first if cell)
        end = self.grid.last_row + (MOST_BELOW if self.grid.runs_on else 0)
        for row in range(self.row, end + 1, step):
            if row <= self.grid.last_row and row not in self.grid.rows:
                continue  # out of sight
            if row != self.row and not self._is_free(row):
                return
            yield row

    def _is_free(self, row: int) -> bool:
        if any(map(_names_something, self.grid.rows.get(row, ()))):
            return False
        spots = [self._spot(row, spot.column) for spot in self.figures]
        return all(spot is not None and spot not in self.mapped for spot in spots)

    def _spot(self, row: int, column: int) -> Spot | None:
        if row > self.grid.last_row and self.grid.runs_on:
            return Spot(self.grid.key, row, column)
        cell = self.grid.cell(row, column)
        return cell.spots[0] if cell and cell.spots else None

    def _printed(self, places: Sequence[PlaceFigures]) -> Mapping[str, int]:
        """The rows by what is printed in the column in which the first row names a place."""
        names = {_folded(name) for place in places for name in place.names}
        for cell in self.grid.rows.get(self.row, ()):
            if _is_label(cell) and _folded(cell.text) in names:
                below = (
                    self.grid.cell(row, cell.column) for row in self.grid.rows if row >= self.row
                )
                found: dict[str, int] = {}
                for one in below:
                    if one is not None and _is_label(one):
                        found.setdefault(_folded(one.text), one.row)
                return found
        return {}


def _row_of(place: PlaceFigures, rows: Mapping[str, int]) -> int | None:
    return next((rows[_folded(name)] for name in place.names if _folded(name) in rows), None)


def _is_label(cell: GridCell) -> bool:
    return not cell.spots and not cell.is_formula


def _names_something(cell: GridCell) -> bool:
    """A total or a note; a number printed in advance names nothing."""
    return _is_label(cell) and not cell.text.strip().isdecimal()


def _folded(text: str) -> str:
    """As people read it: widths, cases and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())

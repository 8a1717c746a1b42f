"""Answers read from a foreign table through its column map; every wrong cell is named by row."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.instruments.items import NUMERIC_KINDS
from app.instruments.model import Instrument
from app.scoring.cells import PERSON_PARSERS, Cells, Parser, answer_parser
from app.scoring.column_map import PERSON_COLUMNS, ColumnMap, RowId
from app.scoring.people import SEXES
from app.scoring.reading import RawTable, TableError
from app.scoring.results import Bools, Floats, Person


@dataclass(frozen=True)
class Respondents:
    """The people of a table, one element a row; sex is 1 for male and 2 for female."""

    ids: tuple[str, ...]
    lines: tuple[int, ...]
    sex: Floats | None
    age: Floats | None
    grade: Floats | None

    def person(self, row: int) -> Person:
        """Return what is known of the person in one row."""
        sex = None if self.sex is None else SEXES.get(self.sex[row])
        return Person(sex, _known(self.age, row), _known(self.grade, row))


@dataclass(frozen=True)
class AnswerTable:
    """The answers to one instrument: people by items, NaN for missing, and who refused what."""

    matrix: Floats
    refused: Bools


class TableReader:
    """Reads one raw table through a column map; `check` raises with all that was wrong."""

    def __init__(self, table: RawTable, column_map: ColumnMap) -> None:
        self.table = table
        self.map = column_map
        self._columns = dict(zip(table.header, zip(*table.rows, strict=True), strict=False))
        self._used = {"id", *PERSON_COLUMNS}
        self._reasons = [
            f"row 1, column {name}: this name stands twice; rename one."
            for name in dict.fromkeys(table.header)
            if table.header.count(name) > 1
        ]

    def check(self, known: Iterable[str] = ()) -> None:
        """Raise `TableError` where something was wrong; columns in `known` may stay unused."""
        if not self.map.ignore_other_columns:
            expected = self._used.union(known)
            self._reasons += [
                f"row 1, column {name or '(no name)'}: unknown column; correct its name, or write "
                "“ignore_other_columns: true” in the map."
                for name in self.table.header
                if name not in expected
            ]
        if self._reasons:
            raise TableError(self._reasons)

    def respondents(self) -> Respondents:
        """Return ids and what is known of each person."""
        sex, age, grade = (self._person_column(code) for code in PERSON_COLUMNS)
        return Respondents(self._ids(), self.table.lines, sex, age, grade)

    def answers(self, instrument: Instrument) -> AnswerTable:
        """Return the answers to `instrument`; columns may be named q1 or phq9.q1."""
        shape = (len(self.table.rows), len(instrument.items))
        matrix, refused = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
        for column, item in enumerate(instrument.items):
            name = self._item_column(instrument.code, item.code)
            if item.kind not in NUMERIC_KINDS | {"multiple"}:
                continue
            if name is not None:
                numbers = self._numbers(name, item.code, answer_parser(item))
                refused[:, column] = np.isposinf(numbers)
                matrix[:, column] = np.where(refused[:, column], np.nan, numbers)
            elif item.scored:
                self._reasons.append(
                    f"row 1, column {item.code}: there is no column for this scored item; add it, "
                    "or name its column under “items” in the map."
                )
        return AnswerTable(matrix, refused)

    def cells(self, name: str) -> tuple[str, ...]:
        """Return the texts of a further column that the caller asks for by its name."""
        if not self._has(name, None):
            self._reasons.append(
                f"row 1, column {name}: there is no such column; correct its name."
            )
        return tuple(cell.strip() for cell in self._columns.get(name, ()))

    def _item_column(self, instrument: str, item: str) -> str | None:
        for code in (f"{instrument}.{item}", item):
            name = self.map.items.get(code, code)
            if self._has(name, code if code in self.map.items else None):
                return name
        return None

    def _has(self, name: str, mapped: str | None) -> bool:
        if name in self.table.header:
            self._used.add(name)
            return True
        if mapped is not None:
            self._reasons.append(
                f"row 1, column {name}: the map names it for {mapped}, but the file has none."
            )
        return False

    def _ids(self) -> tuple[str, ...]:
        rule, rows = self.map.id, range(1, len(self.table.rows) + 1)
        if isinstance(rule, RowId):
            return tuple(rule.row.format(n=n) for n in rows)
        if self._has(rule or "id", rule and "id"):
            return tuple(cell.strip() for cell in self._columns.get(rule or "id", ()))
        return tuple(str(n) for n in rows)

    def _person_column(self, code: str) -> Floats | None:
        name: str | None = getattr(self.map, code)
        if not self._has(name or code, name and code):
            return None
        return self._numbers(name or code, code, PERSON_PARSERS[code])

    def _numbers(self, name: str, code: str, parse: Parser) -> Floats:
        cells = Cells(self.map, code, parse)
        column = self._columns.get(name, ())
        numbers = np.array([cells[cell] for cell in column], dtype=np.float64)
        for row in np.flatnonzero(np.isneginf(numbers)):
            self._reasons.append(
                f"row {self.table.lines[row]}, column {name}: "
                f"“{column[row].strip()}” is not {parse.wanted}."
            )
        return numbers


def _known(column: Floats | None, row: int) -> float | None:
    return None if column is None or np.isnan(column[row]) else float(column[row])

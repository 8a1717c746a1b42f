"""Cells of a foreign table turned into numbers, each distinct text once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from app.instruments.items import Item
from app.scoring.column_map import PERSON_COLUMNS, ColumnMap, as_number, canonical
from app.scoring.people import SEX_CODES

_SEXES = {
    "male": ("male", "m", "1", "男", "男性", "男生"),
    "female": ("female", "f", "2", "女", "女性", "女生"),
    None: ("", "0", "9", "unknown", "未知", "不详"),
}
GRADE_WORDS: dict[str, float] = {
    f"{year}年级": float(grade) for grade, year in enumerate("一二三四五六七八九", start=1)
} | {
    f"{stage}{year}": float(first + number)
    for stage, first in (("初", 7), ("高", 10), ("大", 13))
    for number, year in enumerate("一二三四" if stage == "大" else "一二三")
}
SEX_WORDS = {word: SEX_CODES[sex] for sex, words in _SEXES.items() for word in words}


@dataclass(frozen=True)
class Parser:
    """Turns the text of a cell into a number, or None; `wanted` says what would be right."""

    wanted: str
    parse: Callable[[str], float | None]


class Cells(dict[str, float]):
    """Cell text to number, each text worked out once: NaN missing, inf refused, -inf wrong."""

    def __init__(self, column_map: ColumnMap, code: str, parser: Parser) -> None:
        super().__init__()
        is_item = code not in PERSON_COLUMNS
        self._missing = {""} | {canonical(cell) for cell in column_map.missing if is_item}
        self._refused = {canonical(cell) for cell in column_map.refused if is_item}
        self._recode = column_map.replacements(code)
        self._parse = parser.parse

    def __missing__(self, cell: str) -> float:
        self[cell] = number = self._read(canonical(cell))
        return number

    def _read(self, text: str) -> float:
        if text in self._missing:
            return np.nan
        if text in self._refused:
            return np.inf
        number = self._parse(self._recode.get(text, text))
        return -np.inf if number is None else number


def answer_parser(item: Item) -> Parser:
    """Return the parser for the answers of `item`.

    Several chosen options stand in one cell, as in “1;3”; they become one number, a bit for each.
    """
    if item.kind == "multiple":
        return Parser(f"some of {_listed(item)}, joined by “;”", partial(_chosen, item))
    if item.range is not None:
        lowest, highest = item.range
        return Parser(f"a number from {lowest:g} to {highest:g}", partial(_allowed, item))
    return Parser(f"one of {_listed(item)}", partial(_allowed, item))


def _allowed(item: Item, text: str) -> float | None:
    number = as_number(text)
    return number if number is not None and item.allows(number) else None


def _chosen(item: Item, text: str) -> float | None:
    values = [as_number(part) for part in text.replace(",", ";").split(";")]
    if any(value not in item.values for value in values):
        return None
    return float(sum({2 ** item.values.index(value) for value in values if value is not None}))


def _listed(item: Item) -> str:
    return ", ".join(f"{value:g}" for value in item.values)


def _within(least: float, most: float) -> Callable[[str], float | None]:
    def parse(text: str) -> float | None:
        number = as_number(text)
        return number if number is not None and least <= number <= most else None

    return parse


def _grade(text: str) -> float | None:
    return GRADE_WORDS.get(text) or _within(1, 16)(text)


PERSON_PARSERS = {
    "sex": Parser("male or female", lambda text: SEX_WORDS.get(text.lower())),
    "age": Parser("an age in years", _within(0, 120)),
    "grade": Parser("a school year from 1 to 16, such as 8, 八年级 or 初二", _grade),
}

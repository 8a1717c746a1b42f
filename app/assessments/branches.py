"""Which items of an instrument are asked, by what was answered before them.

The same walk as in `app.scoring.sheet`, and in the student's browser (`branches.js`): what is not
asked is unknown to the conditions behind it, unless the item says what it counts as.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from typing import Protocol

from app.assessments.content import Questions
from app.instruments.formulas import read_formulas
from app.instruments.items import Item
from app.instruments.logic import evaluate
from app.instruments.logic.scope import Data, names_in
from app.instruments.model import Instrument


class Said(Protocol):
    """What counts as the answer to an item."""

    @property
    def value(self) -> float | None: ...
    @property
    def refused(self) -> bool: ...


@dataclass(frozen=True)
class Branches:
    """The items of one instrument; `shown` holds the conditions of those that may not be asked."""

    items: tuple[Item, ...]
    shown: Mapping[str, Data]

    @classmethod
    def of(cls, asked: Instrument | Questions) -> "Branches":
        """Read the conditions; questions that belong to no instrument have none."""
        shown = read_formulas(asked).shown if isinstance(asked, Instrument) else {}
        return cls(asked.items, shown)

    @cached_property
    def gates(self) -> frozenset[str]:
        """The items on which something depends."""
        return frozenset().union(*map(names_in, self.shown.values()))

    def hidden(self, given: Mapping[str, Said]) -> frozenset[str]:
        """The items that are not asked."""
        return frozenset(code for code, is_asked in self._walk(given)[0].items() if not is_asked)

    def known(self, given: Mapping[str, Said]) -> dict[str, float | None]:
        """What the answers so far say to later conditions; a refusal may say nothing."""
        values = self._walk(given)[1]
        known = {code: values[code] for code in self.gates if code in values}
        return {code: None if isnan(value) else value for code, value in known.items()}

    def _walk(self, given: Mapping[str, Said]) -> tuple[dict[str, bool], dict[str, float]]:
        asked: dict[str, bool] = {}
        values: dict[str, float] = {}
        for item in self.items:
            condition = self.shown.get(item.code)
            asked[item.code] = condition is None or evaluate(condition, values) == 1
            if not asked[item.code]:
                if item.hidden_counts_as is not None:
                    values[item.code] = float(item.hidden_counts_as)
            elif item.code in given:
                values[item.code] = _number(item, given[item.code])
        return asked, values


def _number(item: Item, said: Said) -> float:
    value = item.refusal_value if said.refused else said.value
    return nan if value is None else float(value)

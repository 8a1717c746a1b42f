"""Branches that can open: for every conditional item some answers before it must show it."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from app.instruments.formulas import Formulas
from app.instruments.items import Item
from app.instruments.logic import evaluate_many
from app.instruments.logic.scope import names_in
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.words import STAGES

#: Answer patterns tried for one condition; beyond that it is taken to be reachable.
MOST_PATTERNS = 200_000
_AGES = tuple(float(age) for age in range(5, 26))


def check_branches(instrument: Instrument, formulas: Formulas) -> Iterator[Finding]:
    """Yield every item that no answers can bring up."""
    for index, item in enumerate(instrument.items):
        if item.code in formulas.shown and not _can_show(item.code, instrument, formulas):
            at: Location = ("items", index, "show_when")
            if item.show_when is None:
                at = ("sections",)
            yield (
                at,
                said(
                    "no answers ever bring up {item}; mend the condition or remove it.",
                    item=item.code,
                ),
            )


def _can_show(code: str, instrument: Instrument, formulas: Formulas) -> bool:
    needed = _behind(code, formulas)
    choices = {name: _choices(name, instrument) for name in sorted(needed)}
    size = np.prod([float(len(values)) for values in choices.values()])
    if size > MOST_PATTERNS:
        return True
    grid = np.array(list(product(*choices.values())), dtype=np.float64)
    values = {name: grid[:, column] for column, name in enumerate(choices)}
    for earlier in instrument.item_codes:
        if earlier in values and earlier in formulas.shown:
            is_shown = evaluate_many(formulas.shown[earlier], values, len(grid)) == 1
            values[earlier] = np.where(is_shown, values[earlier], np.nan)
    return bool((evaluate_many(formulas.shown[code], values, len(grid)) == 1).any())


def _behind(code: str, formulas: Formulas) -> frozenset[str]:
    """Return the names a condition depends on, through the conditions of the items it reads."""
    names = names_in(formulas.shown[code])
    nested = (_behind(name, formulas) for name in names if name in formulas.shown)
    return names.union(*nested)


def _choices(name: str, instrument: Instrument) -> tuple[float, ...]:
    if name == "sex":
        return (1.0, 2.0)
    if name == "age":
        return _AGES
    if name == "grade":
        return tuple(float(year) for years in STAGES.values() for year in years)
    return _answers(instrument.item(name))


def _answers(item: Item) -> tuple[float, ...]:
    if item.kind == "multiple":
        return tuple(float(mask) for mask in range(min(2 ** len(item.options), MOST_PATTERNS)))
    if item.values:
        return tuple(map(float, item.values))
    lowest, highest = map(float, item.bounds)
    return tuple(np.linspace(lowest, highest, 101))

"""Answers of one person to one instrument as numbers, an answer that is none as its own code."""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from app.instruments.items import NUMERIC_KINDS, Item
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.statistics.domain.exports import NOT_ASKED, REFUSED, SKIPPED


class Given(Protocol):
    """What was answered."""

    @property
    def value(self) -> float | None:
        """The number, if there is one."""

    @property
    def refused(self) -> bool:
        """Whether the person would not answer."""


def bands_in_order(scale: Scale) -> dict[str, int]:
    """The bands of a scale by their number, from the lowest score; rules stand by their score."""
    ruled = [rule.band for rule in sorted(scale.rules, key=lambda rule: rule.score)]
    codes = dict.fromkeys([*ruled, *scale.band_codes])
    return {code: number for number, code in enumerate(codes, 1)}


def exported_items(instrument: Instrument) -> Iterator[Item]:
    """The items whose answers may leave: never words, and never a date, which finds a person."""
    return (item for item in instrument.items if item.kind in NUMERIC_KINDS | {"multiple"})


def names_of(instrument: Instrument, item: Item) -> list[str]:
    """The variables of an item: one, or one for each option where several can be chosen."""
    if item.kind != "multiple":
        return [f"{instrument.code}.{item.code}"]
    return [
        _beside_items(instrument, f"{item.code}_{number}")
        for number in range(1, len(item.values) + 1)
    ]


def score_name(instrument: Instrument, scale: str) -> str:
    """The variable of a score."""
    return _beside_items(instrument, f"score_{scale}")


def band_name(instrument: Instrument, scale: str) -> str:
    """The variable of a band."""
    return _beside_items(instrument, f"band_{scale}")


def doubtful_name(instrument: Instrument) -> str:
    """The variable that says whether answers can be relied on."""
    return _beside_items(instrument, "doubtful")


def _beside_items(instrument: Instrument, name: str) -> str:
    """A name that no item has: what was answered keeps the name by which it is read again."""
    while name in instrument.item_codes:
        name += "_"
    return f"{instrument.code}.{name}"


def answers_in(
    instrument: Instrument, given: Mapping[str, Given], hidden: Collection[str]
) -> dict[str, float]:
    """Everything that was or was not answered; `hidden` are the items that were not asked."""
    found: dict[str, float] = {}
    for item in exported_items(instrument):
        value = _value(item, given.get(item.code), item.code in hidden)
        names = names_of(instrument, item)
        if item.kind == "multiple" and value >= 0:
            found |= {name: float(int(value) >> bit & 1) for bit, name in enumerate(names)}
        else:
            found |= dict.fromkeys(names, value)
    return found


def _value(item: Item, said: Given | None, is_hidden: bool) -> float:
    if is_hidden:
        return NOT_ASKED
    if said is None:
        return SKIPPED
    if said.refused:
        return REFUSED if item.refusal_value is None else float(item.refusal_value)
    return SKIPPED if said.value is None else said.value

"""Which scores a scale can reach at all, worked out from its options."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from app.instruments.items import Item
from app.instruments.rounding import rounded
from app.instruments.scales import Conversion, Scale

MOST_SCORES = 20_000
MOST_PAIRS = 10_000_000


@dataclass(frozen=True)
class Reach:
    """The lowest and highest score; all scores where there are few enough to list."""

    lowest: float
    highest: float
    scores: tuple[float, ...] | None = None

    @classmethod
    def of(cls, scores: Iterable[float]) -> "Reach":
        """Build the reach of listed scores."""
        listed = tuple(sorted({round(score, 9) for score in scores}))
        return cls(listed[0], listed[-1], listed if len(listed) <= MOST_SCORES else None)

    def mapped(self, change: Callable[[float], float]) -> "Reach":
        """Apply a change that keeps or reverses the order."""
        if self.scores is not None:
            return Reach.of(change(score) for score in self.scores)
        ends = change(self.lowest), change(self.highest)
        return Reach(min(ends), max(ends))

    def plus(self, other: "Reach") -> "Reach":
        """Return the reach of the sum of two independent scores."""
        if self.scores and other.scores and len(self.scores) * len(other.scores) < MOST_PAIRS:
            sums = np.unique(np.round(np.add.outer(self.scores, other.scores), 9))
            if len(sums) <= MOST_SCORES:
                return Reach(float(sums[0]), float(sums[-1]), tuple(sums.tolist()))
        return Reach(self.lowest + other.lowest, self.highest + other.highest)


def reach_of(scale: Scale, items: Mapping[str, Item], below: Mapping[str, Reach]) -> Reach | None:
    """Return what `scale` can reach; None where only its own word for it is known.

    `below` holds the reach of the scales it is made of.
    """
    if scale.method == "rules":
        return Reach.of(float(rule.score) for rule in scale.rules)
    raw = raw_reach_of(scale, items, below)
    return None if raw is None else _converted(raw, scale.convert)


def raw_reach_of(
    scale: Scale, items: Mapping[str, Item], below: Mapping[str, Reach]
) -> Reach | None:
    """Return what `scale` can reach before its score is converted; arguments as of `reach_of`."""
    parts = [_item_reach(scale, items[code]) for code in scale.items]
    if scale.scales:
        if any(code not in below for code in scale.scales):
            return None
        parts = [_weighted(below[code], scale, code) for code in scale.scales]
    if scale.method in ("expression", "rules") or not parts:
        return None
    return _joined(scale, parts)


def mirrored(item: Item, value: float) -> float:
    """Return the value of a reversed answer: mirrored within the item's bounds."""
    return sum(item.bounds) - value


def _item_reach(scale: Scale, item: Item) -> Reach:
    values = [value for value in item.values if value != item.refusal_value]
    if scale.method == "count":
        return Reach.of(float(value in scale.endorsed_values(item.code)) for value in values)
    reach = Reach.of(map(float, values)) if values else Reach(*item.bounds)
    if item.code in scale.reverse:
        reach = reach.mapped(lambda value: mirrored(item, value))
    return _weighted(reach, scale, item.code)


def _weighted(reach: Reach, scale: Scale, code: str) -> Reach:
    weight = scale.weights.get(code, 1)
    return reach.mapped(lambda value: value * weight) if weight != 1 else reach


def _joined(scale: Scale, parts: list[Reach]) -> Reach:
    if scale.method == "max":
        lowest = max(part.lowest for part in parts)
        highest = max(part.highest for part in parts)
        if any(part.scores is None for part in parts):
            return Reach(lowest, highest)
        return Reach.of(s for part in parts for s in part.scores or () if s >= lowest)
    total = reduce(Reach.plus, parts)
    return total.mapped(lambda value: value / len(parts)) if scale.method == "mean" else total


def _converted(reach: Reach, conversion: Conversion) -> Reach | None:
    if conversion.method == "linear":
        return reach.mapped(
            lambda raw: rounded(raw * conversion.multiply + conversion.add, conversion.round)
        )
    if conversion.method == "lookup" and conversion.table:
        scores = map(float, conversion.table.values())
        return Reach.of(rounded(score, conversion.round) for score in scores)
    return None

"""The items behind a scale as they count in its sum: reversed items turned, weights applied."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.scoring.compile import CompiledInstrument
from app.scoring.results import Floats

#: Ways to put items together that are a sum of them, so that a reliability of the sum has meaning.
SUMS = frozenset({"sum", "mean", "weighted_sum", "count"})


@dataclass(frozen=True)
class KeyedItems:
    """What each item adds to the sum, people by items, NaN for missing; its least and most."""

    codes: tuple[str, ...]
    reversed: tuple[bool, ...]
    matrix: Floats
    least: Floats
    most: Floats


def keyed_items(compiled: CompiledInstrument, scale: Scale, answers: ArrayLike) -> KeyedItems:
    """Return the items of `scale` as they count in it, through nested scales.

    Parameters
    ----------
    compiled : CompiledInstrument
    scale : Scale
        One of its scales.
    answers : array_like, shape (n, items of the instrument)
        What `CompiledInstrument.counting` returns: NaN for missing, refused and not shown.

    Raises
    ------
    ValueError
        If the scale is no sum of items (`is_sum` tells).
    """
    instrument, matrix = compiled.instrument, np.asarray(answers, dtype=np.float64)
    if not is_sum(instrument, scale):
        raise ValueError(f"{scale.code} is no sum of items")
    owners = _owners(instrument, scale, 1.0)
    codes = compiled.formulas.leaves[scale.code]
    counts, ends, turned = [], [], []
    for code in codes:
        owner, weight = owners[code]
        item = instrument.item(code)
        column = matrix[:, instrument.item_codes.index(code)]
        counts.append(weight * _counts(owner, item, column))
        bounds = np.array([float(bound) for bound in item.bounds])
        ends.append(np.sort(weight * _counts(owner, item, _extremes(owner, item, bounds))))
        turned.append(code in owner.reverse)
    least, most = np.array(ends).T
    return KeyedItems(codes, tuple(turned), np.column_stack(counts), least, most)


def is_sum(instrument: Instrument, scale: Scale) -> bool:
    """Tell whether `scale` is a sum, mean or count of items, none of them in two of its parts."""
    if scale.method not in SUMS:
        return False
    parts = [instrument.scale(code) for code in scale.scales]
    items = [code for part in parts for code in _owners(instrument, part, 1.0)]
    return len(items) == len(set(items)) and all(
        is_sum(instrument, part) and part.convert.method == "linear" for part in parts
    )


def sum_scales(compiled: CompiledInstrument) -> list[Scale]:
    """The scales that add up at least two items: those whose exactness can be judged."""
    instrument, leaves = compiled.instrument, compiled.formulas.leaves
    return [s for s in instrument.scales if is_sum(instrument, s) and len(leaves[s.code]) > 1]


def points_per_sum_point(scale: Scale, items: KeyedItems) -> float:
    """How many points of the reported score one point of the sum is; negative where it is turned.

    Scores that no line leads to (standard scores, look-up tables) are left in points of the sum.
    """
    parts = len(scale.scales or items.codes) if scale.method == "mean" else 1
    return float(scale.convert.multiply) / parts if scale.convert.method == "linear" else 1.0


def _owners(instrument: Instrument, scale: Scale, weight: float) -> dict[str, tuple[Scale, float]]:
    """Each item behind `scale`: the scale that keys it, and its weight in the whole."""
    if not scale.scales:
        return {code: (scale, weight * scale.weights.get(code, 1)) for code in scale.items}
    found: dict[str, tuple[Scale, float]] = {}
    for code in scale.scales:
        part = instrument.scale(code)
        share = weight * scale.weights.get(code, 1) * part.convert.multiply
        if part.method == "mean":
            share /= len(part.scales or part.items)
        found |= _owners(instrument, part, share)
    return found


def _counts(scale: Scale, item: Item, column: Floats) -> Floats:
    if scale.method == "count":
        counts = np.isin(column, scale.endorsed_values(item.code)).astype(np.float64)
        return np.where(np.isnan(column), np.nan, counts)
    return sum(item.bounds) - column if item.code in scale.reverse else column


def _extremes(scale: Scale, item: Item, bounds: Floats) -> Floats:
    """The answers that count least and most; any of its answers may be the one that counts."""
    if scale.method == "count":
        return np.array([np.inf, *scale.endorsed_values(item.code)[:1]])
    return bounds

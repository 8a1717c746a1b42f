"""Which scores a scale can reach at all, worked out from its options."""

from itertools import product

from app.instruments.scales import Conversion, Scale
from app.instruments.words import Number

MOST_SCORES = 20_000


def item_values(options: tuple[Number, ...], *, is_reversed: bool) -> tuple[Number, ...]:
    """Return the values an item contributes; a reversed item mirrors them within its range."""
    return tuple(min(options) + max(options) - v for v in options) if is_reversed else options


def convert(raw: float, conversion: Conversion) -> float:
    """Return the reported score of one raw score, unrounded."""
    return raw * conversion.multiply + conversion.add


def reachable_scores(
    scale: Scale, options: dict[str, tuple[Number, ...]]
) -> tuple[float, ...] | None:
    """Return the scores of complete answers in ascending order; None where there are too many."""
    sums: set[float] = {0.0}
    for code in scale.items:
        values = item_values(options[code], is_reversed=code in scale.reverse)
        sums = {round(total + value, 9) for total, value in product(sums, values)}
        if len(sums) > MOST_SCORES:
            return None
    divisor = len(scale.items) if scale.method == "mean" else 1
    return tuple(sorted(round(convert(total / divisor, scale.convert), 9) for total in sums))

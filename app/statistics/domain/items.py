"""Which items of an instrument stand out at one school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.psychometrics.comparison import share, share_difference
from app.psychometrics.estimate import Interval
from app.statistics.domain.report import FEWEST_INSIDE

#: As many are listed; a headteacher reads no more.
MOST_LISTED = 5

ByValue = Mapping[float, int]


@dataclass(frozen=True)
class ItemShare:
    """How many chose an answer in the upper half of an item's options, now and last time."""

    item: Item
    n: int
    share: Interval
    change: Interval | None = None


def item_shares(
    instrument: Instrument, counts: Mapping[str, ByValue], before: Mapping[str, ByValue]
) -> Sequence[ItemShare]:
    """The items answered most often in the upper half, the commonest first.

    Left out: critical items (how many gave such an answer is told to nobody in a report), and items
    where fewer than 5 chose one of the halves.
    """
    reverse = {item for scale in instrument.scales for item in scale.reverse}
    found = []
    for item in instrument.items:
        lowest, highest = item.bounds
        if item.kind != "single" or item.critical or item.code in reverse or lowest == highest:
            continue
        middle = (float(lowest) + float(highest)) / 2
        now, then = _halves(counts.get(item.code), middle), _halves(before.get(item.code), middle)
        if now is None:
            continue
        change = share_difference(*now, *then) if then else None
        found.append(ItemShare(item, now[1], share(*now), change))
    return sorted(found, key=lambda one: -one.share.value)[:MOST_LISTED]


def _halves(counts: ByValue | None, middle: float) -> tuple[int, int] | None:
    """How many in the upper half, of how many; None where a half is too small to show."""
    if not counts:
        return None
    upper = sum(n for value, n in counts.items() if value > middle)
    n = sum(counts.values())
    return (upper, n) if min(upper, n - upper) >= FEWEST_INSIDE else None

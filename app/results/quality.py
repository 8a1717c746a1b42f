"""Answer quality: what makes a reader careful, as codes with the number behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

#: Below it an item can hardly have been read: Huang and others 2012, J Bus Psychol 27:99-114.
SECONDS_TO_READ = 2.0
#: On fewer items the same answer throughout says nothing.
ITEMS_FOR_SAMENESS = 5


@dataclass(frozen=True)
class Timing:
    """When the items of one instrument were answered, and when the first could be read."""

    begun: datetime | None
    answered: Sequence[datetime]
    received: Sequence[datetime]

    def seconds_per_item(self) -> float | None:
        """From the device's clock where every tap has its time, else from the arrival of pages."""
        count = len(self.received)
        if count > 1 and len(set(self.answered)) == count:
            return (max(self.answered) - min(self.answered)).total_seconds() / (count - 1)
        if self.begun is None or count == 0:
            return None
        return (max(self.received) - self.begun).total_seconds() / count


def notes(
    values: Sequence[float], *, asked: int, timing: Timing | None = None
) -> Mapping[str, float]:
    """The notes on one instrument: `values` are the answers given to its `asked` items."""
    found: dict[str, float] = {}
    seconds = timing.seconds_per_item() if timing else None
    if seconds is not None and seconds < SECONDS_TO_READ:
        found["too_fast"] = round(seconds, 2)
    if len(values) >= ITEMS_FOR_SAMENESS and len(set(values)) == 1:
        found["same_answer"] = values[0]
    if len(values) < asked:
        found["missing"] = round(1 - len(values) / asked, 4)
    return found

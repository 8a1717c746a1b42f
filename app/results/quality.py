"""Answer quality as it is stored: the core's notes, each with the number behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.instruments.model import Instrument
from app.scoring.validity import assess


@dataclass(frozen=True)
class Timing:
    """When the items of one instrument were answered, and when the first could be read."""

    begun: datetime | None
    answered: Sequence[datetime]
    received: Sequence[datetime]

    def seconds(self) -> float | None:
        """From the device's clock where every tap has its time, else from the arrival of pages."""
        count = len(self.received)
        if count > 1 and len(set(self.answered)) == count:
            taps = (max(self.answered) - min(self.answered)).total_seconds()
            return taps * count / (count - 1)  # the first item was read before the first tap
        if self.begun is None or count == 0:
            return None
        return (max(self.received) - self.begun).total_seconds()


def notes(
    instrument: Instrument, answers: Mapping[str, float | None], *, seconds: float | None
) -> Mapping[str, float | None]:
    """The notes on one instrument with their numbers."""
    found = assess(instrument, answers, seconds=seconds)
    numbers = {
        "long_run": found.longest_run_share,
        "too_fast": found.seconds_per_item,
        "many_missing": found.missing_share,
        "inconsistent": found.consistency,
    }
    return {note: _rounded(numbers[note]) for note in found.notes}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)

"""Answer quality as it is stored: the core's notes, each with the number behind it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.instruments.model import Instrument
from app.scoring.validity import assess

#: From these on answers are asked for again. The numbers are ours, for a clinician to sign: no
#: published rule exists for one person's answers, only for leaving people out of a study.
POOR_SECONDS = 1.0
POOR_MISSING_SHARE = 0.5
POOR_NOTES = 2

#: In which order the doubts are told; what is not here is an instrument's own check.
_WEIGHT = ("too_fast", "many_missing", "long_run", "inconsistent")


@dataclass(frozen=True)
class Timing:
    """When the items of one instrument were answered, and when the first could be read.

    `shown_ms` is how long each was on the screen, as far as the device says so.
    """

    begun: datetime | None
    answered: Sequence[datetime]
    received: Sequence[datetime]
    shown_ms: Sequence[int] = ()

    def seconds(self) -> float | None:
        """For how long items were shown, else what passed between taps, else between pages."""
        count = len(self.received)
        if count and len(self.shown_ms) == count:
            return sum(self.shown_ms) / 1000
        if count > 1 and len(set(self.answered)) == count:
            taps = (max(self.answered) - min(self.answered)).total_seconds()
            return taps * count / (count - 1)  # the first item was read before the first tap
        if self.begun is None or count == 0:
            return None
        span = (max(self.received) - self.begun).total_seconds()
        return span if span > 0 else None  # the same instant: nothing was measured


def notes(
    instrument: Instrument,
    answers: Mapping[str, float | None],
    *,
    seconds: float | None,
    hidden: Collection[str] = (),
) -> Mapping[str, float | None]:
    """The notes on one instrument with their numbers; what was not asked is not missing."""
    found = assess(instrument, answers, seconds=seconds, hidden=hidden)
    numbers = {
        "long_run": found.longest_run_share,
        "too_fast": found.seconds_per_item,
        "many_missing": found.missing_share,
        "inconsistent": found.consistency,
    }
    return {note: _rounded(numbers[note]) for note in found.notes}


def poor(notes: Mapping[str, float | None]) -> list[str]:
    """The notes of one instrument, the weightiest first, if they make its answers unreliable.

    That is so when two notes agree, when the items were answered in less than a second each, when
    more than half are missing, or when the instrument's own check says so.
    """
    seconds, missing = notes.get("too_fast"), notes.get("many_missing")
    is_poor = (
        len(notes) >= POOR_NOTES
        or (seconds is not None and seconds < POOR_SECONDS)
        or (missing is not None and missing > POOR_MISSING_SHARE)
        or any(note not in _WEIGHT for note in notes)
    )
    return sorted(notes, key=_rank) if is_poor else []


def _rank(note: str) -> int:
    return _WEIGHT.index(note) if note in _WEIGHT else len(_WEIGHT)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)

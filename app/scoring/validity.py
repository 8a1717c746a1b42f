"""Answer quality: signs that answers are to be read with care; never an accusation.

A note changes what staff are told. It lowers no alert and removes no flag.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from app.instruments.model import Instrument

Note = Literal["long_run", "too_fast", "many_missing"]

#: Seconds an item below which reading it is unlikely (Huang and others 2012, J Bus Psychol 27:99).
FASTEST_SECONDS = 2.0
LONGEST_RUN_SHARE = 0.8
SHORTEST_RUN = 8
MOST_MISSING_SHARE = 0.2


@dataclass(frozen=True)
class AnswerQuality:
    """How one administration was answered; shares run from 0 to 1."""

    longest_run_share: float
    missing_share: float
    seconds_per_item: float | None
    notes: tuple[Note, ...]


def assess(
    instrument: Instrument,
    answers: Mapping[str, float | None],
    *,
    seconds: float | None = None,
) -> AnswerQuality:
    """Judge the answers to the scored items, given in `seconds` altogether.

    A run is the same option again and again. “Nothing applies” throughout a list of complaints is
    an ordinary answer, so a run of an item's lowest option counts only where it crosses reversed
    items.
    """
    values = [answers.get(item.code) for item in instrument.items if item.scored]
    given = [value for value in values if value is not None]
    run = _longest_run(values)
    missing_share = 1 - len(given) / len(values) if values else 0.0
    pace = seconds / len(given) if seconds is not None and given else None
    notes: list[Note] = []
    if run >= max(SHORTEST_RUN, LONGEST_RUN_SHARE * len(values)) and not _is_ordinary(
        instrument, given
    ):
        notes.append("long_run")
    if pace is not None and pace < FASTEST_SECONDS:
        notes.append("too_fast")
    if missing_share > MOST_MISSING_SHARE:
        notes.append("many_missing")
    return AnswerQuality(run / max(len(values), 1), missing_share, pace, tuple(notes))


def _longest_run(values: list[float | None]) -> int:
    return max((len(list(run)) for value, run in groupby(values) if value is not None), default=0)


def _is_ordinary(instrument: Instrument, given: list[float]) -> bool:
    usual = max(set(given), key=given.count)
    has_reversed = any(scale.reverse for scale in instrument.scales)
    lowest = min(min(item.values) for item in instrument.items if item.scored)
    return usual == lowest and not has_reversed

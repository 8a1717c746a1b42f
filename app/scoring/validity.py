"""Answer quality: signs that answers are to be read with care; never an accusation.

A note changes what staff are told. It lowers no alert and removes no flag.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np

from app.instruments.items import NUMERIC_KINDS, Item
from app.instruments.model import Instrument
from app.instruments.scales import Scale

Note = Literal["long_run", "too_fast", "many_missing", "inconsistent"]

#: Seconds an item below which reading it is unlikely (Huang and others 2012, J Bus Psychol 27:99).
FASTEST_SECONDS = 2.0
LONGEST_RUN_SHARE = 0.8
SHORTEST_RUN = 8
MOST_MISSING_SHARE = 0.2
#: Even-odd consistency below this is rare in careful answers (Johnson 2005, J Res Pers 39:103).
LEAST_CONSISTENCY = 0.3
#: A correlation over fewer scales than this says nothing about one person.
FEWEST_SCALES = 5
FEWEST_ITEMS = 4
MOST_FAST_PAGES = 0.5


@dataclass(frozen=True)
class AnswerQuality:
    """How one administration was answered; shares run from 0 to 1, unknown measures are None.

    `variability` is the standard deviation of the answers, each as a share of its item's range.
    `consistency` correlates the even with the odd items over the scales, stepped up to full length.
    """

    longest_run_share: float
    missing_share: float
    seconds_per_item: float | None
    variability: float | None
    consistency: float | None
    fast_pages_share: float | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Page:
    """How many items a page asked, and how long it stayed open."""

    items: int
    seconds: float


def assess(
    instrument: Instrument,
    answers: Mapping[str, float | None],
    *,
    seconds: float | None = None,
    pages: Sequence[Page] = (),
    hidden: Collection[str] = (),
) -> AnswerQuality:
    """Judge the answers to the scored items, given in `seconds` altogether.

    What stood on a branch that was not taken (`hidden`) is no missing answer.

    A run is the same option again and again. “Nothing applies” throughout a list of complaints is
    an ordinary answer, so a run of an item's lowest option counts only where it crosses reversed
    items.
    """
    items = [
        item
        for item in instrument.items
        if item.scored and item.kind in NUMERIC_KINDS and item.code not in hidden
    ]
    values = [answers.get(item.code) for item in items]
    given = [value for value in values if value is not None]
    run = _longest_run(values)
    quality = AnswerQuality(
        longest_run_share=run / max(len(values), 1),
        missing_share=1 - len(given) / len(values) if values else 0.0,
        seconds_per_item=seconds / len(given) if seconds is not None and given else None,
        variability=_variability(items, values),
        consistency=_consistency(instrument, answers),
        fast_pages_share=_fast_share(pages),
        notes=(),
    )
    is_long = run >= max(SHORTEST_RUN, LONGEST_RUN_SHARE * len(values))
    signs: dict[Note, bool] = {
        "long_run": is_long and not _is_ordinary(instrument, items, given),
        "too_fast": _is_fast(quality),
        "many_missing": quality.missing_share > MOST_MISSING_SHARE,
        "inconsistent": quality.consistency is not None and quality.consistency < LEAST_CONSISTENCY,
    }
    return AnswerQuality(
        **(vars(quality) | {"notes": tuple(note for note, shows in signs.items() if shows)})
    )


def _longest_run(values: list[float | None]) -> int:
    runs = (len(list(run)) for value, run in groupby(values) if value is not None)
    return max(runs, default=0)


def _is_ordinary(instrument: Instrument, items: list[Item], given: list[float]) -> bool:
    usual = max(set(given), key=given.count)
    has_reversed = any(scale.reverse for scale in instrument.scales)
    return usual == min(item.bounds[0] for item in items) and not has_reversed


def _is_fast(quality: AnswerQuality) -> bool:
    is_hurried = quality.seconds_per_item is not None and quality.seconds_per_item < FASTEST_SECONDS
    return is_hurried or (quality.fast_pages_share or 0.0) > MOST_FAST_PAGES


def _fast_share(pages: Sequence[Page]) -> float | None:
    asked = [page for page in pages if page.items > 0]
    if not asked:
        return None
    return sum(page.seconds < FASTEST_SECONDS * page.items for page in asked) / len(asked)


def _variability(items: list[Item], values: list[float | None]) -> float | None:
    ranged = [(value, *item.bounds) for item, value in zip(items, values, strict=True)]
    shares = [
        (value - low) / (high - low)
        for value, low, high in ranged
        if value is not None and low < high
    ]
    return float(np.std(shares)) if len(shares) > 1 else None


def _consistency(instrument: Instrument, answers: Mapping[str, float | None]) -> float | None:
    halves = [
        half
        for scale in instrument.scales
        if len(scale.items) >= FEWEST_ITEMS and (half := _halves(instrument, scale, answers))
    ]
    if len(halves) < FEWEST_SCALES:
        return None
    even, odd = np.array(halves).T
    if np.std(even) == 0 or np.std(odd) == 0:
        return None
    correlation = float(np.corrcoef(even, odd)[0, 1])
    # Spearman-Brown; with the absolute value below, so that the result stays between -1 and 1.
    return 2 * correlation / (1 + abs(correlation))


def _halves(
    instrument: Instrument, scale: Scale, answers: Mapping[str, float | None]
) -> tuple[float, float] | None:
    keyed: list[float | None] = []
    for code in scale.items:
        value = answers.get(code)
        if value is not None and code in scale.reverse:
            value = sum(instrument.item(code).bounds) - value
        keyed.append(value)
    even = [value for value in keyed[0::2] if value is not None]
    odd = [value for value in keyed[1::2] if value is not None]
    return (sum(even) / len(even), sum(odd) / len(odd)) if even and odd else None

"""How many swapped slips the check finds, by what was asked and how far answers stay.

Ten swaps among 1,200 students, twenty seeds each, on two invented schools made in different
ways (`tests/factories/retests.py`, `tests/factories/seasons.py`). Prints one line a setting: retest
correlation of the PHQ-9 sum, pairs found of ten, false pairs on average and at most, what the check
says of itself, seconds of processor, and in how many seeds all ten were found with five false pairs
at most. With `bound`, what somebody finds who knows how the first school was made.

    python -m benchmarks.bench_swaps [retests] [seasons] [bound]
"""

import sys
from collections.abc import Callable, Mapping
from statistics import mean
from time import process_time
from typing import Any

from app.psychometrics.swaps import check_swaps
from benchmarks.swap_bound import known_best
from tests.factories.retests import School, school
from tests.factories.seasons import Years, years

SEEDS = range(100, 120)
#: What of the strain, and of each item's own share, stays until the second time.
STAYS: Mapping[str, Mapping[str, Any]] = {
    "stay .9": {"stay": 0.9, "own": 0.5},
    "stay .8": {"stay": 0.8, "own": 0.4},
    "stay .7": {"stay": 0.7, "own": 0.3},
}
RETESTS: Mapping[str, Mapping[str, Any]] = {
    "PHQ-9, GAD-7, WHO-5": {},
    "the same + pace": {"pace": 0.8},
    "the same + four facts": {"background": True},
}
FRESHMEN = ("phq9", "gad7", "mspss", "rses")
SECONDARY = ("phq9", "who5", "mspss")
SEASONS: Mapping[str, Mapping[str, Any]] = {
    "freshmen + background": {"scales": FRESHMEN, "background": True},
    "secondary + background": {"scales": SECONDARY, "background": True},
    "PHQ-9, GAD-7, WHO-5": {},
    "freshmen + background, 3 before": {"scales": FRESHMEN, "background": True, "seasons": 4},
    "secondary + background, seats": {"scales": SECONDARY, "background": True, "seats": True},
    "the same, neighbours only": {
        "scales": SECONDARY,
        "background": True,
        "seats": True,
        "places": (10, 0, 0),
    },
    "freshmen": {"scales": FRESHMEN},
    "freshmen, 3 before": {"scales": FRESHMEN, "seasons": 4},
}


def main() -> None:
    chosen = sys.argv[1:] or ["retests", "seasons", "bound"]
    head = (
        f"{'':<36} {'r':>4} {'found':>6} {'false':>6} {'most':>4} {'says':>5} {'s':>5} {'all':>4}"
    )
    print(head, flush=True)
    if "retests" in chosen:
        for name, asked in RETESTS.items():
            for stays, kept in STAYS.items():
                _line(f"{name}, {stays}", school, {**asked, **kept})
    if "seasons" in chosen:
        for name, asked in SEASONS.items():
            _line(name, years, asked)
    if "bound" in chosen:
        for stays, kept in STAYS.items():
            for pace in (None, 0.8):
                _bound(f"known best{' + pace' if pace else ''}, {stays}", {**kept, "pace": pace})


def _line(name: str, make: Callable[..., School | Years], chosen: Mapping[str, Any]) -> None:
    rows = [_run(make(seed, **chosen)) for seed in SEEDS]
    retest, found, false, power, seconds = zip(*rows, strict=True)
    every = sum(one == 10 and other <= 5 for one, other in zip(found, false, strict=True))
    print(
        f"{name:<36} {mean(retest):>4.2f} {mean(found):>6.1f} {mean(false):>6.1f} {max(false):>4} "
        f"{mean(power) * 10:>5.1f} {mean(seconds):>5.1f} {every:>4}",
        flush=True,
    )


def _run(made: School | Years) -> tuple[float, int, int, float, float]:
    start = process_time()
    check = check_swaps(made.sittings)
    seconds = process_time() - start
    listed = {(pair.one, pair.other) for pair in check.pairs}
    return made.retest, len(listed & made.swapped), len(listed - made.swapped), check.power, seconds


def _bound(name: str, chosen: Mapping[str, Any]) -> None:
    rows = [known_best(school(seed, **chosen), **chosen) for seed in SEEDS]
    print(f"{name:<36} found before the sixth false pair: {mean(rows):.1f}", flush=True)


if __name__ == "__main__":
    main()

"""How many swapped slips the check finds, by what was asked and how far answers stay.

Ten swaps between neighbours among 1,200 students, five seeds each. Prints one line a setting:
retest correlation of the PHQ-9 sum, pairs found of ten, false pairs, and what the check says of
itself.

    python -m benchmarks.bench_swaps
"""

from collections.abc import Mapping
from statistics import mean
from time import perf_counter
from typing import Any

from app.psychometrics.swaps import check_swaps
from tests.factories.retests import school

SEEDS = range(100, 105)
BATTERIES: Mapping[str, dict[str, Any]] = {
    "PHQ-9, GAD-7, WHO-5": {},
    "the same + pace": {"pace": 0.8},
    "the same + 100 yes/no items": {"long_items": 100},
    "the same + background page": {"background": True},
}
#: What of the strain, and of each item's own share, stays until the second time.
STAYS = ((0.95, 0.6), (0.9, 0.5), (0.8, 0.4), (0.7, 0.3), (0.6, 0.25), (0.4, 0.15), (0.2, 0.1))


def main() -> None:
    print(f"{'battery':<28} {'retest r':>8} {'found':>6} {'false':>6} {'says':>5} {'s':>5}")
    for name, chosen in BATTERIES.items():
        for stay, own in STAYS:
            rows = [_run(seed, stay=stay, own=own, **chosen) for seed in SEEDS]
            retest, found, false, power, seconds = map(mean, zip(*rows, strict=True))
            print(
                f"{name:<28} {retest:>8.2f} {found:>6.1f} {false:>6.1f} "
                f"{power * 10:>5.1f} {seconds:>5.2f}"
            )


def _run(seed: int, **chosen: Any) -> tuple[float, int, int, float, float]:
    made = school(seed, **chosen)
    start = perf_counter()
    check = check_swaps(made.sittings)
    seconds = perf_counter() - start
    listed = {(pair.one, pair.other) for pair in check.pairs}
    return made.retest, len(listed & made.swapped), len(listed - made.swapped), check.power, seconds


if __name__ == "__main__":
    main()

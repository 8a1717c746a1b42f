"""How long the psychometrics of a county take: 55,000 people and nine items.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.bench_psychometrics [--people N] [--items K]

Prints a line a task: the best of five runs in seconds of processor time, and the limit where one
was set. SciPy is imported before the clock starts.
"""

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np
import scipy.optimize
import scipy.stats

from app.psychometrics.agreement import intraclass_correlations, mean_squares
from app.psychometrics.careless import careless_indices
from app.psychometrics.irt.fitting import fit_graded
from app.psychometrics.irt.scoring import eap
from app.psychometrics.norms import norms
from app.psychometrics.reliability import reliability
from app.psychometrics.roc import area, grouped

RUNS = 5
Task = tuple[str, float | None, Callable[[], object]]


def answers(people: int, items: int) -> np.ndarray:
    """One trait behind items of 0 to 3, most people low, 2 % of the answers missing."""
    rng = np.random.default_rng(8)
    trait = rng.normal(size=(people, 1))
    made = np.clip(np.floor(trait + rng.normal(size=(people, items)) + 0.8), 0, 3)
    made[rng.random(made.shape) < 0.02] = np.nan
    return made


def tasks(matrix: np.ndarray) -> Iterator[Task]:
    total = matrix.sum(axis=1)
    twice = np.column_stack([total, np.roll(total, 1)])
    yield "alpha, omega and item statistics", 0.1, lambda: reliability(matrix)
    yield "six intraclass correlations", None, lambda: intraclass_correlations(mean_squares(twice))
    yield "norms of everybody", None, lambda: norms(total, possible=range(28))
    yield "indices of careless answers", None, lambda: careless_indices(matrix)
    model = fit_graded(matrix[:2000]).model
    yield "EAP of a graded response model", 1.0, lambda: eap(model, matrix)
    worst = np.where(np.isnan(total), np.nan, total > np.nanquantile(total, 0.9))
    noisy = total + np.random.default_rng(9).normal(size=len(total))
    yield "area under the curve, DeLong", None, lambda: area(grouped(noisy, worst))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=55_000)
    parser.add_argument("--items", type=int, default=9)
    chosen = parser.parse_args()
    print(f"{chosen.people:,} people, {chosen.items} items, SciPy {scipy.__version__}")
    for name, limit, task in tasks(answers(chosen.people, chosen.items)):
        seconds = min(_timed(task) for _ in range(RUNS))
        held = (
            "" if limit is None else f"  limit {limit} s: {'held' if seconds < limit else 'BROKEN'}"
        )
        print(f"{name:<40} {seconds:7.3f} s{held}")


def _timed(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


if __name__ == "__main__":
    main()

"""What cut-offs ask of people, as they move."""

import numpy as np
import pytest

from app.instruments.loader import load_instrument
from app.triage.budget import Answered, movable, sweep, threshold_of, urgencies, with_cutoffs
from app.triage.rulebook import standard
from tests.unit.scoring.conftest import LIBRARY

PHQ9 = load_instrument(LIBRARY / "phq9")
KEY = ("total", 0)


def answered(*totals: int, last: int = 0) -> Answered:
    """People with these totals on the first eight items, and this answer to the ninth."""
    rows = [[min(3, max(0, total - 3 * n)) for n in range(8)] + [last] for total in totals]
    return Answered(np.array(rows, dtype=np.float64))


def test_only_the_cutoffs_of_the_first_set_move():
    assert [(key, threshold_of(cutoff)) for key, _, cutoff in movable(PHQ9)] == [(KEY, 10.0)]


def test_each_answer_has_the_level_of_its_weightiest_flag():
    calm, at_the_cutoff = answered(9, 10), answered(10, last=3)

    assert urgencies(PHQ9, calm, standard()).tolist() == [0, 2]
    assert urgencies(PHQ9, at_the_cutoff, standard()).tolist() == [3]


@pytest.mark.parametrize("threshold", [8, 9, 10, 11, 12])
def test_a_moved_cutoff_flags_exactly_from_there_on(threshold):
    people = answered(*range(24))

    found = urgencies(with_cutoffs(PHQ9, {KEY: threshold}), people, standard())

    assert (found > 0).tolist() == [total >= threshold for total in range(24)]


def test_sweeping_counts_every_step_and_marks_the_published_one():
    loads = sweep(PHQ9, answered(*range(24)), standard(), key=KEY, thresholds={})

    assert [(load.threshold, load.flagged) for load in loads] == [
        (float(t), 24 - t) for t in range(6, 15)
    ]
    assert [load.threshold for load in loads if load.is_published] == [10.0]

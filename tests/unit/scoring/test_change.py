"""Two versions of an instrument set against each other on the same answers."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.instruments.loader import load_instrument, parse_instrument
from app.scoring import CompiledInstrument
from app.scoring.change import band_order, compare, outcomes
from tests.unit.scoring.conftest import LIBRARY

PHQ9 = load_instrument(LIBRARY / "phq9")
OLD = CompiledInstrument(PHQ9)
#: People by items of PHQ-9; NaN is missing.
ANSWERS = arrays(
    np.float64, (12, 9), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan]), fill=st.nothing()
)


@cache
def changed(*replaced: tuple[str, str]) -> CompiledInstrument:
    """PHQ-9 with passages of its file replaced."""
    text = PHQ9.source.instrument
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return CompiledInstrument(parse_instrument(text))


def change(answers, new, *, refused=None):
    before = outcomes(OLD, answers, refused=refused)
    return compare(before, outcomes(new, answers, refused=refused))


def tally(found, size):
    """Who is in another state, by kind and code."""
    counts = found.tally(np.ones(size, dtype=np.bool_))
    return {move: people for move, people in counts.items() if move[2] != move[3]}


@settings(max_examples=25)
@given(ANSWERS)
def test_identical_text_moves_nobody(answers):
    found = change(answers, OLD)

    assert list(found.moves()) == []
    assert tally(found, 12) == {}


@settings(max_examples=25)
@given(ANSWERS, st.integers(1, 26))
def test_moving_a_cutoff_moves_exactly_those_between(answers, threshold):
    new = changed(("at_least: 10\n", f"at_least: {threshold}\n"))
    totals = OLD.score(answers).scales["total"].score

    moves = [
        (person, was, now)
        for person, (kind, code, was, now) in change(answers, new).moves()
        if (kind, code) == ("flag", "cutoff_total")
    ]

    between = (totals >= min(threshold, 10)) & (totals < max(threshold, 10))
    step = ("0", "1") if threshold < 10 else ("1", "0")
    assert moves == [(int(person), *step) for person in np.flatnonzero(between)]


def test_bands_lanes_and_missing_rules_are_told_apart():
    rule = next(line for line in PHQ9.source.instrument.splitlines() if "missing:" in line)
    new = changed((rule.strip(), "missing: {rule: refuse}"))
    answers = np.array([[1.0] * 9, [1.0] * 8 + [np.nan]])

    found = tally(change(answers, new), 2)

    assert found[("band", "total", "mild", "-")] == 1
    assert found[("filled", "total", "filled", "-")] == 1


def test_a_refusal_and_a_lane_are_states_of_a_critical_flag(phq9):
    answers = np.array([[0.0] * 8 + [value] for value in (0.0, 1.0, 2.0, np.nan)])
    refused = np.zeros((4, 9), dtype=np.bool_)
    refused[3, 8] = True

    states = outcomes(phq9, answers, refused=refused).states["flag", "critical_q9"]

    assert states.tolist() == ["0", "same_day", "fast", "same_day"]


def test_what_only_one_version_knows_is_not_there_in_the_other():
    bare = changed(("code: total", "code: sum"))

    found = tally(change(np.ones((3, 9)), bare), 3)

    assert found[("band", "total", "mild", "!")] == 3
    assert found[("band", "sum", "!", "mild")] == 3
    assert found[("flag", "cutoff_sum", "!", "0")] == 3


@pytest.mark.parametrize(
    ("code", "scale", "first"), [("phq9", "total", "minimal"), ("phq9", "algorithm", "none")]
)
def test_bands_are_ordered_from_least_to_most_difficulty(compiled, code, scale, first):
    assert band_order(compiled(code).instrument.scale(scale))[0] == first

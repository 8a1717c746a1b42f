"""Small counts are not shown, nor what would give them away; school years begin in September."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.meetings.domain import FEWEST_SHOWN, SchoolYear, without_small


def test_counts_below_five_are_not_shown_and_none_looks_like_one() -> None:
    shown = without_small({"a": 12, "b": 3, "c": 2, "d": 0})

    assert shown == {"a": 12, "b": None, "c": None, "d": None}
    assert without_small({"a": 12, "b": 3, "c": 2, "d": 1}) == shown


def test_single_small_count_takes_another_with_it() -> None:
    assert without_small({"a": 12, "b": 3, "c": 40}) == {"a": None, "b": None, "c": 40}


def test_few_that_are_hidden_together_take_another_with_them() -> None:
    assert without_small({"a": 40, "b": 1, "c": 0, "d": 12}) == {
        "a": 40,
        "b": None,
        "c": None,
        "d": None,
    }
    assert without_small({"a": 20, "b": 0, "c": 0}) == {"a": None, "b": None, "c": None}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=2))
def test_no_small_count_can_be_worked_out_from_the_whole(counts: dict[str, int]) -> None:
    shown = without_small(counts)

    hidden = [name for name, count in shown.items() if count is None]
    assert all(count is None or count >= FEWEST_SHOWN for count in shown.values())
    assert len(hidden) != 1
    kept = len(hidden) < len(counts)
    assert not hidden or not kept or sum(counts[name] for name in hidden) >= FEWEST_SHOWN
    assert all(shown[name] == counts[name] for name in counts if name not in hidden)


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 15), 2026)],
)
def test_school_year_begins_in_september(day: date, first: int) -> None:
    year = SchoolYear.of(day)

    assert year == SchoolYear(first)
    assert year.begins_on <= day < year.ends_before

"""Seconds an instrument took: what the items were shown, where the device says so of each."""

from datetime import UTC, datetime, timedelta

from app.results.quality import Timing

BEGUN = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
TAPS = [BEGUN + timedelta(seconds=20 * n) for n in (1, 2, 3)]


def test_times_on_the_screen_count_before_the_clock_between_taps():
    timing = Timing(begun=BEGUN, answered=TAPS, received=TAPS, shown_ms=[900, 800, 1000])

    assert timing.seconds() == 2.7


def test_one_item_without_its_time_leaves_the_taps():
    timing = Timing(begun=BEGUN, answered=TAPS, received=TAPS, shown_ms=[900, 800])

    assert timing.seconds() == 60

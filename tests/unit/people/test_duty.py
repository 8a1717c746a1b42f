"""The duty roster as time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.people.duty import Stretch, by_day, gaps

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(day, hour):
    return datetime(2026, 10, day, hour, tzinfo=SHANGHAI)


def _shift(start, end):
    return Stretch(_at(*start), _at(*end))


def test_no_shift_leaves_the_whole_stretch_uncovered():
    assert gaps([], _at(12, 8), _at(13, 8)) == [_shift((12, 8), (13, 8))]


def test_shifts_that_meet_or_overlap_leave_no_gap():
    shifts = [_shift((12, 7), (12, 19)), _shift((12, 19), (13, 7)), _shift((13, 6), (13, 12))]

    assert gaps(shifts, _at(12, 8), _at(13, 12)) == []


def test_gaps_are_found_before_between_and_after():
    shifts = [_shift((12, 19), (13, 7)), _shift((12, 9), (12, 18))]

    assert gaps(shifts, _at(12, 8), _at(13, 8)) == [
        _shift((12, 8), (12, 9)),
        _shift((12, 18), (12, 19)),
        _shift((13, 7), (13, 8)),
    ]


def test_long_shift_covers_what_a_short_one_inside_it_leaves():
    shifts = [_shift((12, 8), (13, 8)), _shift((12, 9), (12, 10))]

    assert gaps(shifts, _at(12, 8), _at(13, 8)) == []


def test_night_shift_falls_on_two_days():
    night = _shift((12, 19), (13, 7))

    board = by_day([night], [date(2026, 10, 12), date(2026, 10, 13)], SHANGHAI)

    assert {
        day: [(part.starts_at, part.ends_at) for part in parts] for day, parts in board.items()
    } == {
        date(2026, 10, 12): [(_at(12, 19), _at(13, 0))],
        date(2026, 10, 13): [(_at(13, 0), _at(13, 7))],
    }

"""School days, and when something is due in them (decisions B and E)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.people.calendar import SchoolCalendar
from app.people.domain import DayKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 9, 25)  # the Mid-Autumn holiday of 2026
CALENDAR = SchoolCalendar(
    SHANGHAI,
    days={
        FRIDAY: DayKind.HOLIDAY,
        date(2026, 10, 10): DayKind.MAKE_UP,
        date(2026, 10, 14): DayKind.EXAM,
    },
)


def _at(day, hour, minute=0):
    return datetime(2026, *day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "is_school_day"),
    [
        (date(2026, 9, 24), True),
        (FRIDAY, False),
        (date(2026, 9, 26), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 14), True),
    ],
    ids=["Thursday", "holiday", "Saturday", "make-up Saturday", "exam day"],
)
def test_school_days_are_the_week_with_its_exceptions(day, is_school_day):
    assert CALENDAR.is_school_day(day) is is_school_day


def test_same_day_lane_is_due_before_leaving_school():
    assert CALENDAR.same_day_due(_at((10, 12), 10)) == _at((10, 12), 17, 30)


@pytest.mark.parametrize("moment", [_at((10, 12), 7, 59), _at((10, 12), 17, 30), _at((9, 25), 10)])
def test_same_day_lane_never_waits_for_school_outside_its_hours(moment):
    assert CALENDAR.same_day_due(moment) == moment + timedelta(hours=12)


def test_moments_are_judged_on_the_wall_of_the_school():
    utc = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)

    assert CALENDAR.is_open(utc)
    assert CALENDAR.same_day_due(utc) == datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


def test_end_of_school_day_skips_holidays_and_weekends():
    assert CALENDAR.end_of_school_day(_at((9, 24), 18)) == _at((9, 28), 17, 30)
    assert CALENDAR.end_of_school_day(_at((9, 24), 9)) == _at((9, 24), 17, 30)


def test_school_days_later_counts_school_days_only():
    assert CALENDAR.school_days_later(_at((9, 23), 10), 2) == _at((9, 28), 17, 30)
    assert CALENDAR.school_days_later(_at((10, 9), 10), 2) == _at((10, 12), 17, 30)


def test_endless_holiday_still_gives_a_due_day():
    never = SchoolCalendar(
        SHANGHAI, days={FRIDAY + timedelta(days=n): DayKind.HOLIDAY for n in range(400)}
    )

    assert never.next_school_day(FRIDAY) == FRIDAY + timedelta(days=120)

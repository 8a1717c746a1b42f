"""Slots lie in duty and in the school's hours, and each has a counsellor and a room to itself."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.appointments.domain.slots import (
    DayPlan,
    Watch,
    cut_day,
    hours_of,
    neutral_place,
)
from app.people.duty import Stretch

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 10, 12)
HOURS = hours_of(MONDAY, time(8), time(17, 30), SHANGHAI)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, 12, hour, minute, tzinfo=SHANGHAI)


def test_duty_is_cut_to_the_schools_hours_and_lunch():
    plan = DayPlan(slot_minutes=25, pause_minutes=5, rooms=("203",))

    cut = cut_day([Watch(1, at(7), at(14))], HOURS, plan)

    starts = [slot.starts_at.strftime("%H:%M") for slot in cut.slots]
    assert (starts[0], starts[-2:], len(starts)) == ("08:00", ["11:30", "13:30"], 9)


def test_second_counsellor_needs_a_second_room():
    watches = [Watch(1, at(8), at(10)), Watch(2, at(8), at(10))]

    one = cut_day(watches, HOURS, DayPlan(rooms=("203",)))
    two = cut_day(watches, HOURS, DayPlan(rooms=("203", "204")))

    assert (len(one.slots), one.without_room) == (4, 4)
    assert {(slot.counsellor_id, slot.room) for slot in two.slots} == {(1, "203"), (2, "204")}


def test_other_duties_are_left_out_and_double_shifts_count_once():
    watches = [Watch(1, at(8), at(12)), Watch(1, at(9), at(12))]
    elsewhere = {1: [Stretch(at(9), at(11))]}

    cut = cut_day(watches, HOURS, DayPlan(rooms=("203",)), elsewhere)

    assert [slot.starts_at.hour for slot in cut.slots] == [8, 8, 11, 11]


def test_place_on_the_slip_loses_what_tells():
    assert neutral_place("教学楼二楼 心理辅导室") == "教学楼二楼"
    assert neutral_place("学生活动中心 208") == "学生活动中心 208"
    assert neutral_place("心理中心") == ""

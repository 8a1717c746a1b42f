"""However duty lies, no two slots share a counsellor or a room, and none leaves the hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.appointments.domain.slots import DayPlan, Watch, cut_day, hours_of, overlaps
from app.people.duty import Stretch

HOURS = hours_of(date(2026, 10, 12), time(8), time(17, 30), ZoneInfo("Asia/Shanghai"))
LUNCH = Stretch(HOURS.starts_at + timedelta(hours=4), HOURS.starts_at + timedelta(hours=5.5))


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1400), st.integers(1, 900)), max_size=8),
    st.integers(15, 40),
    st.integers(0, 30),
    st.integers(1, 3),
)
def test_no_two_slots_share_a_counsellor_or_a_room(watches, length, pause, rooms):
    dawn = datetime(2026, 10, 11, 16, 0, tzinfo=UTC)
    on_duty = [
        Watch(who, dawn + timedelta(minutes=start), dawn + timedelta(minutes=start + lasts))
        for who, start, lasts in watches
    ]
    plan = DayPlan(length, pause, rooms=tuple(str(n) for n in range(rooms)))

    slots = cut_day(on_duty, HOURS, plan).slots

    for n, one in enumerate(slots):
        assert HOURS.starts_at <= one.starts_at < one.ends_at <= HOURS.ends_at
        assert not overlaps(one, LUNCH)
        for other in slots[n + 1 :]:
            shared = one.counsellor_id == other.counsellor_id or one.room == other.room
            assert not (shared and overlaps(one, other))

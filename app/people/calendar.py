"""The school calendar: which days are school days, and when something is due in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.people.domain import DayKind
from app.people.duty import Stretch

FRIDAY = 4
#: Crisis clocks never wait for school days: outside them the same-day lane has this long.
OUT_OF_SCHOOL = timedelta(hours=12)
#: No school closes for longer; past it the calendar is wrong, and a due date must still come.
LONGEST_BREAK = timedelta(days=120)


@dataclass(frozen=True)
class SchoolCalendar:
    """The plain week (Monday to Friday) with its holidays and make-up workdays."""

    zone: ZoneInfo
    opens_at: time = time(8, 0)
    closes_at: time = time(17, 30)
    days: Mapping[date, DayKind] = field(default_factory=dict)

    def is_school_day(self, day: date) -> bool:
        """Whether students and staff are at school; exam days are school days."""
        kind = self.days.get(day)
        if kind is DayKind.HOLIDAY:
            return False
        return kind is DayKind.MAKE_UP or day.weekday() <= FRIDAY

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies within the hours of a school day."""
        local = moment.astimezone(self.zone)
        return self.is_school_day(local.date()) and self.opens_at <= local.time() < self.closes_at

    def open_hours(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """The hours of each school day, as far as they lie between the two moments."""
        day = since.astimezone(self.zone).date()
        while (opens := datetime.combine(day, self.opens_at, self.zone)) < until:
            starts, ends = max(opens, since), min(self._closing(day), until)
            if self.is_school_day(day) and starts < ends:
                yield Stretch(starts, ends)
            day += timedelta(days=1)

    def same_day_due(self, moment: datetime) -> datetime:
        """When the same-day lane is due: before leaving school, outside school within 12 hours."""
        if self.is_open(moment):
            return self._closing(moment.astimezone(self.zone).date())
        return moment + OUT_OF_SCHOOL

    def end_of_school_day(self, moment: datetime) -> datetime:
        """The next closing of the school after `moment`."""
        local = moment.astimezone(self.zone)
        today = local.date()
        if self.is_school_day(today) and local.time() < self.closes_at:
            return self._closing(today)
        return self._closing(self.next_school_day(today))

    def school_days_later(self, moment: datetime, days: int) -> datetime:
        """The closing of the `days`-th school day after the day of `moment`."""
        day = moment.astimezone(self.zone).date()
        for _ in range(days):
            day = self.next_school_day(day)
        return self._closing(day)

    def next_school_day(self, day: date) -> date:
        """The first school day after `day`."""
        last = day + LONGEST_BREAK
        following = day + timedelta(days=1)
        while following < last and not self.is_school_day(following):
            following += timedelta(days=1)
        return following

    def _closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes_at, self.zone)

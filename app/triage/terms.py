"""How long may pass until a person must be there: minutes, the same school day, or school days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol


@dataclass(frozen=True)
class SchoolHours:
    """When a school has school and until when, on its own wall clock."""

    timezone: tzinfo
    closes_at: time
    is_school_day: Callable[[date], bool]

    def leaving(self, moment: datetime) -> datetime | None:
        """When students leave on the day of `moment`; None on a day without school."""
        day = moment.astimezone(self.timezone).date()
        return self._closing(day) if self.is_school_day(day) else None

    def after(self, moment: datetime, school_days: int, at_most_days: int) -> datetime:
        """The end of the `school_days`-th school day after `moment`.

        Before a long holiday the answer is the end of the day `at_most_days` days later.
        """
        day = start = moment.astimezone(self.timezone).date()
        counted = 0
        while counted < school_days and (day - start).days < at_most_days:
            day += timedelta(days=1)
            counted += self.is_school_day(day)
        return self._closing(day)

    def _closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes_at, tzinfo=self.timezone)


class Term(Protocol):
    """A length of time that may depend on the school's calendar."""

    def ends(self, start: datetime, hours: SchoolHours) -> datetime:
        """The moment by which a person must be there."""


@dataclass(frozen=True)
class Minutes:
    """Counted day and night."""

    minutes: int

    def ends(self, start: datetime, hours: SchoolHours) -> datetime:
        """So many minutes after `start`."""
        return start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class BeforeLeaving:
    """Before the student leaves school; outside school hours after at most `or_hours`.

    Crisis clocks never wait for the next school day.
    """

    or_hours: int

    def ends(self, start: datetime, hours: SchoolHours) -> datetime:
        """The end of the school day that is still running, else `or_hours` later."""
        latest = start + timedelta(hours=self.or_hours)
        leaving = hours.leaving(start)
        return min(leaving, latest) if leaving and leaving > start else latest


@dataclass(frozen=True)
class SchoolDays:
    """So many school days, but never more than `at_most_days` calendar days: holidays are long."""

    days: int
    at_most_days: int

    def ends(self, start: datetime, hours: SchoolHours) -> datetime:
        """The end of the last of these school days."""
        return hours.after(start, self.days, self.at_most_days)

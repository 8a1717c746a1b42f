"""How long may pass until a person must be there: minutes, the same school day, or school days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Calendar(Protocol):
    """What triage asks of a school's calendar."""

    def same_day_due(self, moment: datetime) -> datetime:
        """When school is over today; outside school hours a few hours later."""

    def end_of_school_day(self, moment: datetime) -> datetime:
        """The next closing of the school."""

    def school_days_later(self, moment: datetime, days: int) -> datetime:
        """The closing of the `days`-th school day after the day of `moment`."""


class Term(Protocol):
    """A length of time that may depend on the school's calendar."""

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """The moment by which a person must be there."""


@dataclass(frozen=True)
class Minutes:
    """Counted day and night."""

    minutes: int

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """So many minutes after `start`."""
        return start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class BeforeLeaving:
    """Before the student leaves school; crisis clocks never wait for the next school day."""

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """The end of this school day; in the night before it, never after it."""
        return min(calendar.same_day_due(start), calendar.end_of_school_day(start))


@dataclass(frozen=True)
class SchoolDays:
    """So many school days, but never more than `at_most_days` calendar days: holidays are long."""

    days: int
    at_most_days: int

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """The end of the last of these school days."""
        latest = start + timedelta(days=self.at_most_days)
        return min(calendar.school_days_later(start, self.days), latest)

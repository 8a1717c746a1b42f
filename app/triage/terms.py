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

    def is_within(self, longer: "Term") -> bool:
        """Whether this term can never end after `longer`, whatever the hour and the calendar."""


#: The longest that “before leaving” can take: outside school hours the clock runs so far.
LONGEST_SAME_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Minutes:
    """Counted day and night."""

    minutes: int

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """So many minutes after `start`."""
        return start + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        return f"{self.minutes} minutes"

    def is_within(self, longer: Term) -> bool:
        """Minutes end before school days where they are no more than half a day."""
        if isinstance(longer, Minutes):
            return self.minutes <= longer.minutes
        span = timedelta(minutes=self.minutes)
        return isinstance(longer, SchoolDays) and span <= LONGEST_SAME_DAY


@dataclass(frozen=True)
class BeforeLeaving:
    """Before the student leaves school; crisis clocks never wait for the next school day."""

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """The end of this school day; in the night before it, never after it."""
        return min(calendar.same_day_due(start), calendar.end_of_school_day(start))

    def __str__(self) -> str:
        return "before leaving school"

    def is_within(self, longer: Term) -> bool:
        """This day ends before the next school day does."""
        return isinstance(longer, BeforeLeaving | SchoolDays)


@dataclass(frozen=True)
class SchoolDays:
    """So many school days, but never more than `at_most_days` calendar days: holidays are long."""

    days: int
    at_most_days: int

    def ends(self, start: datetime, calendar: Calendar) -> datetime:
        """The end of the last of these school days."""
        latest = start + timedelta(days=self.at_most_days)
        return min(calendar.school_days_later(start, self.days), latest)

    def __str__(self) -> str:
        return f"{self.days} school days, at most {self.at_most_days} days"

    def is_within(self, longer: Term) -> bool:
        """No number may be larger; next to minutes and “today” school days are always longer."""
        return (
            isinstance(longer, SchoolDays)
            and self.days <= longer.days
            and self.at_most_days <= longer.at_most_days
        )

"""Breaks in the school calendar, and when somebody asks after a student during one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.triage.domain import RiskLevel

#: A plain weekend is no break.
SHORTEST_BREAK = 3
#: So far ahead a break is planned for.
HORIZON = timedelta(days=60)
#: The first contact in a break comes by this day of it. The figures are ours.
FIRST_CONTACT = {
    RiskLevel.IMMINENT: 1,
    RiskLevel.HIGH: 2,
    RiskLevel.MODERATE: 4,
    RiskLevel.LOW: 7,
    RiskLevel.NONE: 10,
}


@dataclass(frozen=True)
class Break:
    """A run of days without school, the first and the last of them."""

    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until_on - self.from_on).days + 1

    def contact_on(self, level: RiskLevel) -> date:
        """When a student of that level is asked after; the last day of a short break at latest."""
        return min(self.from_on + timedelta(days=FIRST_CONTACT[level] - 1), self.until_on)


def next_break(today: date, is_school_day: Callable[[date], bool]) -> Break | None:
    """The first break that ends today or later, as far as one plans ahead."""
    day, last = today, today + HORIZON
    # A break under way began before today.
    while not (is_school_day(day) or is_school_day(day - timedelta(days=1))):
        day -= timedelta(days=1)
    while day <= last:
        if is_school_day(day):
            day += timedelta(days=1)
            continue
        end = day
        while not is_school_day(end + timedelta(days=1)) and end - day < HORIZON:
            end += timedelta(days=1)
        if (end - day).days + 1 >= SHORTEST_BREAK:
            return Break(day, end)
        day = end + timedelta(days=1)
    return None

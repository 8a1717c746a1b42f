"""The duty roster as time: which stretches nobody covers, and what falls on which day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo


class Timed(Protocol):
    """Anything with a beginning and an end."""

    @property
    def starts_at(self) -> datetime:
        """The first moment."""

    @property
    def ends_at(self) -> datetime:
        """The first moment after."""


S = TypeVar("S", bound=Timed)


@dataclass(frozen=True)
class Stretch:
    """From one moment to another."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Part(Generic[S]):
    """The part of a shift that falls on one day, in the time of the wall."""

    shift: S
    starts_at: datetime
    ends_at: datetime


def gaps(shifts: Iterable[Timed], since: datetime, until: datetime) -> list[Stretch]:
    """The stretches between `since` and `until` in which nobody is on duty."""
    found, covered_until = [], since
    for shift in sorted(shifts, key=lambda each: each.starts_at):
        if shift.starts_at > covered_until:
            found.append(Stretch(covered_until, min(shift.starts_at, until)))
        covered_until = max(covered_until, shift.ends_at)
        if covered_until >= until:
            return found
    return [*found, Stretch(covered_until, until)]


def uncovered(shifts: Sequence[Timed], hours: Iterable[Stretch]) -> list[Stretch]:
    """What nobody covers of the hours in which somebody must be there."""
    return [gap for stretch in hours for gap in gaps(shifts, stretch.starts_at, stretch.ends_at)]


def together(stretches: Iterable[Stretch]) -> timedelta:
    """How long the stretches are, added up."""
    return sum((each.ends_at - each.starts_at for each in stretches), timedelta())


def by_day(shifts: Sequence[S], days: Iterable[date], zone: ZoneInfo) -> dict[date, list[Part[S]]]:
    """What falls on each day; a night shift falls on two."""
    return {day: list(_parts(shifts, day, zone)) for day in days}


def _parts(shifts: Sequence[S], day: date, zone: ZoneInfo) -> Iterable[Part[S]]:
    dawn = datetime.combine(day, datetime.min.time(), zone)
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    for shift in shifts:
        starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        if starts < midnight and ends > dawn:
            yield Part(shift, max(starts, dawn), min(ends, midnight))

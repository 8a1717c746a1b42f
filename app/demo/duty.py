"""Duty by day and night, and the school calendar."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from app.demo import district
from app.people.domain import DayKind
from app.people.models import CalendarDay, DutyShift, Site, User
from app.platform import clock
from app.platform.db import db

#: The days around a campaign's first one on which it runs, with the week of the drills.
LAST_TERM, THIS_TERM = range(-7, 15), range(-16, 17)
DAWN, DUSK = time(7, 0), time(19, 0)
FRIDAY = 4
#: The public holidays whose date is the same every year; a school enters the others.
HOLIDAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


def plan(
    *, today: date, last_term: date, sites: Mapping[str, Site], users: Mapping[str, User]
) -> None:
    """Put responders on duty without a gap while campaigns run, and mark holidays and exams."""
    for first, days in ((last_term, LAST_TERM), (today, THIS_TERM)):
        for n in days:
            db.session.add_all(_shifts(first + timedelta(days=n), n, sites, users))
    for site in sites.values():
        db.session.add_all(_calendar(site, today))
    db.session.flush()


def _shifts(
    day: date, n: int, sites: Mapping[str, Site], users: Mapping[str, User]
) -> Iterator[DutyShift]:
    """By day each school's own counsellor, at night and weekends one for all, the lead second."""
    rota = [*district.DAY_DUTY.values(), district.RELIEF]
    night = users[rota[n % len(rota)]]
    dawn, dusk, next_dawn = _at(day, DAWN), _at(day, DUSK), _at(day + timedelta(days=1), DAWN)
    for code, site in sites.items():
        own = users[district.DAY_DUTY[code]] if day.weekday() <= FRIDAY else night
        yield DutyShift(site_id=site.id, user_id=own.id, starts_at=dawn, ends_at=dusk)
    yield DutyShift(user_id=night.id, starts_at=dusk, ends_at=next_dawn)
    yield DutyShift(user_id=users[district.LEAD].id, starts_at=dawn, ends_at=next_dawn, rank=2)


def _calendar(site: Site, today: date) -> Iterator[CalendarDay]:
    years = (today.year, today.year + 1)
    holidays = [date(year, *day) for year in years for day in HOLIDAYS]
    yield from (CalendarDay(site_id=site.id, on=on, kind=DayKind.HOLIDAY) for on in holidays)
    monday = today + timedelta(days=14 - today.weekday())
    exams = [monday + timedelta(days=n) for n in range(3)]
    yield from (
        CalendarDay(site_id=site.id, on=on, kind=DayKind.EXAM) for on in exams if on not in holidays
    )


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())

"""Writes of holiday cover: every open case has a person and a date while school is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.access.actor import Actor
from app.access.grants import Scope, cut_grants, grant_to
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import CoverError
from app.cases.domain.holidays import Break
from app.cases.domain.story import Happening
from app.cases.models import Case, HolidayCover
from app.cases.queries.promises import latest_date_of
from app.cases.service.cases import require_open
from app.cases.service.endings import person_of
from app.cases.service.story import tell
from app.people.models import Site, User
from app.people.queries import responders
from app.platform import audit, clock
from app.platform.db import db

REASON = "holiday_cover"


@dataclass(frozen=True)
class Cover:
    """Who asks after a student, and on which day of the break."""

    case: Case
    user: User
    contact_on: date


def cover_holiday(
    *, actor: Actor, site: Site, holiday: Break, covers: Sequence[Cover]
) -> list[HolidayCover]:
    """Settle a break for a school's open cases at once; doing it again changes what differs."""
    require(actor, Permission.WORK_CASE, site)
    able = {user.id for user in responders(site)}
    for cover in covers:
        is_in_break = holiday.from_on <= cover.contact_on <= holiday.until_on
        is_ours = cover.case.site_id == site.id and cover.user.id in able
        if not (is_ours and is_in_break):
            raise CoverError
    rows = [_cover(actor, holiday, cover) for cover in covers]
    audit.record(actor, "cover_holiday", site, cases=len(rows), from_on=str(holiday.from_on))
    return rows


def _cover(actor: Actor, holiday: Break, cover: Cover) -> HolidayCover:
    case = cover.case
    require_open(case)
    row = _settled(case, holiday)
    if row is not None and (row.user_id, row.contact_on) == (cover.user.id, cover.contact_on):
        return row
    if row is None:
        row = HolidayCover(site_id=case.site_id, case=case, from_on=holiday.from_on)
        db.session.add(row)
    else:
        _close(row)
    row.until_on, row.contact_on = holiday.until_on, cover.contact_on
    row.user, row.user_id = cover.user, cover.user.id
    row.made_by_id, row.made_at = person_of(actor), clock.now()
    if cover.user.id != case.owner_id:
        grant_to(
            cover.user.id,
            scope=Scope.STUDENT,
            scope_id=case.student_id,
            reason=REASON,
            since=_dawn(holiday.from_on),
            until=_dawn(holiday.until_on + timedelta(days=1)),
        )
    if case.next_on is None or case.next_on >= holiday.from_on:
        # What was promised for an earlier day stays promised for it.
        case.next_on = min(cover.contact_on, latest_date_of(case))
    tell(case, Happening.COVERED, actor, contact_on=str(cover.contact_on))
    return row


def _settled(case: Case, holiday: Break) -> HolidayCover | None:
    query = select(HolidayCover).where(
        HolidayCover.case_id == case.id, HolidayCover.from_on == holiday.from_on
    )
    return db.session.scalar(query)


def _close(row: HolidayCover) -> None:
    """Another person takes the break over: the student does not open to the first one."""
    student_id = row.case.student_id
    cut_grants(scope=Scope.STUDENT, scope_id=student_id, user_id=row.user_id, reason=REASON)


def _dawn(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), clock.zone())

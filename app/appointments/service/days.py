"""Planning a day: duty becomes slots."""

import secrets
from collections.abc import Iterable
from datetime import date, time

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.appointments.domain.appointments import (
    DayRefusedError,
    DayTakenError,
    NobodyOnDutyError,
    ProtectedTimeError,
    TellingPlaceError,
)
from app.appointments.domain.slots import TELLING, DayPlan
from app.appointments.models import InterviewDay, ProtectedTime, Slot
from app.appointments.queries.roster import cut_of
from app.people.domain import DayKind
from app.people.models import Cohort, Site
from app.people.queries import calendar_of
from app.platform import audit, clock
from app.platform.db import db


def plan_day(
    *, actor: Actor, site: Site, on: date, plan: DayPlan, random_every: int = 0
) -> InterviewDay:
    """Cut the duty of one day into slots."""
    require(actor, Permission.PLAN_INTERVIEWS, site)
    _check_day(site, on)
    if not plan.rooms or any(TELLING.search(room) for room in plan.rooms):
        raise TellingPlaceError
    cut = cut_of(site, on, plan)
    if not cut.slots:
        raise NobodyOnDutyError
    day = InterviewDay(
        site_id=site.id,
        on=on,
        slot_minutes=plan.slot_minutes,
        pause_minutes=plan.pause_minutes,
        lunch_from=plan.lunch_from,
        lunch_to=plan.lunch_to,
        rooms=list(plan.rooms),
        random_every=random_every,
        seed=secrets.token_hex(16),
        planned_by_id=actor.user_id,
        planned_at=clock.now(),
    )
    day.slots = [
        Slot(
            site_id=site.id,
            counsellor_id=slot.counsellor_id,
            room=slot.room,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        for slot in cut.slots
    ]
    db.session.add(day)
    audit.record(actor, "plan_interview_day", day, on=str(on), slots=len(day.slots))
    return day


def protect(
    *,
    actor: Actor,
    cohorts: Iterable[Cohort],
    weekday: int,
    starts: time,
    ends: time,
    subject: str = "",
) -> list[ProtectedTime]:
    """Keep classes undisturbed at this time of every week."""
    if ends <= starts:
        raise ProtectedTimeError
    rows = []
    for cohort in cohorts:
        require(actor, Permission.PLAN_INTERVIEWS, cohort)
        row = ProtectedTime(
            site_id=cohort.site_id,
            cohort_id=cohort.id,
            weekday=weekday,
            starts=starts,
            ends=ends,
            subject=subject,
        )
        db.session.add(row)
        audit.record(actor, "protect_time", row, cohort=cohort.public_id)
        rows.append(row)
    return rows


def unprotect(*, actor: Actor, protected: ProtectedTime) -> None:
    """Let the class be disturbed again at this time."""
    require(actor, Permission.PLAN_INTERVIEWS, protected)
    audit.record(actor, "unprotect_time", protected)
    db.session.delete(protected)
    db.session.flush()


def _check_day(site: Site, on: date) -> None:
    calendar = calendar_of(site)
    if on < clock.today():
        raise DayRefusedError("past")
    if not calendar.is_school_day(on):
        raise DayRefusedError("holiday")
    if calendar.days.get(on) is DayKind.EXAM:
        raise DayRefusedError("exam")
    taken = select(InterviewDay.id).where(InterviewDay.site_id == site.id, InterviewDay.on == on)
    if db.session.scalar(taken) is not None:
        raise DayTakenError

"""Slots from the duty roster, for one day to be planned or for weeks to be reckoned with."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from app.access.permissions import Role
from app.appointments.domain.slots import Cut, DayPlan, Watch, cut_day, hours_of, neutral_place
from app.appointments.models import InterviewDay, Slot
from app.people.domain import DayKind
from app.people.duty import Stretch
from app.people.models import DutyShift, RoleAssignment, Site
from app.people.queries import calendar_of, shifts_between
from app.platform import clock
from app.platform.db import db


def usual_plan(site: Site) -> DayPlan:
    """As the school's last interview day was cut; before the first, our proposal."""
    query = select(InterviewDay).where(InterviewDay.site_id == site.id)
    last = db.session.scalar(
        query.order_by(InterviewDay.planned_at.desc(), InterviewDay.id.desc()).limit(1)
    )
    if last is not None:
        return last.plan
    return DayPlan(rooms=(neutral_place(site.counselling_room) or "1",))


def cut_of(site: Site, on: date, plan: DayPlan) -> Cut:
    """The slots that duty gives on one day."""
    return next(iter(cuts_of(site, [on], plan).values()))


def cuts_of(site: Site, days: Sequence[date], plan: DayPlan) -> dict[date, Cut]:
    """The slots that duty gives on each day; none on holidays and exam days."""
    calendar, zone = calendar_of(site), clock.zone()
    since = datetime.combine(min(days), datetime.min.time(), zone)
    until = datetime.combine(max(days) + timedelta(days=1), datetime.min.time(), zone)
    counsellors = counsellors_of(site)
    shifts = [s for s in shifts_between(site, since, until) if s.user_id in counsellors]
    watches = [Watch(shift.user_id, shift.starts_at, shift.ends_at) for shift in shifts]
    busy = _busy(site, counsellors, since, until)
    return {
        day: cut_day(watches, hours_of(day, site.opens_at, site.closes_at, zone), plan, busy)
        if calendar.is_school_day(day) and calendar.days.get(day) is not DayKind.EXAM
        else Cut((), 0)
        for day in days
    }


def counsellors_of(site: Site) -> set[int]:
    """Who can hold interviews at a school."""
    query = select(RoleAssignment.user_id).where(
        RoleAssignment.role == Role.COUNSELLOR,
        or_(RoleAssignment.site_id == site.id, RoleAssignment.site_id.is_(None)),
    )
    return set(db.session.scalars(query))


def _busy(
    site: Site, counsellors: Iterable[int], since: datetime, until: datetime
) -> dict[int, list[Stretch]]:
    """When counsellors have another duty: at another school, or in another day's slot."""
    ids = list(counsellors)
    duty = select(DutyShift.user_id, DutyShift.starts_at, DutyShift.ends_at).where(
        DutyShift.user_id.in_(ids),
        DutyShift.site_id != site.id,
        DutyShift.starts_at < until,
        DutyShift.ends_at > since,
    )
    slots = select(Slot.counsellor_id, Slot.starts_at, Slot.ends_at).where(
        Slot.counsellor_id.in_(ids),
        Slot.site_id != site.id,
        Slot.starts_at < until,
        Slot.ends_at > since,
    )
    busy: dict[int, list[Stretch]] = {}
    for query in (duty, slots):
        for user_id, starts_at, ends_at in db.session.execute(query):
            busy.setdefault(user_id, []).append(Stretch(starts_at, ends_at))
    return busy

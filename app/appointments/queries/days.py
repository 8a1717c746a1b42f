"""Interview days with their slots, and what became of appointments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.appointments.domain.appointments import AppointmentState
from app.appointments.models import Appointment, InterviewDay, ProtectedTime, Slot
from app.people.models import CLASSES_IN_ORDER, Cohort, Site, Student
from app.platform.db import db

HELD = [state for state in AppointmentState if state.holds_slot]
#: Built once: news of a student asks it.
_PLANNED = (
    select(Appointment.id)
    .join(Slot, Slot.id == Appointment.slot_id)
    .where(
        Appointment.entry_id == bindparam("entry"),
        Appointment.state == AppointmentState.PLANNED,
        Slot.starts_at > bindparam("moment"),
    )
    .order_by(Appointment.id)
)


@dataclass(frozen=True)
class DayCount:
    """A day with how much of it is used."""

    day: InterviewDay
    slots: int
    counsellors: int
    planned: int
    attended: int
    missed: int


def visible_days(actor: Actor) -> Select[InterviewDay]:
    """The interview days of the actor's schools, the newest first."""
    query = select(InterviewDay).order_by(InterviewDay.on.desc(), InterviewDay.id.desc())
    return query if actor.everywhere else query.where(InterviewDay.site_id.in_(actor.site_ids))


def find_day(actor: Actor, public_id: str) -> InterviewDay | None:
    """One day with its slots, if the actor may see it."""
    query = visible_days(actor).where(InterviewDay.public_id == public_id)
    query = query.options(
        joinedload(InterviewDay.site),
        selectinload(InterviewDay.slots).joinedload(Slot.counsellor),
    )
    return db.session.scalar(query)


def counted_days(actor: Actor, site: Site, since: date) -> list[DayCount]:
    """The days of a school from `since` on with their numbers, in three queries."""
    days = db.session.scalars(
        visible_days(actor).where(InterviewDay.site_id == site.id, InterviewDay.on >= since)
    ).all()
    ids = [day.id for day in days]
    slots = {
        row.day_id: (row.slots, row.counsellors)
        for row in db.session.execute(
            select(
                Slot.day_id,
                func.count(Slot.id).label("slots"),
                func.count(Slot.counsellor_id.distinct()).label("counsellors"),
            )
            .where(Slot.day_id.in_(ids))
            .group_by(Slot.day_id)
        )
    }
    states = {
        (row.day_id, row.state): row.n
        for row in db.session.execute(
            select(Appointment.day_id, Appointment.state, func.count().label("n"))
            .where(Appointment.day_id.in_(ids))
            .group_by(Appointment.day_id, Appointment.state)
        )
    }
    return [
        DayCount(
            day,
            *slots.get(day.id, (0, 0)),
            planned=states.get((day.id, AppointmentState.PLANNED), 0),
            attended=states.get((day.id, AppointmentState.ATTENDED), 0),
            missed=states.get((day.id, AppointmentState.NO_SHOW), 0),
        )
        for day in days
    ]


def appointments_of(day: InterviewDay) -> Sequence[Appointment]:
    """Who holds a slot of the day, in the order of the slips: by class and seat."""
    query = (
        _with_people(select(Appointment))
        .join(Student, Student.id == Appointment.student_id)
        .join(Cohort, Cohort.id == Student.cohort_id)
        .where(Appointment.day_id == day.id, Appointment.state.in_(HELD))
        .order_by(*CLASSES_IN_ORDER, Student.position, Student.id)
    )
    return db.session.scalars(query).all()


def find_appointment(actor: Actor, public_id: str) -> Appointment | None:
    """One appointment, if the actor may see it."""
    query = _with_people(select(Appointment)).where(Appointment.public_id == public_id)
    if not actor.everywhere:
        query = query.where(Appointment.site_id.in_(actor.site_ids))
    return db.session.scalar(query)


def appointments_of_entry(entry_id: int) -> Sequence[Appointment]:
    """Everything that was planned for an entry."""
    query = _with_people(select(Appointment)).where(Appointment.entry_id == entry_id)
    return db.session.scalars(query.order_by(Appointment.id)).all()


def planned_after(entry_id: int, moment: datetime) -> list[Appointment]:
    """What is still planned for an entry later than that; for nearly every entry nothing is."""
    found = db.session.connection().execute(_PLANNED, {"entry": entry_id, "moment": moment})
    return [db.session.get_one(Appointment, row.id) for row in found]


def unmarked(now: datetime) -> Sequence[Appointment]:
    """Appointments whose time is over and of which nobody said whether the student came."""
    query = (
        _with_people(select(Appointment))
        .join(Slot, Slot.id == Appointment.slot_id)
        .where(Appointment.state == AppointmentState.PLANNED, Slot.ends_at <= now)
        .order_by(Slot.starts_at, Appointment.id)
    )
    return db.session.scalars(query).all()


def silent_misses(actor: Actor, site: Site, since: date) -> Sequence[Appointment]:
    """Who counted as missed because nobody had said so, for the counsellor to look at."""
    query = (
        _with_people(select(Appointment))
        .join(InterviewDay, InterviewDay.id == Appointment.day_id)
        .where(
            Appointment.site_id == site.id,
            Appointment.state == AppointmentState.NO_SHOW,
            Appointment.marked_by_id.is_(None),
            InterviewDay.on >= since,
        )
        .order_by(InterviewDay.on.desc(), Appointment.id)
    )
    if not actor.everywhere:
        query = query.where(Appointment.site_id.in_(actor.site_ids))
    return db.session.scalars(query).all()


def protected_times(actor: Actor, site: Site) -> Sequence[ProtectedTime]:
    """When the classes of a school are not to be disturbed."""
    query = (
        select(ProtectedTime)
        .join(Cohort, Cohort.id == ProtectedTime.cohort_id)
        .where(ProtectedTime.site_id == site.id)
        .order_by(*CLASSES_IN_ORDER, ProtectedTime.weekday, ProtectedTime.starts)
        .options(joinedload(ProtectedTime.cohort))
    )
    if not actor.everywhere:
        query = query.where(ProtectedTime.site_id.in_(actor.site_ids))
    return db.session.scalars(query).all()


def find_protected_time(actor: Actor, public_id: str) -> ProtectedTime | None:
    """One protected time, if the actor may see it."""
    query = select(ProtectedTime).where(ProtectedTime.public_id == public_id)
    if not actor.everywhere:
        query = query.where(ProtectedTime.site_id.in_(actor.site_ids))
    return db.session.scalar(query)


def _with_people(query: Select[Appointment]) -> Select[Appointment]:
    return query.options(
        joinedload(Appointment.student).joinedload(Student.cohort),
        joinedload(Appointment.slot).joinedload(Slot.counsellor),
        joinedload(Appointment.entry),
        joinedload(Appointment.day).joinedload(InterviewDay.site),
    )

"""Reads about people; every list starts from what the actor may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, false, or_, select

from app.access.actor import Actor
from app.access.models import AccessGrant
from app.people.calendar import SchoolCalendar
from app.people.models import CalendarDay, Cohort, Consent, DutyShift, Site, Student, User
from app.platform import clock
from app.platform.db import db

#: The scope kind under which a grant opens one student to one person.
STUDENT_SCOPE = "student"


def visible_sites(actor: Actor) -> Select[Site]:
    """The sites of the actor's role, and those of the classes it is bound to."""
    query = select(Site).order_by(Site.id)
    if actor.everywhere:
        return query
    of_classes = select(Cohort.site_id).where(Cohort.id.in_(actor.cohort_ids))
    return query.where(or_(Site.id.in_(actor.site_ids), Site.id.in_(of_classes)))


def visible_cohorts(actor: Actor) -> Select[Cohort]:
    """The classes that the actor's role covers, in the order of the school."""
    query = select(Cohort).order_by(Cohort.site_id, Cohort.grade, Cohort.position, Cohort.id)
    if actor.everywhere:
        return query
    return query.where(or_(Cohort.site_id.in_(actor.site_ids), Cohort.id.in_(actor.cohort_ids)))


def visible_students(actor: Actor) -> Select[Student]:
    """The students of the actor's places, and those opened to the person by a grant."""
    query = select(Student).order_by(Student.cohort_id, Student.position, Student.id)
    if actor.everywhere:
        return query
    return query.where(
        or_(
            Student.site_id.in_(actor.site_ids),
            Student.cohort_id.in_(actor.cohort_ids),
            _granted(actor),
        )
    )


def visible_site(actor: Actor, code: str) -> Site | None:
    """The site of that code, if the actor may see it."""
    return db.session.scalar(visible_sites(actor).where(Site.code == code))


def latest_consent(student: Student) -> Consent | None:
    """The last word of the guardian, or None when nobody has asked."""
    query = select(Consent).where(Consent.student_id == student.id).order_by(Consent.id.desc())
    return db.session.scalar(query.limit(1))


def calendar_of(site: Site) -> SchoolCalendar:
    """The site's school days and hours, in the installation's time zone."""
    days = db.session.execute(
        select(CalendarDay.on, CalendarDay.kind).where(CalendarDay.site_id == site.id)
    )
    return SchoolCalendar(
        zone=clock.zone(),
        opens_at=site.opens_at,
        closes_at=site.closes_at,
        days={row.on: row.kind for row in days},
    )


def on_duty(site_id: int, at: datetime) -> Sequence[User]:
    """Who answers for a site at that moment, the first responder first."""
    query = (
        select(User)
        .join(DutyShift, DutyShift.user_id == User.id)
        .where(
            or_(DutyShift.site_id == site_id, DutyShift.site_id.is_(None)),
            DutyShift.starts_at <= at,
            DutyShift.ends_at > at,
            User.active,
        )
        .order_by(DutyShift.rank, DutyShift.starts_at, DutyShift.id)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def demo_users() -> Sequence[User]:
    """The demo's accounts, for the log-in page of the demo's own machine."""
    query = select(User).where(User.is_demo, User.active).order_by(User.id)
    return db.session.scalars(query).all()


def _granted(actor: Actor):  # type: ignore[no-untyped-def] # SQLAlchemy's own expression type
    if actor.user_id is None:
        return false()
    now = clock.now()
    granted = select(AccessGrant.scope_id).where(
        AccessGrant.user_id == actor.user_id,
        AccessGrant.scope_kind == STUDENT_SCOPE,
        AccessGrant.valid_from <= now,
        or_(AccessGrant.valid_until.is_(None), AccessGrant.valid_until > now),
    )
    return Student.id.in_(granted)

"""Reads of reports: whom one may report, and when one has; never what others saw."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.observations.models import ObservationReport
from app.people.models import CLASSES_IN_ORDER, Site, Student
from app.people.queries import visible_sites, visible_students
from app.platform.db import db

PAGE = 50


def my_students(actor: Actor) -> Sequence[Student]:
    """Who is in the actor's own classes now, class by class."""
    query = (
        visible_students(actor)
        .join(Student.cohort)
        .where(Student.cohort_id.in_(actor.cohort_ids), Student.left_at.is_(None))
        .order_by(None)
        .order_by(*CLASSES_IN_ORDER, Student.position, Student.id)
        .options(joinedload(Student.cohort))
    )
    return db.session.scalars(query).all()


def my_site(actor: Actor) -> Site | None:
    """The school that hears of the actor."""
    return db.session.scalar(visible_sites(actor).limit(1))


def my_reports(actor: Actor) -> Sequence[ObservationReport]:
    """The actor's own last reports, the newest first."""
    query = select(ObservationReport).where(ObservationReport.reporter_id == actor.user_id)
    query = query.order_by(ObservationReport.reported_at.desc(), ObservationReport.id.desc())
    return db.session.scalars(query.limit(PAGE)).all()


def my_report(actor: Actor, public_id: str) -> ObservationReport | None:
    """One report of the actor's own."""
    query = select(ObservationReport).where(
        ObservationReport.reporter_id == actor.user_id, ObservationReport.public_id == public_id
    )
    return db.session.scalar(query)


def report_by_token(actor: Actor, form_token: str) -> ObservationReport | None:
    """What this very form has created already."""
    query = select(ObservationReport).where(
        ObservationReport.reporter_id == actor.user_id, ObservationReport.form_token == form_token
    )
    return db.session.scalar(query)

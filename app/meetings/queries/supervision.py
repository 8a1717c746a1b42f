"""Reads of supervision; every list starts from the schools that the actor may see."""

from collections.abc import Sequence

from sqlalchemy import Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.cases.models import Case
from app.cases.queries.queue import is_real
from app.meetings.models import SupervisedCase, SupervisionSample
from app.people.models import Site, Student
from app.platform.db import db


def visible_to(actor: Actor) -> Select[SupervisionSample]:
    """Samples of the actor's schools."""
    scope = true() if actor.everywhere else SupervisionSample.site_id.in_(actor.site_ids)
    return select(SupervisionSample).where(scope)


def samples_of(actor: Actor, site: Site) -> Sequence[SupervisionSample]:
    """The samples of a school with their cases and findings, the newest first."""
    of_case = selectinload(SupervisionSample.cases)
    query = (
        visible_to(actor)
        .where(SupervisionSample.site_id == site.id)
        .order_by(SupervisionSample.drawn_at.desc(), SupervisionSample.id.desc())
        .options(
            joinedload(SupervisionSample.drawn_by),
            of_case.selectinload(SupervisedCase.findings),
            of_case.joinedload(SupervisedCase.case).options(
                joinedload(Case.student).joinedload(Student.cohort), joinedload(Case.owner)
            ),
        )
    )
    return db.session.scalars(query).all()


def find_supervised(actor: Actor, public_id: str) -> SupervisedCase | None:
    """One case of a sample, if the actor may see it."""
    seen = visible_to(actor).with_only_columns(SupervisionSample.id)
    query = (
        select(SupervisedCase)
        .where(SupervisedCase.public_id == public_id, SupervisedCase.sample_id.in_(seen))
        .options(
            selectinload(SupervisedCase.findings),
            joinedload(SupervisedCase.case).options(
                joinedload(Case.student).joinedload(Student.cohort), joinedload(Case.owner)
            ),
        )
    )
    return db.session.scalar(query)


def not_looked_at(actor: Actor, site: Site) -> Sequence[int]:
    """The ids of the school's cases that no supervisor has read yet and that are not the actor's.

    Nobody supervises their own work.
    """
    read = select(SupervisedCase.case_id).where(SupervisedCase.site_id == site.id)
    query = select(Case.id).where(
        Case.site_id == site.id,
        Case.id.not_in(read),
        Case.owner_id != actor.user_id,
        is_real(Case.student_id),
    )
    return db.session.scalars(query.order_by(Case.id)).all()

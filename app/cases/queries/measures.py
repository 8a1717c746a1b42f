"""Reads of repeated measures: what is planned, what is due, what was answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.authoring.models import InstrumentVersion
from app.authoring.queries import instrument_of, library
from app.campaigns.domain import is_showable
from app.cases.domain.cases import ENDS
from app.cases.models import Case, Measure, MeasureSlip
from app.cases.queries.cases import visible_to, with_people
from app.cases.queries.overdue import Overdue
from app.platform.db import db


def measurable() -> list[InstrumentVersion]:
    """The instruments that a student can be given on their own, the current versions."""
    return [version for version in library() if is_showable(instrument_of(version))]


def measures_of(case: Case) -> Sequence[Measure]:
    """Running measures first, each with its slips."""
    query = (
        select(Measure)
        .where(Measure.case_id == case.id)
        .order_by(Measure.ended_at.is_not(None), Measure.next_due_on, Measure.id)
        .options(selectinload(Measure.slips).joinedload(MeasureSlip.invitation))
    )
    return db.session.scalars(query).all()


def running_measure(case: Case, instrument_code: str) -> Measure | None:
    """The one that repeats this instrument now."""
    query = select(Measure).where(
        Measure.case_id == case.id,
        Measure.instrument_code == instrument_code,
        Measure.ended_at.is_(None),
    )
    return db.session.scalar(query)


def find_measure(actor: Actor, public_id: str) -> Measure | None:
    """One measure of a case that the actor may see."""
    visible = visible_to(actor).with_only_columns(Case.id)
    query = select(Measure).where(Measure.public_id == public_id, Measure.case_id.in_(visible))
    return db.session.scalar(query.options(joinedload(Measure.case)))


def find_slip(actor: Actor, public_id: str) -> MeasureSlip | None:
    """One slip of a case that the actor may see."""
    visible = visible_to(actor).with_only_columns(Case.id)
    query = (
        select(MeasureSlip)
        .join(MeasureSlip.measure)
        .where(MeasureSlip.public_id == public_id, Measure.case_id.in_(visible))
        .options(joinedload(MeasureSlip.invitation))
    )
    return db.session.scalar(query)


def due_measures(actor: Actor, until: date, *, mine: bool = True) -> Sequence[Measure]:
    """Measures of open cases that are due by a day, the oldest first."""
    query = _due(actor, until)
    if mine:
        query = query.where(Case.owner_id == actor.user_id)
    return db.session.scalars(query).all()


def stale_measures(actor: Actor, as_of: date) -> list[Overdue]:
    """Measures whose day has gone by without a slip."""
    return [
        Overdue(measure.case.student, measure.case, measure.next_due_on)
        for measure in db.session.scalars(_due(actor, as_of, strictly=True))
    ]


def _due(actor: Actor, until: date, *, strictly: bool = False) -> Select[Measure]:
    visible = visible_to(actor).with_only_columns(Case.id)
    past = Measure.next_due_on < until if strictly else Measure.next_due_on <= until
    return (
        select(Measure)
        .join(Measure.case)
        .where(
            Case.id.in_(visible),
            Case.state.not_in(ENDS),
            Measure.ended_at.is_(None),
            or_(Measure.until_on.is_(None), Measure.until_on >= Measure.next_due_on),
            past,
        )
        .order_by(Measure.next_due_on, Measure.id)
        .options(joinedload(Measure.case).options(*with_people()))
    )

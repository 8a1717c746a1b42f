"""Reads of conferences; every list starts from the cases that the actor may see."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from app.access.actor import Actor
from app.cases.domain.cases import ENDS
from app.cases.models import Case, Conference, ConferenceAction
from app.cases.queries import cases
from app.cases.queries.overdue import Overdue
from app.platform.db import db


def visible_to(actor: Actor) -> Select[Conference]:
    """Conferences about cases that the actor may see."""
    seen = cases.visible_to(actor).with_only_columns(Case.id)
    return select(Conference).where(Conference.case_id.in_(seen))


def conferences_of(case: Case) -> Sequence[Conference]:
    """A case's conferences, the newest first."""
    query = (
        select(Conference)
        .where(Conference.case_id == case.id)
        .order_by(Conference.held_on.desc(), Conference.id.desc())
        .options(selectinload(Conference.members), selectinload(Conference.actions))
    )
    return db.session.scalars(query).all()


def find_action(actor: Actor, public_id: str) -> ConferenceAction | None:
    """One agreed action, if the actor may see its case."""
    seen = visible_to(actor).with_only_columns(Conference.id)
    query = select(ConferenceAction).where(
        ConferenceAction.public_id == public_id, ConferenceAction.conference_id.in_(seen)
    )
    return db.session.scalar(query)


def stale_actions(actor: Actor, as_of: date) -> Sequence[Overdue]:
    """What was agreed for an open case and is not done past its day."""
    seen = visible_to(actor).with_only_columns(Conference.id)
    query = (
        select(ConferenceAction)
        .join(ConferenceAction.conference)
        .join(Conference.case)
        .where(
            ConferenceAction.conference_id.in_(seen),
            ConferenceAction.done_at.is_(None),
            ConferenceAction.due_on < as_of,
            Case.state.not_in(ENDS),
        )
        .order_by(ConferenceAction.due_on, ConferenceAction.id)
        .options(
            contains_eager(ConferenceAction.conference)
            .contains_eager(Conference.case)
            .options(*cases.with_people())
        )
    )
    found = ((row.conference.case, row.due_on) for row in db.session.scalars(query))
    return [Overdue(case.student, case, due_on) for case, due_on in found]

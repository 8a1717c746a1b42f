"""Reads of review meetings; every list starts from the schools that the actor may see."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.meetings.models import Decision, ReviewMeeting
from app.people.models import Site
from app.platform.db import db


def visible_to(actor: Actor) -> Select[ReviewMeeting]:
    """Meetings of the actor's schools."""
    scope = true() if actor.everywhere else ReviewMeeting.site_id.in_(actor.site_ids)
    return select(ReviewMeeting).where(scope)


def meetings_of(actor: Actor, site: Site) -> Sequence[ReviewMeeting]:
    """The meetings of a school, the newest first."""
    query = (
        visible_to(actor)
        .where(ReviewMeeting.site_id == site.id)
        .order_by(ReviewMeeting.held_on.desc(), ReviewMeeting.id.desc())
        .options(selectinload(ReviewMeeting.decisions), joinedload(ReviewMeeting.recorded_by))
    )
    return db.session.scalars(query).all()


def find_meeting(actor: Actor, public_id: str) -> ReviewMeeting | None:
    """One meeting, if the actor may see it."""
    query = visible_to(actor).where(ReviewMeeting.public_id == public_id)
    return db.session.scalar(query.options(joinedload(ReviewMeeting.site)))


def find_decision(actor: Actor, public_id: str) -> Decision | None:
    """One decision, if the actor may see its meeting."""
    seen = visible_to(actor).with_only_columns(ReviewMeeting.id)
    query = select(Decision).where(Decision.public_id == public_id, Decision.meeting_id.in_(seen))
    return db.session.scalar(query)


def open_decisions(actor: Actor, site: Site, as_of: date) -> Sequence[Decision]:
    """What earlier meetings decided and nobody has carried out, the overdue first."""
    seen = visible_to(actor).with_only_columns(ReviewMeeting.id)
    query = (
        select(Decision)
        .where(
            Decision.site_id == site.id, Decision.meeting_id.in_(seen), Decision.done_at.is_(None)
        )
        .order_by(Decision.due_on >= as_of, Decision.due_on, Decision.id)
    )
    return db.session.scalars(query).all()

"""Reads of drafts: authors see their own, reviewers see what authors write."""

from collections.abc import Sequence

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can
from app.authoring.domain import DraftState
from app.authoring.models import InstrumentDraft
from app.platform.db import db


def visible_drafts(actor: Actor) -> Select[InstrumentDraft]:
    """Drafts the actor may read: all of them as a reviewer, the own ones as an author."""
    query = select(InstrumentDraft).options(
        joinedload(InstrumentDraft.author), joinedload(InstrumentDraft.base_version)
    )
    if can(actor, Permission.REVIEW_INSTRUMENTS):
        return query
    if can(actor, Permission.WRITE_INSTRUMENTS) and actor.user_id is not None:
        return query.where(InstrumentDraft.author_id == actor.user_id)
    return query.where(false())


def find_draft(actor: Actor, public_id: str) -> InstrumentDraft | None:
    """One draft."""
    return db.session.scalar(visible_drafts(actor).where(InstrumentDraft.public_id == public_id))


def drafts_in(actor: Actor, *states: DraftState) -> Sequence[InstrumentDraft]:
    """The drafts in these states (all without any), the latest saved first."""
    query = visible_drafts(actor).order_by(InstrumentDraft.saved_at.desc(), InstrumentDraft.id)
    if states:
        query = query.where(InstrumentDraft.state.in_(states))
    return db.session.scalars(query).all()

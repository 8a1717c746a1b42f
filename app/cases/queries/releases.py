"""Reads of releases; every list starts from what the actor may see."""

from collections.abc import Sequence

from sqlalchemy import Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.cases.models import SummaryRelease
from app.platform import clock
from app.platform.db import db


def visible_to(actor: Actor) -> Select[SummaryRelease]:
    """Releases for the actor's sites."""
    scope = true() if actor.everywhere else SummaryRelease.site_id.in_(actor.site_ids)
    return select(SummaryRelease).where(scope)


def open_releases(actor: Actor) -> Sequence[SummaryRelease]:
    """What can still be printed, the newest first."""
    query = (
        visible_to(actor)
        .where(SummaryRelease.copies_left > 0, SummaryRelease.expires_at > clock.now())
        .order_by(SummaryRelease.released_at.desc(), SummaryRelease.id.desc())
        .options(
            joinedload(SummaryRelease.campaign),
            joinedload(SummaryRelease.cohort),
            joinedload(SummaryRelease.released_by),
            selectinload(SummaryRelease.students),
        )
    )
    return db.session.scalars(query).all()


def find_release(actor: Actor, public_id: str) -> SummaryRelease | None:
    """One release, if the actor may see it; a copy is taken from it under a lock."""
    query = (
        visible_to(actor)
        .where(SummaryRelease.public_id == public_id)
        .with_for_update(of=SummaryRelease)
    )
    return db.session.scalar(query)

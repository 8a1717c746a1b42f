"""Grants open one student (or one anonymous sitting) to one person for a time."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, or_, select

from app.access.actor import Actor
from app.access.models import AccessGrant
from app.platform import clock
from app.platform.db import db


class Scope(StrEnum):
    """What a grant opens."""

    STUDENT = "student"
    ASSESSMENT = "assessment"


def granted(actor: Actor, scope: Scope) -> Select[int]:
    """The ids that the person's live grants open."""
    now = clock.now()
    return select(AccessGrant.scope_id).where(
        AccessGrant.user_id == actor.user_id,
        AccessGrant.scope_kind == scope,
        AccessGrant.valid_from <= now,
        or_(AccessGrant.valid_until.is_(None), AccessGrant.valid_until > now),
    )


def grant(actor: Actor, *, scope: Scope, scope_id: int, reason: str) -> None:
    """Open the scope to the actor until it is ended; what is open without a term stays as it is."""
    live = granted(actor, scope).where(
        AccessGrant.scope_id == scope_id, AccessGrant.valid_until.is_(None)
    )
    if db.session.scalar(live) is not None:
        return
    db.session.add(
        AccessGrant(
            user_id=actor.user_id,
            scope_kind=scope,
            scope_id=scope_id,
            valid_from=clock.now(),
            reason=reason,
        )
    )


def grant_to(
    user_id: int,
    *,
    scope: Scope,
    scope_id: int,
    reason: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Open the scope to another person, perhaps later and for a time only."""
    db.session.add(
        AccessGrant(
            user_id=user_id,
            scope_kind=scope,
            scope_id=scope_id,
            valid_from=since or clock.now(),
            valid_until=until,
            reason=reason,
        )
    )


def end_grants(*, scope: Scope, scope_id: int, user_id: int) -> None:
    """Close the scope to that person again; the rows stay and say until when it was open."""
    live = select(AccessGrant).where(
        AccessGrant.user_id == user_id,
        AccessGrant.scope_kind == scope,
        AccessGrant.scope_id == scope_id,
        AccessGrant.valid_until.is_(None),
    )
    for row in db.session.scalars(live):
        row.valid_until = clock.now()


def cut_grants(*, scope: Scope, scope_id: int, user_id: int, reason: str) -> None:
    """End now what was to end later, or had not begun."""
    ahead = select(AccessGrant).where(
        AccessGrant.user_id == user_id,
        AccessGrant.scope_kind == scope,
        AccessGrant.scope_id == scope_id,
        AccessGrant.reason == reason,
        AccessGrant.valid_until > clock.now(),
    )
    for row in db.session.scalars(ahead):
        row.valid_until = clock.now()

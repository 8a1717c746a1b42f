"""The duty roster: who answers for a school, from when to when."""

from datetime import datetime, timedelta

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import DutyShift, Site, User
from app.people.queries import responders
from app.platform import audit, clock
from app.platform.db import db

LONGEST_SHIFT = timedelta(days=7)


class ShiftRefusedError(ValueError):
    """The shift ends before it begins, is too long, or the person does not work here."""


def add_shift(
    *, actor: Actor, site: Site, user: User, starts_at: datetime, ends_at: datetime, rank: int = 1
) -> DutyShift:
    """Put a responder on duty for a site; rank 1 answers first."""
    require(actor, Permission.MANAGE_DUTY, site)
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT or user not in responders(site):
        raise ShiftRefusedError
    shift = DutyShift(
        site_id=site.id, user_id=user.id, starts_at=starts_at, ends_at=ends_at, rank=rank
    )
    db.session.add(shift)
    audit.record(actor, "add_shift", shift, user=user.public_id, rank=rank)
    return shift


def remove_shift(*, actor: Actor, shift: DutyShift) -> None:
    """Take a shift off the roster; one that has begun ends now, for who was on duty stays known."""
    require(actor, Permission.MANAGE_DUTY, shift)
    now = clock.now()
    audit.record(actor, "remove_shift", shift)
    if shift.starts_at > now:
        db.session.delete(shift)
    else:
        shift.ends_at = min(shift.ends_at, now)

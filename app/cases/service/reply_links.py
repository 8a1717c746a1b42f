"""The one-time link on a slip: issued with each print, dead after an answer, kept as a hash."""

import hashlib

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import StepError
from app.cases.domain.referrals import LINK_LIFE, Partner
from app.cases.models import Referral, ReplyLink
from app.platform import audit, clock, ids
from app.platform.db import db


def issue_link(*, actor: Actor, referral: Referral) -> str:
    """A new token for a slip that is about to be printed; the one before it dies."""
    require(actor, Permission.WORK_CASE, referral)
    if not referral.is_awaited or referral.partner is not Partner.HOSPITAL:
        raise StepError
    kill_links(referral)
    token = ids.new_public_id()
    link = ReplyLink(
        site_id=referral.site_id,
        referral_id=referral.id,
        token_hash=hash_of(token),
        issued_by_id=actor.user_id,
        issued_at=clock.now(),
        expires_at=clock.now() + LINK_LIFE,
    )
    db.session.add(link)
    db.session.flush()
    audit.record(actor, "issue_reply_link", referral)
    return token


def revoke_link(*, actor: Actor, referral: Referral) -> None:
    """The paper is lost: nobody can answer by it any more."""
    require(actor, Permission.WORK_CASE, referral)
    kill_links(referral)
    audit.record(actor, "revoke_reply_link", referral)


def kill_links(referral: Referral) -> None:
    """End whichever link of the referral still lives."""
    db.session.flush()
    live = select(ReplyLink).where(
        ReplyLink.referral_id == referral.id,
        ReplyLink.used_at.is_(None),
        ReplyLink.revoked_at.is_(None),
    )
    for link in db.session.scalars(live):
        link.revoked_at = clock.now()
    db.session.flush()


def hash_of(token: str) -> bytes:
    """What the table keeps: 128 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()

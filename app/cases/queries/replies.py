"""Reads around the link on a slip and the replies that came by it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cases.models import Referral, ReferralReply, ReplyLink
from app.platform import clock
from app.platform.db import db


def live_link(token_hash: bytes) -> ReplyLink | None:
    """The link that can be used now: unknown, expired, used and revoked are one and the same."""
    query = (
        select(ReplyLink)
        .where(
            ReplyLink.token_hash == token_hash,
            ReplyLink.used_at.is_(None),
            ReplyLink.revoked_at.is_(None),
            ReplyLink.expires_at > clock.now(),
        )
        .options(joinedload(ReplyLink.referral).joinedload(Referral.case))
        .with_for_update(of=ReplyLink)
    )
    return db.session.scalar(query)


def link_of(referral: Referral) -> ReplyLink | None:
    """The link of the referral that can still be used, for the page that shows until when."""
    query = select(ReplyLink).where(
        ReplyLink.referral_id == referral.id,
        ReplyLink.used_at.is_(None),
        ReplyLink.revoked_at.is_(None),
        ReplyLink.expires_at > clock.now(),
    )
    return db.session.scalar(query)


def unread_replies(referral: Referral) -> Sequence[ReferralReply]:
    """What came and nobody has marked as read."""
    query = select(ReferralReply).where(
        ReferralReply.referral_id == referral.id, ReferralReply.read_at.is_(None)
    )
    return db.session.scalars(query).all()


def cases_with_news(case_ids: Collection[int]) -> set[int]:
    """Which of the cases have a reply that nobody has read."""
    query = (
        select(Referral.case_id)
        .join(ReferralReply, ReferralReply.referral_id == Referral.id)
        .where(Referral.case_id.in_(case_ids), ReferralReply.read_at.is_(None))
    )
    return set(db.session.scalars(query))

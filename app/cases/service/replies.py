"""A partner answers by the link on the slip, once, and the answer stands in the case."""

from datetime import date, timedelta

from app.access.actor import Actor, link_actor
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments.service.doors import count_miss, refuse_when_throttled
from app.cases.domain.errors import AssessedMissingError, ReplyIncompleteError
from app.cases.domain.referrals import (
    AFTER_APPOINTMENT,
    LONGEST_TERM,
    WAY,
    ReferralState,
    StepKind,
)
from app.cases.domain.replies import DeadLinkError, Reply, Seen
from app.cases.domain.story import Happening
from app.cases.models import Referral, ReferralReply, ReplyLink
from app.cases.queries.replies import live_link, unread_replies
from app.cases.service.referrals import go_to, hold, note_step
from app.cases.service.reply_links import hash_of
from app.cases.service.story import tell
from app.platform import audit, clock, ids
from app.platform.db import begin_write, db

#: An answer tells of the last weeks, an appointment lies within the year.
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=90), timedelta(days=365)


def find_link(*, token: str, address: str) -> ReplyLink:
    """The link that can be answered with this token; a token that leads nowhere is counted."""
    refuse_when_throttled(address)
    link = live_link(hash_of(token))
    if link is None:
        begin_write()
        count_miss(address)
        raise DeadLinkError
    return link


def checked(reply: Reply) -> Reply:
    """The reply, if it holds what its first answer asks for."""
    today = clock.today()
    if reply.seen is Seen.SEEN:
        if not _between(reply.on, today - LOOKS_BACK, today):
            raise ReplyIncompleteError
        if reply.assessed is None:
            raise AssessedMissingError
    elif reply.seen is Seen.APPOINTMENT and not _between(reply.on, today, today + LOOKS_AHEAD):
        raise ReplyIncompleteError
    return reply


def answer(*, link: ReplyLink, reply: Reply) -> ReferralReply:
    """Keep the reply in the case, where it is news until somebody reads it; the link is used up."""
    checked(reply)
    referral, actor = link.referral, link_actor(link.referral.public_id)
    hold(referral)
    link.used_at = clock.now()
    kept = ReferralReply(
        public_id=ids.new_public_id(),
        site_id=referral.site_id,
        referral=referral,
        came_at=clock.now(),
    )
    kept.content = reply.dump()
    db.session.add(kept)
    note_step(actor, referral, StepKind.REPLY_CAME)
    tell(referral.case, Happening.REFERRAL_REPLY, actor, partner=referral.partner.value)
    _carry_on(actor, referral, reply)
    audit.record(actor, "answer_referral", referral, seen=reply.seen.value)
    return kept


def note_read(*, actor: Actor, referral: Referral) -> None:
    """Somebody of the school has read what came."""
    require(actor, Permission.WORK_CASE, referral)
    unread = unread_replies(referral)
    for each in unread:
        each.read_at = clock.now()
    if unread:
        note_step(actor, referral, StepKind.REPLY_READ)
        audit.record(actor, "read_reply", referral)


def _carry_on(actor: Actor, referral: Referral, reply: Reply) -> None:
    """Go as far as the reply says; what is still open keeps a day on which it is looked at."""
    if reply.seen is Seen.SEEN:
        _walk(actor, referral, ReferralState.ANSWERED)
        return
    _walk(actor, referral, ReferralState.ACCEPTED)
    today = clock.today()
    if reply.seen is Seen.DID_NOT_COME or reply.on is None:
        referral.answer_due_on = today
        note_step(actor, referral, StepKind.NO_SHOW, due_on=today)
        return
    referral.wanted_by = reply.on
    referral.answer_due_on = min(reply.on + AFTER_APPOINTMENT, today + LONGEST_TERM)


def _walk(actor: Actor, referral: Referral, end: ReferralState) -> None:
    for state in WAY[WAY.index(referral.state) + 1 : WAY.index(end) + 1]:
        go_to(actor, referral, state)


def _between(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last

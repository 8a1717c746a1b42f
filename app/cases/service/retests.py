"""Answers that cannot be relied on are asked for again; nothing else is settled by it."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import CampaignState
from app.campaigns.models import Invitation
from app.campaigns.service import invite_again
from app.cases.domain.queue import EntryState, NothingToRepeatError, SettlingReason
from app.cases.models import QueueEntry
from app.cases.service.queue import end_grant, hold, mark_settled, require_claimed
from app.platform import audit
from app.results.domain import FlagKind


def slip_to_repeat(entry: QueueEntry) -> Invitation | None:
    """The slip by which doubtful answers can be given again, while its campaign runs."""
    for flag in entry.flags:
        slip = flag.assessment.invitation
        if flag.kind is FlagKind.QUALITY and slip and slip.campaign.state is CampaignState.OPEN:
            return slip
    return None


def plan_retest(*, actor: Actor, entry: QueueEntry) -> bool:
    """Make the slip usable again; whether that settled the entry, because nothing else waits."""
    if entry.case and entry.case.owner_id == actor.user_id:
        require(actor, Permission.WORK_QUEUE, entry)
        hold(entry)
    else:
        require_claimed(actor, entry)
    slip = slip_to_repeat(entry)
    if slip is None or entry.state is EntryState.SETTLED:
        raise NothingToRepeatError
    invite_again(actor=actor, invitation=slip)
    is_all = not entry.reports and all(flag.kind is FlagKind.QUALITY for flag in entry.flags)
    if is_all:
        mark_settled(actor=actor, entry=entry, reason=SettlingReason.RETEST_PLANNED)
        end_grant(entry, entry.claimed_by_id)
    audit.record(actor, "plan_retest", entry, settled=is_all)
    return is_all

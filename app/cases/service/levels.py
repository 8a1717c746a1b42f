"""A person confirms or changes what the rules propose, and says why."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import LevelReasonError
from app.cases.domain.queue import EntryState, EntryStateError
from app.cases.models import LevelDecision, QueueEntry
from app.cases.service.queue import hold, set_urgency
from app.platform import audit, clock
from app.platform.db import db
from app.triage.domain import Channel, RiskLevel


def set_level(
    *,
    actor: Actor,
    entry: QueueEntry,
    risk_level: RiskLevel,
    channel: Channel,
    reason: str = "",
) -> LevelDecision:
    """Decide on level and way; another than what stands there needs a reason."""
    require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    if entry.state is EntryState.SETTLED:
        raise EntryStateError
    return decide(actor=actor, entry=entry, risk_level=risk_level, channel=channel, reason=reason)


def decide(
    *, actor: Actor, entry: QueueEntry, risk_level: RiskLevel, channel: Channel, reason: str
) -> LevelDecision:
    """Keep the decision for an entry that is held already."""
    is_looser = channel.closeness < entry.channel.closeness
    if (risk_level is not entry.risk_level or is_looser) and not reason.strip():
        raise LevelReasonError
    decision = LevelDecision(
        site_id=entry.site_id,
        entry=entry,
        user_id=actor.user_id,
        at=clock.now(),
        before=entry.risk_level,
        proposed=entry.proposed_level,
        risk_level=risk_level,
        channel=channel,
        reason=reason.strip() or None,
    )
    set_urgency(entry, risk_level)
    entry.channel, entry.is_decided = channel, True
    entry.seen_at = entry.seen_at or clock.now()
    db.session.add(decision)
    db.session.flush()
    audit.record(
        actor,
        "set_level",
        entry,
        level=risk_level.value,
        before=decision.before.value,
        proposed=decision.proposed.value,
        channel=channel.value,
    )
    return decision

"""A person confirms or changes what the rules propose, and says why."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import LevelReasonError
from app.cases.domain.queue import EntryRaised, EntryState, EntryStateError
from app.cases.models import LevelDecision, QueueEntry
from app.cases.queries.queue import entry_now
from app.cases.service.queue import hold, set_urgency
from app.people.queries import calendar_of
from app.platform import audit, clock, events
from app.platform.db import db
from app.triage.domain import Channel, Lane, RiskLevel, lane_weight
from app.triage.terms import BeforeLeaving, Minutes, Term

#: The two highest levels cannot wait, whoever finds them; as in the rules.
_TRAVELS: dict[RiskLevel, tuple[Lane, Term]] = {
    RiskLevel.IMMINENT: (Lane.FAST, Minutes(15)),
    RiskLevel.HIGH: (Lane.SAME_DAY, BeforeLeaving()),
}


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
    if risk_level.urgency > entry.urgency:
        _hasten(entry, risk_level)
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
    if entry.state is EntryState.WAITING and risk_level.urgency > decision.before.urgency:
        now = entry_now(entry.id)
        events.publish(EntryRaised(now, news=now.lane))
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


def _hasten(entry: QueueEntry, level: RiskLevel) -> None:
    """What a person finds more urgent travels and is due as if the rules had found it."""
    lane, term = _TRAVELS.get(level, (None, None))
    if lane is None or term is None:
        return
    known = Lane(entry.lane) if entry.lane else None
    entry.lane = max(known, lane, key=lane_weight)
    entry.due_at = min(entry.due_at, term.ends(clock.now(), calendar_of(entry.site)))

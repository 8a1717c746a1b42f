"""An entry or a case goes to a colleague."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.access.policy import can
from app.cases.domain.errors import ColleagueError, StepError
from app.cases.domain.queue import EntryGiven, EntryState, EntryStateError, NotClaimedError
from app.cases.domain.story import Happening
from app.cases.models import Case, HandOver, QueueEntry
from app.cases.service.owners import as_actor, hold_with_entry, pass_on
from app.cases.service.queue import end_grant, hand_to, hold, require_claimed
from app.cases.service.story import tell
from app.people.models import Site, User
from app.people.queries import responders
from app.platform import audit, clock, events
from app.platform.db import db


def assign(*, actor: Actor, entry: QueueEntry, colleague: User, note: str = "") -> HandOver:
    """Give an entry to anybody of the school; it stays unseen until the colleague has opened it."""
    require(actor, Permission.ASSIGN_QUEUE, entry)
    hold(entry)
    if entry.state is EntryState.SETTLED:
        raise EntryStateError
    return _give(actor, entry, colleague, note)


def hand_over(*, actor: Actor, entry: QueueEntry, colleague: User, note: str) -> HandOver:
    """Give the entry that one has claimed to a colleague, who reads the note with it."""
    require_claimed(actor, entry)
    return _give(actor, entry, colleague, note)


def hand_over_case(*, actor: Actor, case: Case, colleague: User, note: str) -> HandOver:
    """Give an open case to a colleague: its owner, or who leads in a crisis, may do so."""
    require(actor, Permission.WORK_CASE, case)
    if case.owner_id != actor.user_id and not can(actor, Permission.ASSIGN_QUEUE, case):
        raise NotClaimedError
    hold_with_entry(case)
    if case.state.is_over:
        raise StepError
    _require_colleague(case.site, colleague, case.owner_id)
    giver_id = case.owner_id
    pass_on(case, colleague, reason="handed_over")
    given = _note(actor, case, giver_id, colleague, note)
    tell(case, Happening.HANDED_OVER, actor)
    audit.record(actor, "hand_over_case", case, colleague=colleague.public_id)
    return given


def _give(actor: Actor, entry: QueueEntry, colleague: User, note: str) -> HandOver:
    giver_id = entry.claimed_by_id
    _require_colleague(entry.site, colleague, giver_id)
    end_grant(entry, giver_id)
    hand_to(as_actor(colleague), entry, reason="handed_over")
    given = _note(actor, entry, giver_id, colleague, note)
    # Being named is not going: the alarm calls the colleague, and goes on until they open it.
    events.publish(EntryGiven(entry.id, colleague.id))
    action = "assign_entry" if giver_id is None else "hand_over_entry"
    audit.record(actor, action, entry, colleague=colleague.public_id)
    return given


def _require_colleague(site: Site, colleague: User, giver_id: int | None) -> None:
    if colleague.id == giver_id or colleague not in responders(site):
        raise ColleagueError


def _note(
    actor: Actor, thing: QueueEntry | Case, giver_id: int | None, colleague: User, note: str
) -> HandOver:
    given = HandOver(
        site_id=thing.site_id,
        queue_entry_id=thing.id if isinstance(thing, QueueEntry) else None,
        case_id=thing.id if isinstance(thing, Case) else None,
        from_id=giver_id,
        to_id=colleague.id,
        by_id=actor.user_id,
        at=clock.now(),
        note=note.strip() or None,
    )
    db.session.add(given)
    db.session.flush()
    return given

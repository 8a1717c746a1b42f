"""Back to the queue: whoever was to go does not, and the entry waits again for who comes first."""

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.queue import EntryReleased, EntryState
from app.cases.domain.story import Happening
from app.cases.models import QueueEntry
from app.cases.service.queue import end_grant, hold, require_claimed
from app.cases.service.story import tell
from app.platform import audit, clock, events
from app.platform.db import db


def release(*, actor: Actor, entry: QueueEntry) -> None:
    """Put the entry that one has claimed back."""
    require_claimed(actor, entry)
    _return(actor, entry, was_missed=False)


def put_back(*, actor: Actor, entry: QueueEntry) -> None:
    """The student was not met: nobody has the entry any more, and its due time stays as it was.

    Where a case is open its owner hears of it, and the case is looked at again today.
    """
    if actor is not SYSTEM:
        require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    if entry.case is not None and not entry.case.state.is_over:
        entry.case.next_on = min(entry.case.next_on or clock.today(), clock.today())
        tell(entry.case, Happening.INTERVIEW_MISSED, None if actor is SYSTEM else actor)
    _return(actor, entry, was_missed=True)


def _return(actor: Actor, entry: QueueEntry, *, was_missed: bool) -> None:
    """The one way back: what is settled stays settled, and what waits calls again."""
    if entry.state is EntryState.CLAIMED:
        end_grant(entry, entry.claimed_by_id)
        entry.state, entry.claimed_by_id, entry.claimed_at = EntryState.WAITING, None, None
        db.session.flush()
        db.session.expire(entry, ["claimed_by"])
    if entry.state is EntryState.WAITING:
        events.publish(EntryReleased(entry.id))
    audit.record(actor, "release_entry", entry, state=entry.state.value, missed=was_missed)

"""Back to the queue: who was to be met and was not waits again, for whoever comes first."""

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.queue import EntryState
from app.cases.domain.story import Happening
from app.cases.models import QueueEntry
from app.cases.service.queue import end_grant, hold
from app.cases.service.story import tell
from app.platform import audit, clock


def put_back(*, actor: Actor, entry: QueueEntry) -> None:
    """The student was not met: nobody has the entry any more, and its due time stays as it was.

    Where a case is open its owner hears of it, and the case is looked at again today.
    """
    if actor is not SYSTEM:
        require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    if entry.state is EntryState.CLAIMED:
        end_grant(entry, entry.claimed_by_id)
        entry.state, entry.claimed_by_id, entry.claimed_at = EntryState.WAITING, None, None
    if entry.case is not None and not entry.case.state.is_over:
        entry.case.next_on = min(entry.case.next_on or clock.today(), clock.today())
        tell(entry.case, Happening.INTERVIEW_MISSED, None if actor is SYSTEM else actor)
    audit.record(actor, "put_entry_back", entry, state=entry.state.value)

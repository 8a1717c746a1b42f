"""Who has a case: it passes to one colleague at a time, and stays with nobody who has left."""

from collections.abc import Sequence

from app.access.actor import Actor, ActorKind
from app.access.grants import Scope, end_grants, grant
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import NewOwnerError
from app.cases.domain.story import Happening
from app.cases.models import Case
from app.cases.queries.queue import entry_of_case
from app.cases.service.cases import require_open
from app.cases.service.queue import hold
from app.cases.service.story import tell
from app.people.models import User
from app.people.queries import responders
from app.platform import audit
from app.platform.db import db, only


def reassign(*, actor: Actor, case: Case, owner: User) -> None:
    """Give the case another owner of the same school; the student opens to them at once."""
    require(actor, Permission.REASSIGN_CASES, case)
    hold_with_entry(case)
    require_open(case)
    if owner.id == case.owner_id or owner not in responders(case.site):
        raise NewOwnerError
    pass_on(case, owner, reason="reassigned")
    tell(case, Happening.REASSIGNED, actor, owner=owner.public_id)
    audit.record(actor, "reassign_case", case, owner=owner.public_id)


def reassign_all(*, actor: Actor, cases: Sequence[Case], owner: User) -> int:
    """Give several cases to one owner, those of somebody who leaves; how many there were."""
    for case in cases:
        reassign(actor=actor, case=case, owner=owner)
    return len(cases)


def hold_with_entry(case: Case) -> None:
    """What waits, then the case: the order in which new flags lock them."""
    if entry := entry_of_case(case):
        hold(entry)
    db.session.refresh(case, with_for_update=only(Case))


def pass_on(case: Case, owner: User, *, reason: str) -> None:
    """The student opens to the new owner, and closes to the old one.

    Unless the old one has also claimed what waits: nobody may have an entry they cannot read.
    """
    entry = entry_of_case(case)
    if entry is None or entry.claimed_by_id != case.owner_id:
        end_grants(scope=Scope.STUDENT, scope_id=case.student_id, user_id=case.owner_id)
    case.owner_id = owner.id
    db.session.flush()
    db.session.expire(case, ["owner"])
    grant(as_actor(owner), scope=Scope.STUDENT, scope_id=case.student_id, reason=reason)


def as_actor(colleague: User) -> Actor:
    """Who is given something and did nothing for it."""
    return Actor(kind=ActorKind.USER, ref=colleague.public_id, user_id=colleague.id)

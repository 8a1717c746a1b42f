"""Writes of ownership by the crisis lead: no case stays with who has left."""

from collections.abc import Sequence

from app.access.actor import Actor
from app.access.grants import Scope, end_grants, grant_to
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import NewOwnerError
from app.cases.domain.story import Happening
from app.cases.models import Case
from app.cases.service.cases import require_open
from app.cases.service.story import tell
from app.people.models import User
from app.people.queries import responders
from app.platform import audit
from app.platform.db import db, only


def reassign(*, actor: Actor, case: Case, owner: User) -> None:
    """Give the case another owner of the same school; the student opens to them at once."""
    require(actor, Permission.REASSIGN_CASES, case)
    db.session.refresh(case, with_for_update=only(Case))
    require_open(case)
    if owner.id == case.owner_id or owner not in responders(case.site):
        raise NewOwnerError
    end_grants(scope=Scope.STUDENT, scope_id=case.student_id, user_id=case.owner_id)
    case.owner_id = owner.id
    grant_to(owner.id, scope=Scope.STUDENT, scope_id=case.student_id, reason="reassigned")
    tell(case, Happening.REASSIGNED, actor, owner=owner.public_id)
    audit.record(actor, "reassign_case", case, owner=owner.public_id)


def reassign_all(*, actor: Actor, cases: Sequence[Case], owner: User) -> int:
    """Give several cases to one owner, those of somebody who leaves; how many there were."""
    for case in cases:
        reassign(actor=actor, case=case, owner=owner)
    return len(cases)

"""Writes of leave and return: who keeps in touch, and the talks promised afterwards."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import LeaveDateError, StepError
from app.cases.domain.leaves import LeaveKind, promised_days
from app.cases.domain.story import Happening
from app.cases.models import Case, Leave, ReturnContact
from app.cases.queries.promises import leave_of, open_promises
from app.cases.service.cases import bring_forward, require_open
from app.cases.service.story import tell
from app.platform import audit, clock
from app.platform.db import db


def begin_leave(
    *,
    actor: Actor,
    case: Case,
    kind: LeaveKind,
    from_on: date,
    expected_on: date,
    contact_person: str,
) -> Leave:
    """The student stays away for a time; somebody keeps in touch meanwhile."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    current = leave_of(case)
    if current is not None and current.returned_on is None:
        raise StepError
    if expected_on < from_on:
        raise LeaveDateError
    leave = Leave(
        site_id=case.site_id,
        case=case,
        user_id=actor.user_id,
        kind=kind,
        from_on=from_on,
        expected_on=expected_on,
        recorded_at=clock.now(),
        contact_person=contact_person,
    )
    db.session.add(leave)
    tell(case, Happening.LEAVE_BEGAN, actor, kind=kind.value, expected_on=str(expected_on))
    audit.record(actor, "begin_leave", leave, kind=kind.value)
    return leave


def note_return(*, actor: Actor, leave: Leave, on: date) -> list[ReturnContact]:
    """The student is back: four talks are promised, and the next date follows the first."""
    case = leave.case
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if leave.returned_on is not None:
        raise StepError
    if not leave.from_on <= on <= clock.today():
        raise LeaveDateError
    leave.returned_on = on
    promises = [
        ReturnContact(site_id=case.site_id, case=case, leave=leave, day=day, due_on=due_on)
        for day, due_on in promised_days(on)
    ]
    db.session.add_all(promises)
    bring_forward(case, promises[0].due_on)
    tell(case, Happening.RETURNED, actor, on=str(on))
    audit.record(actor, "note_return", leave)
    return promises


def keep_promises(case: Case, held_on: date) -> list[ReturnContact]:
    """A talk with the student keeps what was promised until that day."""
    kept = [promise for promise in open_promises(case) if promise.due_on <= held_on]
    for promise in kept:
        promise.kept_at = clock.now()
    db.session.flush()
    return kept

"""The end of a drill: what stands for somebody made up is put away, so that nothing goes stale."""

from sqlalchemy import select

from app.access.actor import SYSTEM, Actor
from app.access.grants import Scope, end_grants
from app.cases.domain.cases import CaseState, ClosingReason
from app.cases.domain.queue import EntryState, SettlingReason
from app.cases.domain.story import Happening
from app.cases.models import Case, QueueEntry
from app.cases.queries.cases import open_case_of
from app.cases.service.queue import mark_settled
from app.cases.service.story import tell
from app.people.models import Student
from app.platform import audit, clock
from app.platform.db import db


class RealStudentError(ValueError):
    """Only what a drill made is put away by its end."""


def put_away(*, student: Student, actor: Actor = SYSTEM) -> None:
    """Settle the entries and close the case of a made-up student; no second signature is asked."""
    if not student.is_synthetic:
        raise RealStudentError
    query = select(QueueEntry).where(
        QueueEntry.student_id == student.id, QueueEntry.state != EntryState.SETTLED
    )
    for entry in db.session.scalars(query):
        mark_settled(actor=actor, entry=entry, reason=SettlingReason.DRILL_OVER)
        _end_grants(student, entry.claimed_by_id)
        audit.record(actor, "put_away_drill", entry)
    case = open_case_of(student.id)
    if case is not None:
        _close(case, actor)
    student.left_at = clock.now()
    db.session.flush()


def _close(case: Case, actor: Actor) -> None:
    case.state, case.next_on = CaseState.CLOSED, None
    case.closed_at, case.closed_by_id = clock.now(), actor.user_id or case.owner_id
    case.closing_reason = ClosingReason.DRILL_OVER
    _end_grants(case.student, case.owner_id)
    tell(case, Happening.CLOSED, actor, reason=ClosingReason.DRILL_OVER.value)
    audit.record(actor, "put_away_drill", case)


def _end_grants(student: Student, user_id: int | None) -> None:
    if user_id is not None:
        end_grants(scope=Scope.STUDENT, scope_id=student.id, user_id=user_id)

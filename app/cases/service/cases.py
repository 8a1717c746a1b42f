"""Writes of cases: an open one always has an owner and a next date."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.cases import CaseState, check_next_date, is_acute, working_steps
from app.cases.domain.errors import StepError
from app.cases.domain.queue import CaseNeededError, EntryState, NotClaimedError, SettlingReason
from app.cases.domain.story import Happening
from app.cases.models import Case, QueueEntry
from app.cases.queries.cases import open_case_of
from app.cases.queries.promises import latest_date_of
from app.cases.service.levels import decide
from app.cases.service.queue import hold, mark_settled
from app.cases.service.story import tell
from app.platform import audit, clock
from app.platform.db import db
from app.triage.domain import RiskLevel


def open_case(
    *, actor: Actor, entry: QueueEntry, risk_level: RiskLevel, next_on: date, reason: str = ""
) -> Case:
    """Open a case for the claimed entry's student; the first date keeps the queue's promise.

    Another level than the entry's is a decision of its own, with its `reason`.
    """
    require(actor, Permission.WORK_CASE, entry)
    hold(entry)
    if entry.state is not EntryState.CLAIMED or entry.claimed_by_id != actor.user_id:
        raise NotClaimedError
    if entry.student_id is None or open_case_of(entry.student_id):
        raise CaseNeededError
    check_next_date(next_on, today=clock.today(), latest=clock.local(entry.due_at).date())
    if risk_level is not entry.risk_level:
        decide(
            actor=actor, entry=entry, risk_level=risk_level, channel=entry.channel, reason=reason
        )
    case = Case(
        site_id=entry.site_id,
        student_id=entry.student_id,
        owner_id=entry.claimed_by_id,
        risk_level=risk_level,
        next_on=next_on,
        opened_at=clock.now(),
        acute_at=clock.now() if is_acute(risk_level) else None,
    )
    db.session.add(case)
    entry.case = case
    mark_settled(actor=actor, entry=entry, reason=SettlingReason.CASE_OPENED)
    tell(case, Happening.OPENED, actor, level=risk_level.value, next_on=str(next_on))
    audit.record(
        actor, "open_case", case, level=risk_level.value, proposed=entry.proposed_level.value
    )
    return case


def see_case(*, actor: Actor, case: Case) -> None:
    """Reading a case is kept in the log as well as writing."""
    require(actor, Permission.WORK_CASE, case)
    audit.record(actor, "see_case", case)


def set_next_date(*, actor: Actor, case: Case, next_on: date) -> Case:
    """Promise another date, within what the case's level allows."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    check_next_date(next_on, today=clock.today(), latest=latest_date_of(case))
    case.next_on = next_on
    tell(case, Happening.NEXT_DATE_SET, actor, next_on=str(next_on))
    audit.record(actor, "set_next_date", case, next_on=str(next_on))
    return case


def set_risk(*, actor: Actor, case: Case, risk_level: RiskLevel) -> None:
    """The level as a person sees it now; having been acute stays with the case."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if risk_level is case.risk_level:
        return
    before, case.risk_level = case.risk_level, risk_level
    if is_acute(risk_level):
        case.acute_at = case.acute_at or clock.now()
    tell(case, Happening.RISK_SET, actor, before=before.value, level=risk_level.value)
    audit.record(actor, "set_risk", case, before=before.value, level=risk_level.value)


def move_case(*, actor: Actor, case: Case, state: CaseState) -> None:
    """Go on to another state, if that step exists; staying is no step, ending is another verb."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if state is case.state:
        return
    if state not in working_steps(case.state):
        raise StepError
    case.state = state
    tell(case, Happening.MOVED, actor, state=state.value)
    audit.record(actor, "move_case", case, state=state.value)


def require_open(case: Case) -> None:
    """What is over takes nothing any more."""
    if case.state.is_over:
        raise StepError


def bring_forward(case: Case, day: date) -> None:
    """A new promise lies before the next date: the next date follows it."""
    if not case.state.is_over:
        case.next_on = min(case.next_on or day, max(day, clock.today()))

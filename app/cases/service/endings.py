"""Writes of a case's end: closed or handed on, by two persons where it ever was acute."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.access.actor import Actor
from app.access.grants import Scope, end_grants, grant
from app.access.guards import DeniedError, require
from app.access.permissions import Permission
from app.cases.domain.cases import (
    STEPS,
    CaseState,
    ClosingReason,
    Counterpart,
    check_next_date,
    is_acute,
)
from app.cases.domain.endings import (
    EndingKind,
    Outcome,
    ReopeningReason,
    TransferBasis,
    may_reopen,
    outcome_suffices,
)
from app.cases.domain.errors import (
    EndingWaitsError,
    FlagsWaitError,
    HandOverDateError,
    LegalBasisError,
    OutcomeError,
    PromisesWaitError,
    ReferralWaitsError,
    ReopenError,
    SamePersonError,
    StepError,
)
from app.cases.domain.queue import EntryState
from app.cases.domain.referrals import ReferralState
from app.cases.domain.story import Happening
from app.cases.models import Case, CaseEnding, QueueEntry
from app.cases.queries.cases import open_case_of
from app.cases.queries.endings import waiting_ending
from app.cases.queries.promises import latest_date_of, open_promises
from app.cases.queries.queue import entry_of_case
from app.cases.service.cases import require_open
from app.cases.service.queue import tell_case
from app.cases.service.story import tell
from app.people.domain import is_of_age
from app.platform import audit, clock
from app.platform.db import db, only
from app.triage.domain import RiskLevel

#: A partner who has said yes looks after the student.
TAKEN_OVER = frozenset({ReferralState.ACCEPTED, ReferralState.ATTENDED, ReferralState.ANSWERED})


def close_case(
    *, actor: Actor, case: Case, reason: ClosingReason, outcome: Outcome, note: str
) -> CaseEnding:
    """End the case with reason and outcome; one that ever was acute waits for a second person."""
    require(actor, Permission.WORK_CASE, case)
    _require_may_close(case, outcome)
    ending = CaseEnding(kind=EndingKind.CLOSING, reason=reason, outcome=outcome)
    return _propose(actor, case, ending, note)


def transfer_case(
    *,
    actor: Actor,
    case: Case,
    receiver: str,
    basis: TransferBasis,
    handed_on: date,
    note: str,
) -> CaseEnding:
    """Hand the whole case to another school or organisation."""
    require(actor, Permission.WORK_CASE, case)
    _require_nothing_new(case)
    if handed_on > clock.today():
        raise HandOverDateError
    if basis is TransferBasis.ADULT_CONSENT and not is_of_age(
        case.student.birth_date, clock.today()
    ):
        raise LegalBasisError
    ending = CaseEnding(kind=EndingKind.TRANSFER, basis=basis, handed_on=handed_on)
    ending.receiver = receiver
    return _propose(actor, case, ending, note)


def countersign(*, actor: Actor, ending: CaseEnding) -> None:
    """The second person has read the file and agrees; what had to hold then holds still."""
    case = ending.case
    require(actor, Permission.WORK_CASE, case)
    _hold(case)
    if not ending.is_waiting:
        raise StepError
    if actor.user_id == ending.proposed_by_id:
        raise SamePersonError
    if ending.outcome is not None:
        _require_may_close(case, ending.outcome)
    else:
        _require_nothing_new(case)
    _sign(actor, ending)


def withdraw_ending(*, actor: Actor, ending: CaseEnding) -> None:
    """The case goes on after all: the proposer thinks again, or the second person disagrees."""
    require(actor, Permission.WORK_CASE, ending)
    if not ending.is_waiting:
        raise StepError
    ending.withdrawn_at, ending.withdrawn_by_id = clock.now(), actor.user_id
    tell(ending.case, Happening.ENDING_WITHDRAWN, actor)
    audit.record(actor, "withdraw_ending", ending)


def reopen_case(
    *,
    actor: Actor,
    case: Case,
    reason: ReopeningReason,
    note: str,
    risk_level: RiskLevel,
    next_on: date,
) -> Case:
    """Take a closed case up again; what the student was owed when it closed is owed again."""
    require(actor, Permission.WORK_CASE, case)
    _hold(case)
    if case.state is not CaseState.CLOSED or case.closed_at is None:
        raise StepError
    is_free = open_case_of(case.student_id) is None and case.student.left_at is None
    if not is_free or not may_reopen(case.closed_at, clock.now()):
        raise ReopenError
    case.risk_level = risk_level
    check_next_date(next_on, today=clock.today(), latest=latest_date_of(case))
    ending = next(row for row in reversed(case.endings) if row.signed_at and not row.reopened_at)
    ending.reopened_at, ending.reopened_by_id = clock.now(), actor.user_id
    ending.reopening_reason, ending.reopening_note = reason, note
    case.state, case.next_on, case.owner_id = CaseState.ASSESSING, next_on, person_of(actor)
    case.closed_at = case.closed_by_id = case.closing_reason = case.closing_note = None
    if is_acute(risk_level):
        case.acute_at = case.acute_at or clock.now()
    _take_in_waiting(case)
    grant(actor, scope=Scope.STUDENT, scope_id=case.student_id, reason="reopened")
    tell(case, Happening.REOPENED, actor, reason=reason.value, level=risk_level.value)
    audit.record(actor, "reopen_case", case, reason=reason.value)
    return case


def _take_in_waiting(case: Case) -> None:
    """What has come since the case was closed belongs to it again, and holds its next date."""
    query = select(QueueEntry).where(
        QueueEntry.student_id == case.student_id, QueueEntry.state != EntryState.SETTLED
    )
    entry = db.session.scalar(query.with_for_update(of=QueueEntry))
    if entry is not None:
        entry.case = case
        tell_case(case, entry, flags=len(entry.flags))


def _propose(actor: Actor, case: Case, ending: CaseEnding, note: str) -> CaseEnding:
    if waiting_ending(case):
        raise EndingWaitsError
    ending.site_id, ending.case = case.site_id, case
    ending.proposed_by_id, ending.proposed_at = person_of(actor), clock.now()
    ending.note = note
    db.session.add(ending)
    db.session.flush()
    audit.record(actor, "propose_ending", ending, kind=ending.kind.value)
    if case.acute_at is None:
        _sign(actor, ending)
    else:
        tell(case, Happening.ENDING_PROPOSED, actor, kind=ending.kind.value)
    return ending


def _sign(actor: Actor, ending: CaseEnding) -> None:
    case = ending.case
    ending.signed_at, ending.signed_by_id = clock.now(), actor.user_id
    is_closing = ending.kind is EndingKind.CLOSING
    case.closed_at, case.closed_by_id = clock.now(), ending.proposed_by_id
    case.closing_reason, case.closing_note = ending.reason, ending.note
    case.state = CaseState.CLOSED if is_closing else CaseState.TRANSFERRED
    case.next_on = None
    end_grants(scope=Scope.STUDENT, scope_id=case.student_id, user_id=case.owner_id)
    detail: dict[str, Any] = {"reason": ending.reason.value} if ending.reason else {}
    if ending.basis:
        detail = {"basis": ending.basis.value}
    tell(case, Happening.CLOSED if is_closing else Happening.TRANSFERRED, actor, **detail)
    audit.record(actor, "close_case" if is_closing else "transfer_case", case, **detail)


def _require_may_close(case: Case, outcome: Outcome) -> None:
    _require_nothing_new(case)
    if any(referral.is_open for referral in case.referrals):
        raise ReferralWaitsError
    if open_promises(case):
        raise PromisesWaitError
    was_met = any(
        contact.reached and contact.with_whom is Counterpart.STUDENT for contact in case.contacts
    )
    was_referred = any(referral.state in TAKEN_OVER for referral in case.referrals)
    if not outcome_suffices(
        outcome, is_acute=case.acute_at is not None, was_met=was_met, was_referred=was_referred
    ):
        raise OutcomeError


def _require_nothing_new(case: Case) -> None:
    require_open(case)
    if CaseState.CLOSED not in STEPS[case.state]:
        raise StepError
    if entry_of_case(case):
        raise FlagsWaitError


def person_of(actor: Actor) -> int:
    """Who signs is a person; the machine's operator and the system sign nothing."""
    if actor.user_id is None:
        raise DeniedError
    return actor.user_id


def _hold(case: Case) -> None:
    """Two persons may sign, or take a case up again, in the same moment: the later one waits."""
    db.session.refresh(case, with_for_update=only(Case))

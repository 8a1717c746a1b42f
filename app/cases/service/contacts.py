"""Writes of contacts: what happened, and what comes next."""

from datetime import date, datetime

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.cases import CaseState, Counterpart, Modality
from app.cases.domain.errors import ContactTimeError, StepError
from app.cases.models import Case, Contact, ReturnContact
from app.cases.service.cases import move_case, set_next_date, set_risk
from app.cases.service.leaves import keep_promises
from app.platform import audit, clock
from app.platform.db import db
from app.triage.domain import RiskLevel


def record_contact(
    *,
    actor: Actor,
    case: Case,
    modality: Modality,
    held_at: datetime,
    reached: bool,
    note: str,
    with_whom: Counterpart = Counterpart.STUDENT,
    is_private: bool = False,
    risk_level: RiskLevel,
    state: CaseState,
    next_on: date,
) -> Contact:
    """Write down a contact with its encrypted note, and set level, state and next date."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if held_at > clock.now():
        raise ContactTimeError
    set_risk(actor=actor, case=case, risk_level=risk_level)
    move_case(actor=actor, case=case, state=state)
    kept: list[ReturnContact] = []
    if reached and with_whom is Counterpart.STUDENT:
        kept = keep_promises(case, clock.local(held_at).date())
    set_next_date(actor=actor, case=case, next_on=next_on)
    contact = Contact(
        site_id=case.site_id,
        case=case,
        user_id=actor.user_id,
        modality=modality,
        held_at=held_at,
        reached=reached,
        recorded_at=clock.now(),
        with_whom=with_whom,
        is_private=is_private,
        note=note,
    )
    db.session.add(contact)
    db.session.flush()
    for promise in kept:
        promise.contact_id = contact.id
    audit.record(actor, "record_contact", contact, modality=modality.value, reached=reached)
    return contact

"""Writes of contacts: what happened, and what comes next."""

from datetime import date, datetime

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.cases import CaseState, Modality
from app.cases.domain.errors import ContactTimeError, StepError
from app.cases.models import Case, Contact
from app.cases.service.cases import move_case, set_next_date, set_risk
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
    risk_level: RiskLevel,
    state: CaseState,
    next_on: date,
) -> Contact:
    """Write down a meeting or call with its sealed note, and set level, state and next date."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if held_at > clock.now():
        raise ContactTimeError
    set_risk(actor=actor, case=case, risk_level=risk_level)
    move_case(actor=actor, case=case, state=state)
    set_next_date(actor=actor, case=case, next_on=next_on)
    contact = Contact(
        site_id=case.site_id,
        case=case,
        user_id=actor.user_id,
        modality=modality,
        held_at=held_at,
        reached=reached,
        recorded_at=clock.now(),
        note=note,
    )
    db.session.add(contact)
    audit.record(actor, "record_contact", contact, modality=modality.value, reached=reached)
    return contact

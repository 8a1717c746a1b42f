"""Writes of referrals: to whom, on which legal basis, and what came of it."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import AnswerDateError, LegalBasisError, StepError
from app.cases.domain.referrals import REFERRAL_STEPS, LegalBasis, Partner, ReferralState
from app.cases.domain.story import Happening
from app.cases.models import Case, Referral
from app.cases.service.story import tell
from app.people.domain import age_on
from app.platform import audit, clock
from app.platform.db import db

ADULT = 18


def refer(
    *,
    actor: Actor,
    case: Case,
    partner: Partner,
    place: str,
    legal_basis: LegalBasis,
    reason: str,
    answer_due_on: date,
) -> Referral:
    """Ask a partner to take part, and promise when the answer is looked for."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if legal_basis is LegalBasis.ADULT_CONSENT and not _is_adult(case):
        raise LegalBasisError
    if answer_due_on < clock.today():
        raise AnswerDateError
    referral = Referral(
        site_id=case.site_id,
        case=case,
        user_id=actor.user_id,
        partner=partner,
        place=place,
        legal_basis=legal_basis,
        made_at=clock.now(),
        answer_due_on=answer_due_on,
        reason=reason,
    )
    db.session.add(referral)
    tell(case, Happening.REFERRED, actor, partner=partner.value)
    audit.record(actor, "refer", referral, partner=partner.value, legal_basis=legal_basis.value)
    return referral


def move_referral(*, actor: Actor, referral: Referral, state: ReferralState) -> Referral:
    """Write down what the partner said or the student did."""
    require(actor, Permission.WORK_CASE, referral)
    if state not in REFERRAL_STEPS[referral.state]:
        raise StepError
    referral.state = state
    detail = {"partner": referral.partner.value, "state": state.value}
    tell(referral.case, Happening.REFERRAL_MOVED, actor, **detail)
    audit.record(actor, "move_referral", referral, state=state.value)
    return referral


def _is_adult(case: Case) -> bool:
    born = case.student.birth_date
    return born is not None and age_on(born, clock.today()) >= ADULT

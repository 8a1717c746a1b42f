"""Writes of referrals: to whom, on which legal basis, and what came of it."""

from datetime import date, timedelta

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import (
    AnswerDateError,
    FearedConsentError,
    LegalBasisError,
    OwnSignatureError,
    ProofDateError,
    ProofError,
    ReasonLengthError,
    StepError,
)
from app.cases.domain.referrals import (
    LONGEST_CHASE,
    LONGEST_TERM,
    MOST_REASON,
    MOST_REASON_LINES,
    REFERRAL_STEPS,
    Details,
    LegalBasis,
    Partner,
    Proof,
    ReferralState,
    StepKind,
    lines_on_paper,
)
from app.cases.domain.story import Happening
from app.cases.models import Case, PartnerPlace, Referral, ReferralStep
from app.cases.queries.guardians import guardian_is_feared
from app.cases.service.reply_links import issue_link, kill_links
from app.cases.service.story import tell
from app.people.domain import is_of_age
from app.platform import audit, clock, ids
from app.platform.db import db, only


def refer(
    *,
    actor: Actor,
    case: Case,
    partner: Partner,
    place: str,
    legal_basis: LegalBasis,
    reason: str,
    answer_due_on: date,
    proof: Proof | None = None,
    details: Details | None = None,
    register: PartnerPlace | None = None,
    follows: Referral | None = None,
) -> Referral:
    """Ask a partner to take part, and promise when the answer is looked for."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    _check_basis(case, legal_basis, proof)
    _check_reason(reason)
    _check_due(answer_due_on, LONGEST_TERM)
    referral = Referral(
        public_id=ids.new_public_id(),
        site_id=case.site_id,
        case=case,
        user_id=actor.user_id,
        partner=partner,
        partner_place=register,
        slip_no=new_slip_no(),
        place=place,
        legal_basis=legal_basis,
        made_at=clock.now(),
        answer_due_on=answer_due_on,
        reason=reason,
    )
    _note_details(referral, details or Details())
    if proof and legal_basis is not LegalBasis.DANGER:
        referral.basis_by, referral.basis_on = proof.given_by, proof.given_on
        referral.basis_means = proof.means
    db.session.add(referral)
    db.session.flush()
    if follows is not None:
        _follow_up(actor, follows, StepKind.GOES_ON, "")
        referral.follows = follows
    note_step(actor, referral, StepKind.MADE, due_on=answer_due_on)
    tell(case, Happening.REFERRED, actor, partner=partner.value)
    audit.record(actor, "refer", referral, partner=partner.value, legal_basis=legal_basis.value)
    return referral


def see_referral(*, actor: Actor, referral: Referral) -> None:
    """Reading a referral is kept in the log as well as writing."""
    require(actor, Permission.WORK_CASE, referral)
    audit.record(actor, "see_referral", referral)


def move_referral(
    *, actor: Actor, referral: Referral, state: ReferralState, note: str = ""
) -> Referral:
    """Write down what the partner said or the student did."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    if state not in REFERRAL_STEPS[referral.state]:
        raise StepError
    go_to(actor, referral, state, note)
    audit.record(actor, "move_referral", referral, state=state.value)
    return referral


def note_no_show(
    *, actor: Actor, referral: Referral, answer_due_on: date, note: str = ""
) -> Referral:
    """The student did not go: the referral stands, with another date."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    if referral.state is not ReferralState.ACCEPTED:
        raise StepError
    _check_due(answer_due_on, LONGEST_CHASE)
    referral.answer_due_on = answer_due_on
    note_step(actor, referral, StepKind.NO_SHOW, note=note, due_on=answer_due_on)
    tell(referral.case, Happening.REFERRAL_NO_SHOW, actor, partner=referral.partner.value)
    audit.record(actor, "note_no_show", referral, due_on=str(answer_due_on))
    return referral


def chase(*, actor: Actor, referral: Referral, answer_due_on: date, note: str) -> Referral:
    """Somebody asked where the answer stays; it is looked for again by another day."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    if not referral.is_awaited:
        raise StepError
    _check_due(answer_due_on, LONGEST_CHASE)
    referral.answer_due_on = answer_due_on
    note_step(actor, referral, StepKind.CHASED, note=note, due_on=answer_due_on)
    tell(referral.case, Happening.REFERRAL_CHASED, actor, partner=referral.partner.value)
    audit.record(actor, "chase_referral", referral, due_on=str(answer_due_on))
    return referral


def sign(*, actor: Actor, referral: Referral, note: str = "") -> Referral:
    """A second person stands for what one did alone because of danger."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    if referral.signature_due_at is None:
        raise StepError
    if actor.user_id is None or actor.user_id == referral.user_id:
        raise OwnSignatureError
    referral.signed_by_id, referral.signed_at = actor.user_id, clock.now()
    note_step(actor, referral, StepKind.SIGNED, note=note)
    tell(referral.case, Happening.REFERRAL_SIGNED, actor, partner=referral.partner.value)
    audit.record(actor, "sign_referral", referral)
    return referral


def end_declined(*, actor: Actor, referral: Referral, note: str) -> Referral:
    """The partner said no, and nobody else is asked; the note says why."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    _follow_up(actor, referral, StepKind.NO_FURTHER, note)
    audit.record(actor, "end_declined_referral", referral)
    return referral


def take_slip(*, actor: Actor, referral: Referral) -> str:
    """A slip is about to be printed: for a hospital whose answer is awaited, with a new link."""
    require(actor, Permission.WORK_CASE, referral)
    hold(referral)
    referral.slip_no = referral.slip_no or new_slip_no()
    note_step(actor, referral, StepKind.PRINTED)
    audit.record(actor, "print_slip", referral)
    if referral.partner is not Partner.HOSPITAL or not referral.is_awaited:
        return ""
    return issue_link(actor=actor, referral=referral)


def go_to(actor: Actor, referral: Referral, state: ReferralState, note: str = "") -> None:
    """Take one step of the machine; the link dies with the last one."""
    referral.state = state
    if state is ReferralState.DECLINED:
        referral.declined_at = clock.now()
    note_step(actor, referral, StepKind(state.value), note=note)
    if not referral.is_awaited:
        kill_links(referral)
    detail = {"partner": referral.partner.value, "state": state.value}
    tell(referral.case, Happening.REFERRAL_MOVED, actor, **detail)


def note_step(
    actor: Actor,
    referral: Referral,
    kind: StepKind,
    *,
    note: str = "",
    due_on: date | None = None,
) -> None:
    """Add a line to the referral's own record."""
    step = ReferralStep(
        public_id=ids.new_public_id(),
        site_id=referral.site_id,
        referral=referral,
        user_id=actor.user_id,
        kind=kind,
        at=clock.now(),
        due_on=due_on,
    )
    step.note = note or None
    db.session.add(step)
    db.session.flush()


def hold(referral: Referral) -> None:
    """The doctor's answer may come at the same moment: the later one waits and sees it."""
    db.session.flush()
    db.session.refresh(referral, with_for_update=only(Referral))


def new_slip_no() -> str:
    """Printed on the slip and shown by its link; says nothing by itself."""
    code = ids.new_code()
    return f"{code[:4]}-{code[4:]}"


def _follow_up(actor: Actor, referral: Referral, kind: StepKind, note: str) -> None:
    if not referral.needs_follow_up:
        raise StepError
    referral.followed_at = clock.now()
    note_step(actor, referral, kind, note=note)


def _check_basis(case: Case, legal_basis: LegalBasis, proof: Proof | None) -> None:
    if legal_basis is LegalBasis.ADULT_CONSENT and not is_of_age(
        case.student.birth_date, clock.today()
    ):
        raise LegalBasisError
    if legal_basis is LegalBasis.GUARDIAN_CONSENT and guardian_is_feared(case):
        raise FearedConsentError
    if legal_basis is LegalBasis.DANGER:
        return
    if proof is None or not proof.given_by.strip():
        raise ProofError
    if proof.given_on > clock.today():
        raise ProofDateError


def _check_reason(reason: str) -> None:
    if len(reason) > MOST_REASON or lines_on_paper(reason) > MOST_REASON_LINES:
        raise ReasonLengthError


def _check_due(day: date, longest: timedelta) -> None:
    latest = clock.today() + longest
    if not clock.today() <= day <= latest:
        raise AnswerDateError(latest)


def _note_details(referral: Referral, details: Details) -> None:
    referral.department, referral.phone = details.department or None, details.phone or None
    referral.address, referral.reference = details.address or None, details.reference or None
    referral.contact = details.contact or None
    referral.wanted_by, referral.called_at = details.wanted_by, details.called_at
    referral.need = details.need

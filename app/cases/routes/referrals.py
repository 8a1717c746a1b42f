"""Referrals: written, printed, signed, asked after, and what came of them.

GET  /cases/<id>/referrals/new        new_referral
POST /cases/<id>/referrals            refer
GET  /referrals/<id>                  referral
POST /referrals/<id>/step             move_referral
POST /referrals/<id>/no-show          note_no_show
POST /referrals/<id>/chase            chase_referral
POST /referrals/<id>/sign             sign_referral
POST /referrals/<id>/no-further       end_declined
POST /referrals/<id>/read             read_reply
POST /referrals/<id>/slip.pdf         print_slip
POST /referrals/<id>/revoke-link      revoke_link
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.printing import Rendering
from app.cases.domain.referrals import (
    FIELDS,
    LONGEST_CHASE,
    REFERRAL_STEPS,
    LegalBasis,
    Partner,
    StepKind,
)
from app.cases.forms.referrals import (
    ChaseForm,
    NoFurtherForm,
    NoShowForm,
    ReferralForm,
    ReferralStepForm,
    SignForm,
    SlipForm,
)
from app.cases.models import Case, PartnerPlace, Referral
from app.cases.queries import cases as case_queries
from app.cases.queries import referrals as queries
from app.cases.queries.guardians import guardian_is_feared
from app.cases.queries.interviews import referral_facts
from app.cases.queries.replies import link_of
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import profiles, replies, reply_links
from app.cases.service import referrals as service
from app.cases.slips import SlipContent
from app.cases.slips import print_slip as print_pdf
from app.cases.words import referrals as referral_words
from app.people.domain import is_of_age
from app.platform import audit, clock
from app.platform.forms import Form
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back

FIRST_TERM = timedelta(days=14)
FIRST_CHASE = timedelta(days=3)


@bp.app_context_processor
def _give_templates_referral_words() -> dict[str, object]:
    return {"referral_words": referral_words}


@bp.get("/cases/<case_id>/referrals/new")
@requires(Permission.WORK_CASE, audits=True)
def new_referral(case_id: str) -> ResponseReturnValue:
    """The form for one kind of partner, filled in from the register where a place is chosen."""
    case = _case(case_id)
    partner = _asked_partner()
    chosen = queries.find_partner(current_actor(), request.args.get("place", ""))
    follows = queries.declined_of_case(case, request.args.get("after", ""))
    return _form_page(case, _fresh_form(case, partner, chosen, follows))


@bp.post("/cases/<case_id>/referrals")
@requires(Permission.WORK_CASE)
def refer(case_id: str) -> ResponseReturnValue:
    """Ask a partner to take part."""
    case, form = _case(case_id), ReferralForm(prefix="referral").fit()
    made = carry_out(form, lambda: _refer(case, form))
    if made is None:
        return _form_page(_case(case_id), form), 422
    flash(_("The referral is written down."), "success")
    return redirect(url_for("cases.referral", referral_id=made.public_id))


@bp.get("/referrals/<referral_id>")
@requires(Permission.WORK_CASE, audits=True)
def referral(referral_id: str) -> ResponseReturnValue:
    """One referral: to whom, on which basis, what happened, what comes next."""
    found = _find(referral_id)
    service.see_referral(actor=current_actor(), referral=found)
    return _page(found)


@bp.post("/referrals/<referral_id>/step")
@requires(Permission.WORK_CASE)
def move_referral(referral_id: str) -> ResponseReturnValue:
    """Write down what became of a referral."""
    found = _find(referral_id)
    form = ReferralStepForm(prefix="step").offer(REFERRAL_STEPS[found.state])
    done = carry_out(
        form,
        lambda: service.move_referral(
            actor=current_actor(),
            referral=found,
            state=form.state.data,
            note=form.note.data or "",
        ),
    )
    return _go_on(referral_id, done, _("The referral has moved on."), step_form=form)


@bp.post("/referrals/<referral_id>/no-show")
@requires(Permission.WORK_CASE)
def note_no_show(referral_id: str) -> ResponseReturnValue:
    """The student did not go."""
    found, form = _find(referral_id), NoShowForm(prefix="absent")
    done = carry_out(
        form,
        lambda: service.note_no_show(
            actor=current_actor(),
            referral=found,
            answer_due_on=form.answer_due_on.data,
            note=form.note.data or "",
        ),
    )
    return _go_on(referral_id, done, _("Noted."), no_show_form=form)


@bp.post("/referrals/<referral_id>/chase")
@requires(Permission.WORK_CASE)
def chase_referral(referral_id: str) -> ResponseReturnValue:
    """Somebody asked where the answer stays."""
    found, form = _find(referral_id), ChaseForm(prefix="chase")
    done = carry_out(
        form,
        lambda: service.chase(
            actor=current_actor(),
            referral=found,
            answer_due_on=form.answer_due_on.data,
            note=form.note.data,
        ),
    )
    return _go_on(referral_id, done, _("Noted, with a new date."), chase_form=form)


@bp.post("/referrals/<referral_id>/sign")
@requires(Permission.WORK_CASE)
def sign_referral(referral_id: str) -> ResponseReturnValue:
    """The second signature."""
    found, form = _find(referral_id), SignForm(prefix="sign")
    done = carry_out(
        form,
        lambda: service.sign(actor=current_actor(), referral=found, note=form.note.data or ""),
    )
    return _go_on(referral_id, done, _("You have signed."), sign_form=form)


@bp.post("/referrals/<referral_id>/no-further")
@requires(Permission.WORK_CASE)
def end_declined(referral_id: str) -> ResponseReturnValue:
    """No other partner is asked, and why."""
    found, form = _find(referral_id), NoFurtherForm(prefix="end")
    done = carry_out(
        form,
        lambda: service.end_declined(actor=current_actor(), referral=found, note=form.note.data),
    )
    return _go_on(referral_id, done, _("Noted."), no_further_form=form)


@bp.post("/referrals/<referral_id>/read")
@requires(Permission.WORK_CASE)
def read_reply(referral_id: str) -> ResponseReturnValue:
    """The reply was read."""
    replies.note_read(actor=current_actor(), referral=_find(referral_id))
    return redirect(url_for("cases.referral", referral_id=referral_id))


@bp.post("/referrals/<referral_id>/slip.pdf")
@requires(Permission.WORK_CASE)
def print_slip(referral_id: str) -> ResponseReturnValue:
    """The slip on one page; for a hospital with a new link, and the one before it dead."""
    found, form = _find(referral_id), SlipForm(prefix="slip")
    content = _slip_content(found, form)
    back = url_for("cases.referral", referral_id=referral_id)
    return pdf_or_back(lambda: print_pdf(found, content), back=back)


@bp.post("/referrals/<referral_id>/revoke-link")
@requires(Permission.WORK_CASE)
def revoke_link(referral_id: str) -> ResponseReturnValue:
    """The paper is lost."""
    found = _find(referral_id)
    reply_links.revoke_link(actor=current_actor(), referral=found)
    service.note_step(current_actor(), found, StepKind.LINK_REVOKED)
    flash(_("The link on the slip is dead. Print the slip again to give out a new one."), "success")
    return redirect(url_for("cases.referral", referral_id=referral_id))


def _refer(case: Case, form: ReferralForm) -> Referral:
    actor = current_actor()
    return service.refer(
        actor=actor,
        case=case,
        partner=form.partner.data,
        place=form.place.data or "",
        legal_basis=form.legal_basis.data,
        reason=form.reason.data,
        answer_due_on=form.answer_due_on.data,
        proof=form.proof(),
        details=form.details(),
        register=queries.find_partner(actor, form.register.data or ""),
        follows=queries.declined_of_case(case, form.follows.data or ""),
    )


def _slip_content(found: Referral, form: SlipForm) -> SlipContent:
    actor, locale = current_actor(), choose_locale()
    profile = None
    if form.with_scores.data:
        taken = profiles.take_summaries(
            actor=actor,
            students=[found.case.student],
            rendering=Rendering.REFERRAL,
            locale=locale,
        )
        profile = next(iter(taken), None)
    token = service.take_slip(actor=actor, referral=found)
    return SlipContent(
        printed_by=current_user.name,
        locale=locale,
        token=token,
        profile=profile,
        with_guardians=form.with_guardians.data,
    )


def _fresh_form(
    case: Case, partner: Partner, chosen: PartnerPlace | None, follows: Referral | None
) -> ReferralForm:
    facts: dict[str, object] = {"place": "12355" if partner is Partner.LINE_12355 else ""}
    if chosen is not None and chosen.kind is partner:
        facts = {
            "register": chosen.public_id,
            "place": chosen.name,
            "department": chosen.department,
            "contact": chosen.contact or "",
            "phone": chosen.phone,
            "address": chosen.address,
        }
    return ReferralForm(
        formdata=None,
        prefix="referral",
        partner=partner,
        follows=follows.public_id if follows else "",
        reason=follows.reason if follows else _said_so_far(case, partner),
        answer_due_on=clock.today() + FIRST_TERM,
        **facts,
    ).fit()


def _said_so_far(case: Case, partner: Partner) -> str:
    """What a hospital needs of the last interview; the counsellor shortens what is too long."""
    return referral_facts(case, choose_locale()) if partner is Partner.HOSPITAL else ""


def _form_page(case: Case, form: ReferralForm) -> str:
    partner = form.partner.data
    audit.record(current_actor(), "see_case", case)
    return render_template(
        "cases/referrals/new.html",
        case=case,
        form=form,
        partner=partner,
        partners=list(Partner),
        fields=FIELDS[partner],
        places=queries.places_for(case.site_id, partner),
        may_consent_alone=is_of_age(case.student.birth_date, clock.today()),
        is_feared=guardian_is_feared(case),
    )


def _page(found: Referral, **forms: Form) -> str:
    later = clock.today() + FIRST_CHASE
    is_feared = guardian_is_feared(found.case)
    may_call = found.legal_basis is not LegalBasis.DANGER and not is_feared
    fresh = {
        "step_form": ReferralStepForm(formdata=None, prefix="step").offer(
            REFERRAL_STEPS[found.state]
        ),
        "no_show_form": NoShowForm(formdata=None, prefix="absent", answer_due_on=later),
        "chase_form": ChaseForm(formdata=None, prefix="chase", answer_due_on=later),
        "sign_form": SignForm(formdata=None, prefix="sign"),
        "no_further_form": NoFurtherForm(formdata=None, prefix="end"),
        "slip_form": SlipForm(formdata=None, prefix="slip", with_guardians=may_call),
    }
    return render_template(
        "cases/referrals/show.html",
        referral=found,
        case=found.case,
        is_feared=is_feared,
        steps=REFERRAL_STEPS[found.state],
        link=link_of(found),
        latest_chase=clock.today() + LONGEST_CHASE,
        **fresh | forms,
    )


def _go_on(referral_id: str, outcome: object, message: str, **forms: Form) -> ResponseReturnValue:
    """Back to the referral, or the page again with the form that could not be carried out."""
    if outcome is None:
        return _page(_find(referral_id), **forms), 422
    flash(message, "success")
    return redirect(url_for("cases.referral", referral_id=referral_id))


def _asked_partner() -> Partner:
    try:
        return Partner(request.args.get("partner", Partner.HOSPITAL))
    except ValueError:
        abort(404)


def _case(case_id: str) -> Case:
    return case_queries.find_case(current_actor(), case_id) or abort(404)


def _find(referral_id: str) -> Referral:
    return queries.find_referral(current_actor(), referral_id) or abort(404)

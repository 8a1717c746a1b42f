"""Cases: the list, the story of one, and what is written into it.

GET  /cases                        index
GET  /cases/<id>                   show
POST /cases/<id>/contacts          record_contact
POST /cases/<id>/next-date         set_next_date
POST /cases/<id>/referrals         refer
POST /cases/<id>/note-flags        note_flags
POST /cases/<id>/close             close
POST /referrals/<id>/step          move_referral
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.referrals import REFERRAL_STEPS
from app.cases.forms.cases import CloseForm, ContactForm, NextDateForm
from app.cases.forms.referrals import ReferralForm, ReferralStepForm
from app.cases.models import Case
from app.cases.queries import cases as queries
from app.cases.queries.closing import closings_of
from app.cases.queries.queue import entry_of_case
from app.cases.queries.signals import SignalReader
from app.cases.queries.tags import may_see_tags
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as service
from app.cases.service import contacts, referrals
from app.cases.service.queue import note_in_case
from app.people.queries import latest_consent
from app.platform import audit, clock
from app.platform.forms import Form
from app.platform.web import page_number


@bp.get("/cases")
@requires(Permission.WORK_CASE, audits=True)
def index() -> ResponseReturnValue:
    """The cases, the one whose date is first or overdue on top."""
    chosen = queries.CaseFilter(
        whose=request.args.get("whose", "mine"),
        page=page_number(),
    )
    found = queries.page_of_cases(current_actor(), chosen)
    audit.record(current_actor(), "see_cases", shown=min(len(found), queries.PAGE))
    return render_template(
        "cases/cases/index.html",
        cases=found[: queries.PAGE],
        has_more=len(found) > queries.PAGE,
        chosen=chosen,
    )


@bp.get("/cases/<case_id>")
@requires(Permission.WORK_CASE, audits=True)
def show(case_id: str) -> ResponseReturnValue:
    """One case: who, what happened, what can be done."""
    case = _find(case_id)
    service.see_case(actor=current_actor(), case=case)
    return _page(case)


@bp.post("/cases/<case_id>/contacts")
@requires(Permission.WORK_CASE)
def record_contact(case_id: str) -> ResponseReturnValue:
    """Write a meeting or call down."""
    case = _find(case_id)
    form = ContactForm(prefix="contact").offer(case.state)
    contact = carry_out(
        form,
        lambda: contacts.record_contact(
            actor=current_actor(),
            case=case,
            modality=form.modality.data,
            held_at=form.held_at.data.replace(tzinfo=clock.zone()),
            reached=form.reached.data == "yes",
            note=form.note.data,
            risk_level=form.risk_level.data,
            state=form.state.data,
            next_on=form.next_on.data,
        ),
    )
    return _go_on(case, contact, _("The contact is written down."), contact_form=form)


@bp.post("/cases/<case_id>/next-date")
@requires(Permission.WORK_CASE)
def set_next_date(case_id: str) -> ResponseReturnValue:
    """Promise another date."""
    case, form = _find(case_id), NextDateForm(prefix="date")
    done = carry_out(
        form,
        lambda: service.set_next_date(actor=current_actor(), case=case, next_on=form.next_on.data),
    )
    return _go_on(case, done, _("The next date is set."), date_form=form)


@bp.post("/cases/<case_id>/referrals")
@requires(Permission.WORK_CASE)
def refer(case_id: str) -> ResponseReturnValue:
    """Ask a partner to take part."""
    case, form = _find(case_id), ReferralForm(prefix="referral")
    referral = carry_out(
        form,
        lambda: referrals.refer(
            actor=current_actor(),
            case=case,
            partner=form.partner.data,
            place=form.place.data or "",
            legal_basis=form.legal_basis.data,
            reason=form.reason.data,
            answer_due_on=form.answer_due_on.data,
        ),
    )
    return _go_on(case, referral, _("The referral is written down."), referral_form=form)


@bp.post("/cases/<case_id>/note-flags")
@requires(Permission.WORK_CASE)
def note_flags(case_id: str) -> ResponseReturnValue:
    """The new flags were looked at."""
    entry = entry_of_case(_find(case_id)) or abort(404)
    note_in_case(actor=current_actor(), entry=entry)
    flash(_("Noted in the case."), "success")
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/cases/<case_id>/close")
@requires(Permission.WORK_CASE)
def close(case_id: str) -> ResponseReturnValue:
    """End the case with a reason."""
    case, form = _find(case_id), CloseForm(prefix="close")
    done = carry_out(
        form,
        lambda: service.close_case(
            actor=current_actor(), case=case, reason=form.reason.data, note=form.note.data
        ),
    )
    return _go_on(case, done, _("The case is closed."), close_form=form)


@bp.post("/referrals/<referral_id>/step")
@requires(Permission.WORK_CASE)
def move_referral(referral_id: str) -> ResponseReturnValue:
    """Write down what became of a referral."""
    referral = queries.find_referral(current_actor(), referral_id) or abort(404)
    form = ReferralStepForm()
    done = carry_out(
        form,
        lambda: referrals.move_referral(
            actor=current_actor(), referral=referral, state=form.state.data
        ),
    )
    return _go_on(referral.case, done, _("The referral has moved on."), step_form=form)


def _find(case_id: str) -> Case:
    return queries.find_case(current_actor(), case_id) or abort(404)


def _go_on(case: Case, outcome: object, message: str, **forms: Form) -> ResponseReturnValue:
    """Back to the case, or the page again with the form that could not be carried out."""
    if outcome is None:
        return _page(_find(case.public_id), **forms), 422
    flash(message, "success")
    return redirect(url_for("cases.show", case_id=case.public_id))


def _page(case: Case, **forms: Form) -> str:
    reader, flags = SignalReader(), queries.flags_of_case(case)
    fresh = {
        "contact_form": ContactForm(
            formdata=None,
            prefix="contact",
            held_at=clock.local(clock.now()),
            risk_level=case.risk_level,
            state=case.state,
        ).offer(case.state),
        "date_form": NextDateForm(formdata=None, prefix="date", next_on=case.next_on),
        "referral_form": ReferralForm(formdata=None, prefix="referral"),
        "close_form": CloseForm(formdata=None, prefix="close"),
    }
    return render_template(
        "cases/cases/show.html",
        case=case,
        consent=latest_consent(case.student),
        story=queries.story_of(case),
        reasons=[(flag, reader.reasons(flag)) for flag in flags],
        closings=closings_of(flags),
        reports=queries.reports_of_case(case),
        new_entry=entry_of_case(case),
        may_see_tags=may_see_tags(current_actor(), case.student),
        referral_steps=REFERRAL_STEPS,
        **fresh | forms,
    )

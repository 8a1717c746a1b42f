"""Conferences about a case.

GET  /cases/<id>/conferences/new   new_conference
POST /cases/<id>/conferences       record_conference
POST /conference-actions/<id>/done finish_action
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.conferences import ConferenceForm
from app.cases.models import Case
from app.cases.queries import conferences as queries
from app.cases.queries.cases import find_case
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import conferences as service
from app.people.queries import colleagues
from app.platform import audit, clock


@bp.get("/cases/<case_id>/conferences/new")
@requires(Permission.WORK_CASE, audits=True)
def new_conference(case_id: str) -> ResponseReturnValue:
    """An empty form, with who works here to tick."""
    case = _find(case_id)
    return _page(case, _form(case, formdata=None, held_on=clock.today()))


@bp.post("/cases/<case_id>/conferences")
@requires(Permission.WORK_CASE)
def record_conference(case_id: str) -> ResponseReturnValue:
    """Write a conference down."""
    case = _find(case_id)
    form = _form(case)
    there = {user.public_id: user for user in colleagues(case.site)}
    done = carry_out(
        form,
        lambda: service.record_conference(
            actor=current_actor(),
            case=case,
            held_on=form.held_on.data,
            members=[there[chosen] for chosen in form.members.data],
            guests=form.guests.data or "",
            question=form.question.data,
            decision=form.decision.data,
            agreed=list(form.agreed()),
        ),
    )
    if done is None:
        return _page(case, form), 422
    flash(_("The conference is written down."), "success")
    return redirect(url_for("cases.show", case_id=case_id))


@bp.post("/conference-actions/<action_id>/done")
@requires(Permission.WORK_CASE)
def finish_action(action_id: str) -> ResponseReturnValue:
    """What was agreed is done."""
    action = queries.find_action(current_actor(), action_id) or abort(404)
    service.finish_action(actor=current_actor(), action=action)
    flash(_("Noted as done."), "success")
    return redirect(url_for("cases.show", case_id=action.conference.case.public_id))


def _find(case_id: str) -> Case:
    return find_case(current_actor(), case_id) or abort(404)


def _form(case: Case, **chosen: object) -> ConferenceForm:
    return ConferenceForm(**chosen).offer(colleagues(case.site))


def _page(case: Case, form: ConferenceForm) -> str:
    audit.record(current_actor(), "see_case", case)
    return render_template("cases/conferences/new.html", case=case, form=form)

"""What a person decides about an entry, and to whom an entry or a case goes.

POST /queue/<id>/level          set_level
POST /queue/<id>/give           give
POST /queue/<id>/put-back       put_back
POST /queue/<id>/retest         plan_retest
GET  /cases/<id>/hand-over      hand_over_case
POST /cases/<id>/hand-over      give_case
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.queue import HandOverForm, LevelForm
from app.cases.models import Case, HandOver, QueueEntry
from app.cases.queries import cases as case_queries
from app.cases.queries.queue import hand_overs_of
from app.cases.routes.blueprint import bp
from app.cases.routes.entry_page import entry_page, find, hand_over_form
from app.cases.routes.refusals import carry_out
from app.cases.service import hand_overs, levels, retests, returning
from app.people.models import User
from app.people.queries import account, responders
from app.platform import audit


@bp.post("/queue/<entry_id>/level")
@requires(Permission.WORK_QUEUE)
def set_level(entry_id: str) -> ResponseReturnValue:
    """Confirm or change the level and the way."""
    found, form = find(entry_id), LevelForm(prefix="level")
    done = carry_out(
        form,
        lambda: levels.set_level(
            actor=current_actor(),
            entry=found,
            risk_level=form.risk_level.data,
            channel=form.channel.data,
            reason=form.reason.data or "",
        ),
    )
    if done is None:
        return entry_page(find(entry_id), level_form=form), 422
    flash(_("Your decision is written down."), "success")
    return redirect(url_for("cases.entry", entry_id=entry_id))


@bp.post("/queue/<entry_id>/give")
@requires(Permission.WORK_QUEUE)
def give(entry_id: str) -> ResponseReturnValue:
    """To a colleague: one's own entry, or as crisis lead any."""
    found = find(entry_id)
    form = hand_over_form(found)
    given = carry_out(form, lambda: _give(found, form))
    if given is None:
        return entry_page(find(entry_id), give_form=form), 422
    flash(_("%(name)s has it now.", name=given.receiver.name), "success")
    return redirect(url_for("cases.queue"))


@bp.post("/queue/<entry_id>/put-back")
@requires(Permission.WORK_QUEUE)
def put_back(entry_id: str) -> ResponseReturnValue:
    """Back to waiting, for whoever is there."""
    returning.release(actor=current_actor(), entry=find(entry_id))
    flash(_("Back in the queue: it waits for whoever is there."), "success")
    return redirect(url_for("cases.queue"))


@bp.post("/queue/<entry_id>/retest")
@requires(Permission.WORK_QUEUE)
def plan_retest(entry_id: str) -> ResponseReturnValue:
    """Let the student answer again with the same slip."""
    is_all = retests.plan_retest(actor=current_actor(), entry=find(entry_id))
    flash(_("The same slip opens the questions once more."), "success")
    if is_all:
        return redirect(url_for("cases.queue"))
    return redirect(url_for("cases.entry", entry_id=entry_id))


@bp.get("/cases/<case_id>/hand-over")
@requires(Permission.WORK_CASE, audits=True)
def hand_over_case(case_id: str) -> ResponseReturnValue:
    """To whom the case can go, and to whom it went before."""
    case = _find_case(case_id)
    return _case_page(case, _case_form(case, formdata=None))


@bp.post("/cases/<case_id>/hand-over")
@requires(Permission.WORK_CASE)
def give_case(case_id: str) -> ResponseReturnValue:
    """Give the case to a colleague, with a note."""
    case = _find_case(case_id)
    form = _case_form(case)
    given = carry_out(
        form,
        lambda: hand_overs.hand_over_case(
            actor=current_actor(),
            case=case,
            colleague=_colleague(form),
            note=form.note.data or "",
        ),
    )
    if given is None:
        return _case_page(_find_case(case_id), form), 422
    flash(_("%(name)s has the case now.", name=given.receiver.name), "success")
    return redirect(url_for("cases.show", case_id=case_id))


def _give(found: QueueEntry, form: HandOverForm) -> HandOver:
    """One's own entry is handed over; any other is assigned, which the service allows or not."""
    is_own = found.claimed_by_id == current_actor().user_id
    verb = hand_overs.hand_over if is_own else hand_overs.assign
    return verb(
        actor=current_actor(),
        entry=found,
        colleague=_colleague(form),
        note=form.note.data or "",
    )


def _colleague(form: HandOverForm) -> User:
    return account(form.colleague.data) or abort(404)


def _find_case(case_id: str) -> Case:
    return case_queries.find_case(current_actor(), case_id) or abort(404)


def _case_form(case: Case, **chosen: object) -> HandOverForm:
    colleagues = [user for user in responders(case.site) if user.id != case.owner_id]
    return HandOverForm(prefix="give", **chosen).offer(colleagues, needs_note=True)


def _case_page(case: Case, form: HandOverForm) -> str:
    audit.record(current_actor(), "see_hand_overs", case)
    return render_template(
        "cases/hand_overs/case.html", case=case, form=form, hand_overs=hand_overs_of(case)
    )

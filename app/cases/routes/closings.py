"""How a case ends, by whom, and how it is taken up again.

GET  /cases/<id>/close                edit_closing
POST /cases/<id>/close                close
GET  /cases/<id>/transfer             edit_transfer
POST /cases/<id>/transfer             transfer
GET  /cases/<id>/reopen               edit_reopening
POST /cases/<id>/reopen               reopen
POST /case-endings/<id>/sign          sign_ending
POST /case-endings/<id>/withdraw      withdraw_ending
"""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.endings import CloseForm, ReopenForm, TransferForm
from app.cases.models import CaseEnding
from app.cases.queries.endings import find_ending
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import act, carry_out
from app.cases.service import endings as service
from app.platform import clock

CLOSING, TRANSFER, REOPENING = (
    "cases/closings/new.html",
    "cases/closings/transfer.html",
    "cases/closings/reopen.html",
)


@bp.get("/cases/<case_id>/close")
@requires(Permission.WORK_CASE, audits=True)
def edit_closing(case_id: str) -> ResponseReturnValue:
    """The page for the end of a case."""
    return step_page(CLOSING, find_case(case_id), CloseForm(formdata=None, prefix="close"))


@bp.post("/cases/<case_id>/close")
@requires(Permission.WORK_CASE)
def close(case_id: str) -> ResponseReturnValue:
    """End the case with a reason, or ask a second person where it ever was acute."""
    case, form = find_case(case_id), CloseForm(prefix="close")
    ending = carry_out(
        form,
        lambda: service.close_case(
            actor=current_actor(),
            case=case,
            reason=form.reason.data,
            outcome=form.outcome.data,
            note=form.note.data,
        ),
    )
    return go_on(case, ending, _how_it_ended(ending, _("The case is closed.")), CLOSING, form)


@bp.get("/cases/<case_id>/transfer")
@requires(Permission.WORK_CASE, audits=True)
def edit_transfer(case_id: str) -> ResponseReturnValue:
    """The page for handing the whole case on."""
    form = TransferForm(formdata=None, prefix="transfer", handed_on=clock.today())
    return step_page(TRANSFER, find_case(case_id), form)


@bp.post("/cases/<case_id>/transfer")
@requires(Permission.WORK_CASE)
def transfer(case_id: str) -> ResponseReturnValue:
    """Hand the whole case to another school or organisation."""
    case, form = find_case(case_id), TransferForm(prefix="transfer")
    ending = carry_out(
        form,
        lambda: service.transfer_case(
            actor=current_actor(),
            case=case,
            receiver=form.receiver.data,
            basis=form.basis.data,
            handed_on=form.handed_on.data,
            note=form.note.data,
        ),
    )
    return go_on(case, ending, _how_it_ended(ending, _("Handed over.")), TRANSFER, form)


@bp.get("/cases/<case_id>/reopen")
@requires(Permission.WORK_CASE, audits=True)
def edit_reopening(case_id: str) -> ResponseReturnValue:
    """The page for taking a closed case up again."""
    form = ReopenForm(formdata=None, prefix="reopen", next_on=clock.today())
    return step_page(REOPENING, find_case(case_id), form)


@bp.post("/cases/<case_id>/reopen")
@requires(Permission.WORK_CASE)
def reopen(case_id: str) -> ResponseReturnValue:
    """Take a closed case up again; it belongs to who does it."""
    case, form = find_case(case_id), ReopenForm(prefix="reopen")
    done = carry_out(
        form,
        lambda: service.reopen_case(
            actor=current_actor(),
            case=case,
            reason=form.reason.data,
            note=form.note.data,
            risk_level=form.risk_level.data,
            next_on=form.next_on.data,
        ),
    )
    return go_on(case, done, _("The case is open again and yours."), REOPENING, form)


@bp.post("/case-endings/<ending_id>/sign")
@requires(Permission.WORK_CASE)
def sign_ending(ending_id: str) -> ResponseReturnValue:
    """The second person agrees."""
    ending = _find(ending_id)
    act(
        lambda: service.countersign(actor=current_actor(), ending=ending),
        lambda _signed: _("Signed. The case is over."),
    )
    return redirect(url_for("cases.show", case_id=ending.case.public_id))


@bp.post("/case-endings/<ending_id>/withdraw")
@requires(Permission.WORK_CASE)
def withdraw_ending(ending_id: str) -> ResponseReturnValue:
    """The case goes on after all."""
    ending = _find(ending_id)
    act(
        lambda: service.withdraw_ending(actor=current_actor(), ending=ending),
        lambda _withdrawn: _("The case goes on."),
    )
    return redirect(url_for("cases.show", case_id=ending.case.public_id))


def _find(ending_id: str) -> CaseEnding:
    return find_ending(current_actor(), ending_id) or abort(404)


def _how_it_ended(ending: CaseEnding | None, done: str) -> str:
    waits: str = _("A second person has to sign within 24 hours; until then the case goes on.")
    return waits if ending is not None and ending.is_waiting else done

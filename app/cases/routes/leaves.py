"""Leave from school and the return.

GET  /cases/<id>/leave                leave
POST /cases/<id>/leave                begin_leave
POST /leaves/<id>/return              note_return
"""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.leaves import LeaveForm, ReturnForm
from app.cases.queries.leaves import find_leave
from app.cases.queries.promises import leave_of
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import carry_out
from app.cases.service import leaves as service
from app.platform import clock

LEAVE, RETURN = "cases/leaves/new.html", "cases/leaves/return.html"


@bp.get("/cases/<case_id>/leave")
@requires(Permission.WORK_CASE, audits=True)
def leave(case_id: str) -> ResponseReturnValue:
    """The page for a leave, or for the return of who is away."""
    case = find_case(case_id)
    current = leave_of(case)
    if current is not None and current.returned_on is None:
        form = ReturnForm(formdata=None, prefix="return", on=clock.today())
        return step_page(RETURN, case, form, leave=current)
    return step_page(LEAVE, case, LeaveForm(formdata=None, prefix="leave", on=clock.today()))


@bp.post("/cases/<case_id>/leave")
@requires(Permission.WORK_CASE)
def begin_leave(case_id: str) -> ResponseReturnValue:
    """The student stays away for a time."""
    case, form = find_case(case_id), LeaveForm(prefix="leave")
    begun = carry_out(
        form,
        lambda: service.begin_leave(
            actor=current_actor(),
            case=case,
            kind=form.kind.data,
            from_on=form.on.data,
            expected_on=form.expected_on.data,
            contact_person=form.contact_person.data,
        ),
    )
    return go_on(case, begun, _("The leave is written down."), LEAVE, form)


@bp.post("/leaves/<leave_id>/return")
@requires(Permission.WORK_CASE)
def note_return(leave_id: str) -> ResponseReturnValue:
    """The student is back."""
    found = find_leave(current_actor(), leave_id) or abort(404)
    form = ReturnForm(prefix="return")
    promises = carry_out(
        form,
        lambda: service.note_return(actor=current_actor(), leave=found, on=form.on.data),
    )
    done = _("Welcome back. Four talks are promised: after 1, 3, 7 and 30 days.")
    return go_on(found.case, promises, done, RETURN, form, leave=found)

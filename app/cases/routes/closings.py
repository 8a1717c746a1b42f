"""How a case ends.

GET  /cases/<id>/close             edit_closing
POST /cases/<id>/close             close
"""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.cases import CloseForm
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as service

CLOSING = "cases/closings/new.html"


@bp.get("/cases/<case_id>/close")
@requires(Permission.WORK_CASE)
def edit_closing(case_id: str) -> ResponseReturnValue:
    """The page for the end of a case."""
    return step_page(CLOSING, find_case(case_id), CloseForm(formdata=None, prefix="close"))


@bp.post("/cases/<case_id>/close")
@requires(Permission.WORK_CASE)
def close(case_id: str) -> ResponseReturnValue:
    """End the case with a reason."""
    case, form = find_case(case_id), CloseForm(prefix="close")
    done = carry_out(
        form,
        lambda: service.close_case(
            actor=current_actor(), case=case, reason=form.reason.data, note=form.note.data
        ),
    )
    return go_on(case, done, _("The case is closed."), CLOSING, form)

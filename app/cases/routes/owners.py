"""Cases whose owner has left, or leaves.

GET  /cases/reassign                  owners
POST /cases/reassign                  reassign_all
GET  /cases/<id>/owner                edit_owner
POST /cases/<id>/owner                reassign
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.endings import OwnerForm
from app.cases.queries import owners as queries
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import act, carry_out
from app.cases.service import owners as service
from app.people.models import Site
from app.people.queries import account, responders
from app.platform import audit

OWNER = "cases/owners/edit.html"


@bp.get("/cases/reassign")
@requires(Permission.REASSIGN_CASES, audits=True)
def owners() -> ResponseReturnValue:
    """Whose cases need another owner, those of who has left first."""
    groups = queries.cases_by_owner(current_actor())
    audit.record(current_actor(), "see_owners", shown=sum(len(group.cases) for group in groups))
    return render_template("cases/owners/index.html", groups=groups)


@bp.post("/cases/reassign")
@requires(Permission.REASSIGN_CASES)
def reassign_all() -> ResponseReturnValue:
    """Give the ticked cases to one person."""
    owner = account(request.form.get("owner", "")) or abort(404)
    cases = [find_case(public_id) for public_id in request.form.getlist("case")]
    act(
        lambda: service.reassign_all(actor=current_actor(), cases=cases, owner=owner),
        lambda n: _("Cases with a new owner: %(n)s", n=n),
    )
    return redirect(url_for("cases.owners"))


@bp.get("/cases/<case_id>/owner")
@requires(Permission.REASSIGN_CASES, audits=True)
def edit_owner(case_id: str) -> ResponseReturnValue:
    """The page for another owner."""
    case = find_case(case_id)
    return step_page(OWNER, case, _form(case.site, formdata=None))


@bp.post("/cases/<case_id>/owner")
@requires(Permission.REASSIGN_CASES)
def reassign(case_id: str) -> ResponseReturnValue:
    """Give one case another owner."""
    case = find_case(case_id)
    form = _form(case.site)

    def deed() -> bool:
        owner = account(form.owner.data) or abort(404)
        service.reassign(actor=current_actor(), case=case, owner=owner)
        return True

    return go_on(case, carry_out(form, deed), _("The case has a new owner."), OWNER, form)


def _form(site: Site, **given: None) -> OwnerForm:
    return OwnerForm(prefix="owner", **given).offer(responders(site))

"""The support plan of a case.

GET  /cases/<id>/plan                 plan
POST /cases/<id>/plan                 revise_plan
"""

from datetime import timedelta

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.plans import PlanForm
from app.cases.queries.plans import revisions_of
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import carry_out
from app.cases.service import plans as service
from app.platform import clock

#: A plan is proposed to be looked at again after four weeks.
REVIEW = timedelta(weeks=4)
PLAN = "cases/plans/edit.html"


@bp.get("/cases/<case_id>/plan")
@requires(Permission.WORK_CASE, audits=True)
def plan(case_id: str) -> ResponseReturnValue:
    """The plan as it stands, to be gone through; earlier versions below."""
    case = find_case(case_id)
    revisions = revisions_of(case)
    goals = revisions[0].goals if revisions else []
    form = PlanForm(formdata=None, prefix="plan", review_on=clock.today() + REVIEW).offer(goals)
    return step_page(PLAN, case, form, revisions=revisions)


@bp.post("/cases/<case_id>/plan")
@requires(Permission.WORK_CASE)
def revise_plan(case_id: str) -> ResponseReturnValue:
    """Write a new version."""
    case, form = find_case(case_id), PlanForm(prefix="plan")
    revision = carry_out(
        form,
        lambda: service.revise_plan(
            actor=current_actor(),
            case=case,
            goals=form.written,
            review_on=form.review_on.data,
        ),
    )
    done = _("The support plan is saved as a new version.")
    return go_on(case, revision, done, PLAN, form, revisions=revisions_of(case))

"""The guardian step of a case.

GET  /cases/<id>/guardian             guardian
POST /cases/<id>/guardian             record_guardian_step
"""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.guardians import OF_FEAR
from app.cases.forms.guardians import GuardianStepForm
from app.cases.models import Case, GuardianStep
from app.cases.queries.guardians import fear_of, guardian_is_feared, is_out_of_reach, steps_of
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import carry_out
from app.cases.service import guardians as service
from app.platform import clock

STEP = "cases/guardians/edit.html"


@bp.get("/cases/<case_id>/guardian")
@requires(Permission.WORK_CASE, audits=True)
def guardian(case_id: str) -> ResponseReturnValue:
    """How it stands with the guardian, what was said, and the form for what came of it."""
    case = find_case(case_id)
    form = GuardianStepForm(formdata=None, prefix="step", at=clock.local(clock.now()))
    return step_page(STEP, case, _offered(case, form), **_story(case))


@bp.post("/cases/<case_id>/guardian")
@requires(Permission.WORK_CASE)
def record_guardian_step(case_id: str) -> ResponseReturnValue:
    """Write down what the guardian answered, or why nobody asked."""
    case = find_case(case_id)
    form = _offered(case, GuardianStepForm(prefix="step"))
    step = carry_out(form, lambda: _record(case, form))
    return go_on(case, step, _("Written down."), STEP, form, **_story(case))


def _record(case: Case, form: GuardianStepForm) -> GuardianStep:
    chosen = (each for each in case.student.guardians if each.public_id == form.guardian.data)
    answer = form.answer.data
    refusal = service.Refusal(
        second_staff=form.second_staff.data or "",
        paper=form.paper.data,
        witness=form.witness.data or "",
        safety_plan=form.safety_plan.data or "",
    )
    report = None
    if form.reported_at.data:
        at = form.reported_at.data.replace(tzinfo=clock.zone())
        report = service.Report(to=form.reported_to.data or "", at=at)
    return service.record_guardian_step(
        actor=current_actor(),
        case=case,
        answer=answer,
        at=form.at.data.replace(tzinfo=clock.zone()),
        spoken_by=form.spoken_by.data,
        said=form.said.data,
        means=None if answer in OF_FEAR else form.means.data,
        guardian=next(chosen, None),
        refusal=refusal,
        next_try_on=form.next_try_on.data,
        report=report,
    )


def _offered(case: Case, form: GuardianStepForm) -> GuardianStepForm:
    return form.offer(case.student.guardians, is_feared=guardian_is_feared(case))


def _story(case: Case) -> dict[str, object]:
    steps = steps_of(case)
    return {
        "guardian_steps": steps,
        "out_of_reach": is_out_of_reach(steps),
        "fear": fear_of(case),
    }

"""Repeated measures of a case, and the slips for them.

GET  /cases/<id>/measures             measures
POST /cases/<id>/measures             plan_measure
POST /measures/<id>/slips             give_measure
POST /measures/<id>/end               end_measure
GET  /measure-slips/<id>              measure_slip
GET  /measure-slips/<id>/slip.pdf     measure_slip_pdf
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns.slips import entry_address, grouped, print_slips, qr_code
from app.cases import words
from app.cases.domain.errors import CaseError
from app.cases.domain.measures import Every
from app.cases.forms.measures import MeasureForm
from app.cases.models import Case, Measure, MeasureSlip
from app.cases.queries import measures as queries
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import act, carry_out
from app.cases.routes.standing import titles
from app.cases.service import measures as service
from app.platform import audit, clock
from app.platform.db import db
from app.platform.printed import pdf_or_back

MEASURES = "cases/measures/index.html"


@bp.get("/cases/<case_id>/measures")
@requires(Permission.WORK_CASE, audits=True)
def measures(case_id: str) -> ResponseReturnValue:
    """What is repeated, and the form for another one."""
    form = MeasureForm(formdata=None, prefix="measure", first_on=clock.today(), instrument="phq9")
    return _page(find_case(case_id), form)


@bp.post("/cases/<case_id>/measures")
@requires(Permission.WORK_CASE)
def plan_measure(case_id: str) -> ResponseReturnValue:
    """Repeat an instrument from a day on."""
    case, form = find_case(case_id), MeasureForm(prefix="measure").offer(titles().items())
    measure = carry_out(
        form,
        lambda: service.plan_measure(
            actor=current_actor(),
            case=case,
            instrument_code=form.instrument.data,
            every=Every(form.every.data),
            first_on=form.first_on.data,
            until_on=form.until_on.data,
        ),
    )
    more = {"measures": queries.measures_of(case), "titles": titles()}
    return go_on(case, measure, _("The repeated measure is planned."), MEASURES, form, **more)


@bp.post("/measures/<measure_id>/slips")
@requires(Permission.WORK_CASE)
def give_measure(measure_id: str) -> ResponseReturnValue:
    """Make the slip that is due."""
    measure = _find(measure_id)
    try:
        with db.session.begin_nested():
            slip = service.give_measure(actor=current_actor(), measure=measure)
    except CaseError as error:
        flash(words.explain(error), "error")
        return redirect(url_for("cases.measures", case_id=measure.case.public_id))
    return redirect(url_for("cases.measure_slip", slip_id=slip.public_id))


@bp.post("/measures/<measure_id>/end")
@requires(Permission.WORK_CASE)
def end_measure(measure_id: str) -> ResponseReturnValue:
    """Repeat it no more."""
    measure = _find(measure_id)
    act(
        lambda: service.end_measure(actor=current_actor(), measure=measure),
        lambda _ended: _("It is not repeated any more."),
    )
    return redirect(url_for("cases.measures", case_id=measure.case.public_id))


@bp.get("/measure-slips/<slip_id>")
@requires(Permission.WORK_CASE, audits=True)
def measure_slip(slip_id: str) -> ResponseReturnValue:
    """The student's key: to be shown, typed here, or printed like every other slip."""
    slip = _find_slip(slip_id)
    audit.record(current_actor(), "see_measure_slip", slip)
    return render_template(
        "cases/measures/slip.html",
        case=slip.measure.case,
        slip=slip,
        address=entry_address(),
        code=grouped(slip.invitation.code or ""),
        qr=qr_code(f"{entry_address()}/{slip.invitation.token}"),
    )


@bp.get("/measure-slips/<slip_id>/slip.pdf")
@requires(Permission.WORK_CASE, audits=True)
def measure_slip_pdf(slip_id: str) -> ResponseReturnValue:
    """On paper it is a slip like all others."""
    slip = _find_slip(slip_id)
    audit.record(current_actor(), "print_slips", slip.invitation.campaign, slips=1)
    return pdf_or_back(
        lambda: print_slips(slip.invitation.campaign, [slip.invitation]),
        back=url_for("cases.measure_slip", slip_id=slip_id),
        name="slip.pdf",
    )


def _page(case: Case, form: MeasureForm) -> str:
    form.offer(titles().items())
    return step_page(MEASURES, case, form, measures=queries.measures_of(case), titles=titles())


def _find(measure_id: str) -> Measure:
    return queries.find_measure(current_actor(), measure_id) or abort(404)


def _find_slip(slip_id: str) -> MeasureSlip:
    return queries.find_slip(current_actor(), slip_id) or abort(404)

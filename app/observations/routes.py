"""Observation reports, on a phone in the corridor: what I noticed, received, and when I reported.

GET  /observations              index
GET  /observations/new          new
POST /observations              create
GET  /observations/self         ask_for_self
POST /observations/self         create_for_self
GET  /observations/<report_id>  receipt
"""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission, Role
from app.observations import queries, service
from app.observations.forms import ReportForm, SelfForm
from app.people.models import Student
from app.platform import audit, ids

bp = Blueprint("observations", __name__, template_folder="templates")


@bp.get("/observations")
@requires(Permission.REPORT_OBSERVATION)
def index() -> ResponseReturnValue:
    """When I reported something; never about whom, nor what became of it."""
    return render_template("observations/index.html", reports=queries.my_reports(current_actor()))


@bp.get("/observations/new")
@requires(Permission.REPORT_OBSERVATION, audits=True)
def new() -> ResponseReturnValue:
    """The whole report on one page."""
    students = queries.my_students(current_actor())
    audit.record(current_actor(), "see_whom_to_report", shown=len(students))
    form = ReportForm(formdata=None, token=ids.new_public_id()).offer(students)
    return _page(form)


@bp.post("/observations")
@requires(Permission.REPORT_OBSERVATION)
def create() -> ResponseReturnValue:
    """Keep the report; a second press of the same form shows the same receipt."""
    students = queries.my_students(current_actor())
    form = ReportForm().offer(students)
    if not form.validate_on_submit():
        return _not_in_class_or_page(form, students)
    report = service.report_student(
        actor=current_actor(),
        student=next(one for one in students if one.public_id == form.student.data),
        ticked=form.signs.data,
        since=form.since.data,
        form_token=form.token.data,
    )
    return redirect(url_for("observations.receipt", report_id=report.public_id), 303)


@bp.get("/observations/self")
@requires(Permission.REPORT_OBSERVATION)
def ask_for_self() -> ResponseReturnValue:
    """自己: one question, for observers only."""
    _only_observers()
    form = SelfForm(formdata=None, token=ids.new_public_id())
    return render_template("observations/self.html", form=form)


@bp.post("/observations/self")
@requires(Permission.REPORT_OBSERVATION)
def create_for_self() -> ResponseReturnValue:
    """The counsellor on duty hears that this observer asks for a talk."""
    _only_observers()
    form = SelfForm()
    if not form.validate_on_submit():
        return render_template("observations/self.html", form=form), 422
    report = service.report_self(actor=current_actor(), form_token=form.token.data)
    return redirect(url_for("observations.receipt", report_id=report.public_id), 303)


@bp.get("/observations/<report_id>")
@requires(Permission.REPORT_OBSERVATION)
def receipt(report_id: str) -> ResponseReturnValue:
    """Received, and by when a counsellor looks at it."""
    report = queries.my_report(current_actor(), report_id) or abort(404)
    return render_template("observations/receipt.html", report=report)


def _not_in_class_or_page(form: ReportForm, students: Sequence[Student]) -> ResponseReturnValue:
    """Somebody who is not of the class is not there; anything else can be mended."""
    asked = form.student.data
    if asked and asked not in {one.public_id for one in students}:
        abort(404)
    return _page(form), 422


def _page(form: ReportForm) -> str:
    return render_template(
        "observations/new.html", form=form, site=queries.my_site(current_actor())
    )


def _only_observers() -> None:
    if current_actor().role is not Role.STUDENT_OBSERVER:
        abort(404)

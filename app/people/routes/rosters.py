"""The register: classes, students, and what guardians answered.

GET  /roster                          roster
GET  /roster/classes/<id>             cohort
GET  /roster/students/<id>            student
POST /roster/students/<id>/consents   record_consent
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.people.domain import ConsentMeans, ConsentStatus
from app.people.forms import ConsentForm
from app.people.models import Student
from app.people.queries import (
    chosen_site,
    class_counts,
    visible_cohort,
    visible_sites,
    visible_student,
)
from app.people.routes.blueprint import bp
from app.people.service import consents, registers
from app.platform import clock
from app.platform.db import db


@bp.get("/roster")
@requires(Permission.SEE_ROSTER)
def roster() -> ResponseReturnValue:
    """The classes of a school with how many guardians have answered."""
    actor = current_actor()
    asked = request.args.get("site")
    site = chosen_site(actor, asked)
    if asked and site is None:
        abort(404)
    return render_template(
        "people/roster.html",
        site=site,
        sites=db.session.scalars(visible_sites(actor)).all(),
        counts=class_counts(actor, site) if site else [],
    )


@bp.get("/roster/classes/<public_id>")
@requires(Permission.SEE_ROSTER, audits=True)
def cohort(public_id: str) -> ResponseReturnValue:
    """The list of a class."""
    actor = current_actor()
    found = visible_cohort(actor, public_id) or abort(404)
    students = registers.read_class(actor=actor, cohort=found)
    return render_template(
        "people/cohort.html", cohort=found, students=students, today=clock.today()
    )


@bp.get("/roster/students/<public_id>")
@requires(Permission.SEE_ROSTER, audits=True)
def student(public_id: str) -> ResponseReturnValue:
    """One student, and the timeline of the guardian's consent."""
    actor = current_actor()
    found = registers.read_student(actor=actor, student=_student(public_id))
    return _student_page(found, ConsentForm(given_on=clock.today()))


@bp.post("/roster/students/<public_id>/consents")
@requires(Permission.RECORD_CONSENT)
def record_consent(public_id: str) -> ResponseReturnValue:
    """Write down what the guardian answered."""
    found, form = _student(public_id), ConsentForm()
    if not form.validate_on_submit():
        return _student_page(found, form), 422
    consents.record_consent(
        actor=current_actor(),
        student=found,
        status=ConsentStatus(form.status.data),
        means=ConsentMeans(form.means.data),
        given_on=form.given_on.data,
        given_by=form.given_by.data or None,
    )
    flash(_("Recorded."), "success")
    return redirect(url_for("people.student", public_id=public_id))


def _student(public_id: str) -> Student:
    found = visible_student(current_actor(), public_id)
    return found or abort(404)


def _student_page(student: Student, form: ConsentForm) -> str:
    return render_template("people/student.html", student=student, form=form, today=clock.today())

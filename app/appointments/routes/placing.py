"""Placing students with a preview first, and the paper that follows.

GET  /interviews/<day>/place         place
POST /interviews/<day>/place         place_students
GET  /interviews/<day>/slips.pdf     slips
GET  /interviews/<day>/handout.pdf   handout
"""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.appointments import words
from app.appointments.domain.appointments import AppointmentState, PlanChangedError
from app.appointments.models import Appointment, InterviewDay
from app.appointments.queries import days as queries
from app.appointments.routes.blueprint import bp, find_day
from app.appointments.routes.print_slips import print_handout, print_slips
from app.appointments.service import placing as service
from app.platform.printed import pdf_or_back

Printer = Callable[[InterviewDay, Sequence[Appointment]], bytes]


@bp.get("/interviews/<day_id>/place")
@requires(Permission.PLAN_INTERVIEWS, audits=True)
def place(day_id: str) -> ResponseReturnValue:
    """What placing would do: who comes when, and who has no slot and why."""
    return _preview(find_day(day_id))


@bp.post("/interviews/<day_id>/place")
@requires(Permission.PLAN_INTERVIEWS)
def place_students(day_id: str) -> ResponseReturnValue:
    """Place everybody whom the preview showed."""
    day = find_day(day_id)
    try:
        placed = service.place_students(
            actor=current_actor(), day=day, fingerprint=request.form.get("fingerprint", "")
        )
    except PlanChangedError as error:
        flash(words.explain(error), "error")
        return _preview(day), 409
    flash(_("Students placed: %(n)s.", n=len(placed)), "success")
    return redirect(url_for("appointments.show", day_id=day_id))


@bp.get("/interviews/<day_id>/slips.pdf")
@requires(Permission.PLAN_INTERVIEWS, audits=True)
def slips(day_id: str) -> ResponseReturnValue:
    """One neutral slip for each student, in the order of the class lists."""
    return _paper(day_id, print_slips, "slips.pdf")


@bp.get("/interviews/<day_id>/handout.pdf")
@requires(Permission.PLAN_INTERVIEWS, audits=True)
def handout(day_id: str) -> ResponseReturnValue:
    """A list for each class, in the order of the slips, for who hands them out."""
    return _paper(day_id, print_handout, "handout.pdf")


def _preview(day: InterviewDay) -> str:
    found = service.propose(actor=current_actor(), day=day)
    return render_template("appointments/place.html", day=day, proposal=found)


def _paper(day_id: str, printer: Printer, name: str) -> ResponseReturnValue:
    day = find_day(day_id)
    invited = [
        each for each in queries.appointments_of(day) if each.state is AppointmentState.PLANNED
    ]
    if not invited:
        abort(404)
    service.note_printed(actor=current_actor(), day=day, slips=len(invited))
    back = url_for("appointments.show", day_id=day_id)
    return pdf_or_back(lambda: printer(day, invited), back=back, name=name)

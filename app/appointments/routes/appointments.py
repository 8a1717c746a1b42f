"""What became of an appointment, with one tap.

POST /appointments/<id>/attended   attended
POST /appointments/<id>/no-show    no_show
POST /appointments/<id>/move       move
POST /appointments/<id>/cancel     cancel
"""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.appointments import words
from app.appointments.domain.appointments import InterviewError
from app.appointments.models import Appointment
from app.appointments.queries.days import find_appointment
from app.appointments.routes.blueprint import bp
from app.appointments.service import appointments as service
from app.platform.db import db
from app.platform.i18n import as_moment


@bp.post("/appointments/<appointment_id>/attended")
@requires(Permission.PLAN_INTERVIEWS)
def attended(appointment_id: str) -> ResponseReturnValue:
    """The student came."""
    found = _find(appointment_id)
    return _done(found, lambda: service.attend(actor=current_actor(), appointment=found))


@bp.post("/appointments/<appointment_id>/no-show")
@requires(Permission.PLAN_INTERVIEWS)
def no_show(appointment_id: str) -> ResponseReturnValue:
    """The student did not come: back to the queue."""
    found = _find(appointment_id)
    return _done(found, lambda: service.miss(actor=current_actor(), appointment=found))


@bp.post("/appointments/<appointment_id>/move")
@requires(Permission.PLAN_INTERVIEWS)
def move(appointment_id: str) -> ResponseReturnValue:
    """To the next free slot before the student is due."""
    found = _find(appointment_id)

    def deed() -> None:
        moved = service.move(actor=current_actor(), appointment=found)
        db.session.refresh(moved)
        flash(_("Moved to %(time)s. Print the slip anew.", time=as_moment(moved.slot.starts_at)))

    return _done(found, deed)


@bp.post("/appointments/<appointment_id>/cancel")
@requires(Permission.PLAN_INTERVIEWS)
def cancel(appointment_id: str) -> ResponseReturnValue:
    """Call it off; whoever waits goes on waiting in the queue."""
    found = _find(appointment_id)
    return _done(found, lambda: service.cancel(actor=current_actor(), appointment=found))


def _find(appointment_id: str) -> Appointment:
    return find_appointment(current_actor(), appointment_id) or abort(404)


def _done(appointment: Appointment, deed) -> ResponseReturnValue:  # type: ignore[no-untyped-def]
    """Carry it out, and back to the day, at the student's own place on it."""
    day_id, slot_id = appointment.day.public_id, appointment.slot.public_id
    try:
        with db.session.begin_nested():
            deed()
    except InterviewError as error:
        flash(words.explain(error), "error")
    return redirect(url_for("appointments.show", day_id=day_id, _anchor=slot_id))

"""Reasons, states and refusals as people read them."""

from datetime import date, timedelta
from enum import StrEnum

from flask_babel import format_date
from flask_babel import gettext as _

from app.appointments.domain.appointments import (
    AppointmentState,
    DayRefusedError,
    DayTakenError,
    InterviewError,
    NobodyOnDutyError,
    NoFreeSlotError,
    PlanChangedError,
    ProtectedTimeError,
    TellingPlaceError,
)
from app.appointments.domain.placement import Reason
from app.appointments.models import Appointment
from app.platform.i18n import as_moment

A_MONDAY = date(2024, 1, 1)


def reason_word(reason: StrEnum) -> str:
    """Why a student has no slot, and what to do."""
    names: dict[Reason, str] = {
        Reason.SEE_NOW: _("must be seen now: go to them, a slot would be too late"),
        Reason.NO_SLOT: _("no slot is free; plan another day or another half-day of duty"),
        Reason.LESSON: _("the class has protected lessons at every free time"),
        Reason.EXAM: _("the class has an exam that day"),
        Reason.HAS_APPOINTMENT: _("has an appointment that day already"),
    }
    return names[Reason(reason)]


def state_word(state: StrEnum) -> str:
    """What became of an appointment."""
    names: dict[AppointmentState, str] = {
        # Translators: state of an appointment
        AppointmentState.PLANNED: _("invited"),
        # Translators: state of an appointment
        AppointmentState.ATTENDED: _("came"),
        # Translators: state of an appointment
        AppointmentState.NO_SHOW: _("did not come"),
        # Translators: state of an appointment
        AppointmentState.MOVED: _("moved to another time"),
        # Translators: state of an appointment
        AppointmentState.CANCELLED: _("called off"),
    }
    return names[AppointmentState(state)]


def story_line(appointment: Appointment) -> str:
    """One line of an entry's history."""
    when, who = as_moment(appointment.slot.starts_at), appointment.slot.counsellor.name
    line: str = _(
        "Interview %(time)s with %(name)s: %(state)s",
        time=when,
        name=who,
        state=state_word(appointment.state),
    )
    return line


def weekday_word(weekday: int) -> str:
    """Monday for 0."""
    name: str = format_date(A_MONDAY + timedelta(days=weekday), "EEEE")
    return name


def explain(error: InterviewError) -> str:
    """What was wrong, and how to mend it."""
    if isinstance(error, DayRefusedError):
        days: dict[str, str] = {
            "past": _("This day has passed. Choose today or a later day."),
            "holiday": _("There is no school on this day. Choose a school day."),
            "exam": _("This is an exam day; nobody is called out of an exam. Choose another day."),
        }
        return days[error.why]
    refusals: dict[type[InterviewError], str] = {
        DayTakenError: _("This school has an interview day on that date already."),
        NobodyOnDutyError: _(
            "No counsellor of this school is free and on duty in its hours on that day. "
            "Enter a shift under “Duty” first."
        ),
        TellingPlaceError: _(
            "This name tells classmates what the talk is about, and it stands on the slip. "
            "Write where the room is: building, floor, number."
        ),
        ProtectedTimeError: _("The end must be later than the beginning."),
        NoFreeSlotError: _(
            "No slot is free before the student is due. See them outside the interview day, "
            "or plan another one."
        ),
        PlanChangedError: _("The queue has changed meanwhile. Look at the new proposal."),
    }
    otherwise: str = _("This has moved on meanwhile. This is how it stands now.")
    return refusals.get(type(error), otherwise)

"""An appointment's states, where it came from, and what cannot be done."""

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class AppointmentState(StrEnum):
    """Planned, then one of four ends; a moved one is followed by another."""

    PLANNED = "planned"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    MOVED = "moved"
    CANCELLED = "cancelled"

    @property
    def holds_slot(self) -> bool:
        """Whether the slot is used up by it."""
        return self not in {AppointmentState.MOVED, AppointmentState.CANCELLED}


class Origin(StrEnum):
    """Why a student is invited; only counsellors ever see the difference."""

    ENTRY = "entry"
    RANDOM = "random"


STEPS: dict[AppointmentState, frozenset[AppointmentState]] = {
    AppointmentState.PLANNED: frozenset(set(AppointmentState) - {AppointmentState.PLANNED}),
    # Who was late, or was counted as missed because nobody had said so, can still be marked.
    AppointmentState.NO_SHOW: frozenset({AppointmentState.ATTENDED}),
    AppointmentState.ATTENDED: frozenset(),
    AppointmentState.MOVED: frozenset(),
    AppointmentState.CANCELLED: frozenset(),
}

#: From this hour of the day on, who is not marked counts as not having come.
EVENING = time(20, 0)


def evening(day: date, closes_at: time, zone: ZoneInfo) -> datetime:
    """When a day of interviews is over: in the evening, at boarding schools at closing time."""
    return datetime.combine(day, max(EVENING, closes_at), zone)


class InterviewError(Exception):
    """Something cannot be done; `field` is where the page says so."""

    field = "on"


class DayRefusedError(InterviewError):
    """No interviews on such a day: it is past, a holiday, or an exam day."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DayTakenError(InterviewError):
    """The school has an interview day on that date already."""


class NobodyOnDutyError(InterviewError):
    """No counsellor is on duty in the school's hours of that day."""


class TellingPlaceError(InterviewError):
    """A place whose name tells what the talk is about cannot stand on a slip."""

    field = "rooms"


class ProtectedTimeError(InterviewError):
    """A protected time ends before it begins."""

    field = "ends"


class NoFreeSlotError(InterviewError):
    """No slot is free before the student is due."""


class PlanChangedError(InterviewError):
    """The queue or the day has changed since the preview was shown."""


class AppointmentStateError(InterviewError):
    """The appointment has moved on since the page was shown."""

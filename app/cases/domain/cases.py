"""The life of a case: its states, which step may follow which, and how long it may wait."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from app.cases.domain.errors import NextDateError
from app.triage.domain import RiskLevel


class CaseState(StrEnum):
    """The life of a case."""

    OPEN = "open"
    ASSESSING = "assessing"
    SUPPORTING = "supporting"
    MONITORING = "monitoring"
    TRANSFERRED = "transferred"
    CLOSED = "closed"

    @property
    def is_over(self) -> bool:
        """Whether nobody owes the student a next date any more."""
        return self in (CaseState.TRANSFERRED, CaseState.CLOSED)


STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset(
        {CaseState.ASSESSING, CaseState.SUPPORTING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.ASSESSING: frozenset(
        {CaseState.SUPPORTING, CaseState.MONITORING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.SUPPORTING: frozenset(
        {CaseState.ASSESSING, CaseState.MONITORING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.MONITORING: frozenset(
        {CaseState.ASSESSING, CaseState.SUPPORTING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.TRANSFERRED: frozenset(),
    # Reopening, by a person with a reason and within a time.
    CaseState.CLOSED: frozenset({CaseState.ASSESSING}),
}
"""Which step may follow which. Back to assessing is always possible: people change."""


ENDS = frozenset(state for state in CaseState if state.is_over)
"""A case that has come to one of these is over."""


def working_steps(state: CaseState) -> list[CaseState]:
    """The state itself and those that a contact may lead to; ending a case is a step of its own."""
    return [step for step in CaseState if step is state or step in STEPS[state] - ENDS]


class Modality(StrEnum):
    """How a contact took place."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    HOME_VISIT = "home_visit"


class Counterpart(StrEnum):
    """With whom a contact was."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    CLASS_TEACHER = "class_teacher"
    HOSPITAL = "hospital"
    OTHER = "other"


def is_acute(level: RiskLevel) -> bool:
    """Whether a case of this level ends with two signatures, whatever it comes to later."""
    return level.urgency >= RiskLevel.HIGH.urgency


#: How many days a person in an open case may wait for the next date, by the level a person set.
#: The times are ours, for a clinician to sign; 72 hours is when a crisis is looked at again.
LONGEST_WAIT = {
    RiskLevel.IMMINENT: timedelta(days=3),
    RiskLevel.HIGH: timedelta(days=14),
    RiskLevel.MODERATE: timedelta(days=31),
    RiskLevel.LOW: timedelta(days=100),
    RiskLevel.NONE: timedelta(days=100),
}


def latest_next_date(level: RiskLevel, *, today: date, promised: Iterable[date | None]) -> date:
    """The last day that may be promised: what the level allows, and nothing past a promise.

    A promise that is overdue already allows today.
    """
    days = [today + LONGEST_WAIT[level], *(day for day in promised if day is not None)]
    return max(min(days), today)


def check_next_date(next_on: date, *, today: date, latest: date) -> None:
    """Raise `NextDateError` unless the date is today or later and not past `latest`."""
    if not today <= next_on <= max(latest, today):
        raise NextDateError(max(latest, today))


class ClosingReason(StrEnum):
    """Why a case ends."""

    GOALS_REACHED = "goals_reached"
    NO_NEED_FOUND = "no_need_found"
    IN_TREATMENT = "in_treatment"
    MOVED_AWAY = "moved_away"
    DECLINED_SUPPORT = "declined_support"
    #: Given by the end of a drill alone; nobody chooses it.
    DRILL_OVER = "drill_over"


#: The reasons that a person may give.
BY_PEOPLE = tuple(each for each in ClosingReason if each is not ClosingReason.DRILL_OVER)

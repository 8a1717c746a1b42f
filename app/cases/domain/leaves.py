"""Leave from school and the promises after the return."""

from datetime import date, timedelta
from enum import StrEnum

#: Days after the return on which the student is met. The rhythm is ours, for a clinician to sign.
RETURN_DAYS = (1, 3, 7, 30)


class LeaveKind(StrEnum):
    """Why a student is away."""

    TREATMENT = "treatment"
    REST = "rest"
    FAMILY = "family"
    OTHER = "other"


def promised_days(returned_on: date) -> list[tuple[int, date]]:
    """The number of each day, and its date."""
    return [(day, returned_on + timedelta(days=day)) for day in RETURN_DAYS]

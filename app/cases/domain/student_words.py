"""The fixed sentences that a student may find behind the PIN."""

from datetime import timedelta
from enum import StrEnum

from app.cases.domain.errors import CaseError


class Phrase(StrEnum):
    """Short and neutral: whoever looks over the shoulder learns nothing."""

    COMING_AT_BREAK = "coming_at_break"
    COMING_AT_NOON = "coming_at_noon"
    COMING_AFTER_SCHOOL = "coming_after_school"
    COME_ANY_TIME = "come_any_time"
    MISSED_YOU = "missed_you"

    @property
    def names_a_day(self) -> bool:
        """Whether the sentence promises a day."""
        return self not in {Phrase.COME_ANY_TIME, Phrase.MISSED_YOU}


#: A sentence is for the coming days; a later promise is a date of the case.
LATEST = timedelta(days=14)
#: A sentence without a day is shown for so long.
SHOWN = timedelta(days=14)


class ReplyDayError(CaseError):
    """The sentence names a day that is missing, past or too far away."""

    field = "day"

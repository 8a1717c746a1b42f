"""Case conferences (个案会商): what was asked, what was agreed, and who does what by when."""

from dataclasses import dataclass
from datetime import date

from app.cases.domain.errors import CaseError


@dataclass(frozen=True)
class Agreed:
    """One thing that somebody does until a day."""

    who: str
    what: str
    due_on: date


class MeetingDateError(CaseError):
    """A meeting that has not taken place cannot be written down yet."""

    field = "held_on"


class TooFewError(CaseError):
    """A conference is more than one person."""

    field = "members"


#: Somebody in charge of a case does not confer alone.
FEWEST = 2

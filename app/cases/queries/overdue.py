"""What has fallen silent in a case: who it is about, and since when."""

from dataclasses import dataclass
from datetime import date

from app.cases.models import Case
from app.people.models import Student


@dataclass(frozen=True)
class Overdue:
    """Something promised for a student that has not happened."""

    student: Student
    case: Case
    since: date

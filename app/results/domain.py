"""Words and events of results."""

from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    """Why somebody should look."""

    CRITICAL = "critical"
    CUTOFF = "cutoff"
    ATTENTION = "attention"
    #: The student asked for it: talk today, this week, or company now.
    REQUEST = "request"
    #: Words in free text that must be read by a person.
    WORDS = "words"
    #: Answers that cannot be relied on: they are asked for again.
    QUALITY = "quality"


@dataclass(frozen=True)
class FlagsRaised:
    """New flags of one sitting stand in the database, in this transaction."""

    assessment_id: int
    flag_ids: tuple[int, ...]


@dataclass(frozen=True)
class SittingGiven:
    """A person has said that this other student answered; what its flags say is about them."""

    assessment_id: int
    student_id: int


class WrongStudentError(ValueError):
    """Who should have answered is of another school, or is whom the slip names anyway."""


class NothingToReturnError(ValueError):
    """The sitting counts as it stands already."""

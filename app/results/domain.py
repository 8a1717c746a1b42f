"""Words and events of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Fewer students who answered all of a scale, and it gets no figure: an item's mean would tell too
#: much about each of them, and be too unsure.
FEWEST_IN_FIGURES = 30
#: Fewer in a group, and its scores are not shown.
FEWEST_IN_GROUP = 10


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


class Difference(StrEnum):
    """How differently two groups with the same score answer an item."""

    NONE = "none"
    SOME = "some"
    LARGE = "large"


class WeighingState(StrEnum):
    """How far the work has come that weighs a changed instrument against past answers."""

    WAITING = "waiting"
    READY = "ready"
    CANCELLED = "cancelled"


class RescoringState(StrEnum):
    """Where a re-scoring of a school's past results stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    APPROVED = "approved"
    DONE = "done"


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


class SecondPersonError(ValueError):
    """Who proposed that results are scored again does not decide about it."""


class NotInServiceError(ValueError):
    """Only a version in service scores results again; a draft does not."""


class DecidedAlreadyError(ValueError):
    """Somebody was quicker: it has been decided about, or is over."""


class WrongStudentError(ValueError):
    """Who should have answered is of another school, or is whom the slip names anyway."""


class NothingToReturnError(ValueError):
    """The sitting counts as it stands already."""


def hidden_groups(counts: Sequence[int]) -> frozenset[int]:
    """The places of groups that are too small to be shown.

    Where one alone would be hidden, the whole would give it away: then the smallest other group is
    hidden with it. A group without anybody hides nobody.
    """
    small = [place for place, count in enumerate(counts) if 0 < count < FEWEST_IN_GROUP]
    others = [place for place, count in enumerate(counts) if count >= FEWEST_IN_GROUP]
    if len(small) == 1 and others:
        small.append(min(others, key=lambda place: counts[place]))
    return frozenset(small)

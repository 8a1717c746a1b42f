"""Words and events of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Fewer students who answered all of a scale, and it gets no figure: an item's mean would tell too
#: much about each of them, and be too unsure.
FEWEST_IN_FIGURES = 30
#: Fewer in a group, and its scores are not shown.
FEWEST_IN_GROUP = 10
#: Fewer in a group, and it gets no norms: a steady mean and deviation usually take 50 people.
FEWEST_IN_NORMS = 50


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
    #: It stopped at a result that it cannot score; a person lets it try anew, or withdraws it.
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


#: While one of these stands, no other re-scoring of the instrument begins at the school.
OPEN = (RescoringState.PROPOSED, RescoringState.APPROVED, RescoringState.FAILED)
#: So often the same batch is tried before a re-scoring counts as failed: about two minutes.
MOST_TRIES = 5


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


class NoNormsError(ValueError):
    """The campaign is under way, or too few students of the school answered it."""


class SecondPersonError(ValueError):
    """Who proposed or made something does not decide about it."""


class NotInServiceError(ValueError):
    """Only a version in service scores results again; a draft does not."""


class DecidedAlreadyError(ValueError):
    """Somebody was quicker: it has been decided about, or is over."""


class NotYoursError(ValueError):
    """Only who began or decided something, or who answers for it, stops it."""


class WrongStudentError(ValueError):
    """Who should have answered is of another school, or is whom the slip names anyway."""


class NothingToReturnError(ValueError):
    """The sitting counts as it stands already."""


def hidden_groups(counts: Sequence[int], *, fewest: int = FEWEST_IN_GROUP) -> frozenset[int]:
    """The places of groups that are too small to be shown; an empty one is: between none and one
    lies one student.

    Where one alone would be hidden, the whole would give it away, and where all that are hidden
    are a few together, it would give those away: then the smallest others are hidden with them.
    """
    hidden = [place for place, count in enumerate(counts) if count < fewest]
    others = [place for place, count in enumerate(counts) if count >= fewest]
    others.sort(key=lambda place: counts[place], reverse=True)
    while hidden and others and (len(hidden) == 1 or sum(counts[one] for one in hidden) < fewest):
        hidden.append(others.pop())
    return frozenset(hidden)


def shelves(counts: Sequence[int], *, split: int) -> list[range]:
    """Neighbouring places put together until each shelf holds enough people to be shown.

    Everything that is told of a distribution is told of whole shelves, so that no two figures
    differ by fewer people. Shelves are filled outwards from `split`, the place where a published
    cut-off lies, which so stays an edge wherever either side has enough people.
    """
    below = [
        range(split - len(s) - s.start, split - s.start) for s in _filled(counts[:split][::-1])
    ]
    above = [range(split + s.start, split + s.stop) for s in _filled(counts[split:])]
    found = [*reversed(below), *above]
    sides = sum(counts[:split]), sum(counts[split:])
    if below and above and min(sides) < FEWEST_IN_GROUP:
        edge = len(below)
        found[edge - 1 : edge + 1] = [range(found[edge - 1].start, found[edge].stop)]
    return found


def _filled(counts: Sequence[int]) -> list[range]:
    """From the first place on; what is left at the end joins the last shelf."""
    found, start, held = [], 0, 0
    for place, count in enumerate(counts):
        held += count
        if held >= FEWEST_IN_GROUP:
            found.append(range(start, place + 1))
            start, held = place + 1, 0
    if start < len(counts):
        first = found.pop().start if found else start
        found.append(range(first, len(counts)))
    return found

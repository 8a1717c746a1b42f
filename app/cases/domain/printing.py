"""Printed summaries: for whom they are written, how they are printed, when a release is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Students whose sheets are written and printed in one step: some seconds of work, in which
#: no call waits long, and two engines of 25 each.
BATCH = 50
#: How long a finished file waits to be fetched, and may be fetched again once it was.
FILE_LASTS, FETCH_LASTS = timedelta(days=1), timedelta(minutes=15)


class Rendering(StrEnum):
    """For whom a profile summary is written."""

    COUNSELLOR = "counsellor"
    STUDENT = "student"
    GUARDIAN = "guardian"
    REFERRAL = "referral"

    @property
    def holds_results(self) -> bool:
        """Whether a score may stand on it; students and guardians all get the same words."""
        return self in (Rendering.COUNSELLOR, Rendering.REFERRAL)


class EnvelopeOrder(StrEnum):
    """How the sheets lie in the pile: class by class, for each class has a list of its own."""

    ROLL = "roll"
    NAME = "name"
    TEACHER = "teacher"


def by_pinyin(name: str) -> bytes:
    """Sorts names as a Chinese list does: the common characters stand in it by their sound.

    GB 18030 keeps the order of GB 2312, whose first 3,755 characters are arranged by pinyin; rarer
    ones follow, arranged by radical.
    """
    return name.encode("gb18030", "replace")


class RunState(StrEnum):
    """How far one printing of a release has come."""

    GATHERING = "gathering"
    PRINTING = "printing"
    READY = "ready"
    CANCELLED = "cancelled"
    FAILED = "failed"
    #: The file was kept for its time and is gone.
    OVER = "over"


#: Work is going on, and can be stopped.
UNDER_WAY = frozenset({RunState.GATHERING, RunState.PRINTING})


class RunStateError(Exception):
    """This is not the moment for that step."""


class ReleaseOverError(Exception):
    """All copies are printed, or the release has expired."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document of a part stands in the pile: behind `before` pages."""

    part: int
    index: int
    pages: int
    before: int


def lay(fronts: Sequence[int], batches: Sequence[Sequence[Sequence[int]]]) -> Iterator[Place]:
    """The pile: the cover, then of each class its list and the sheets of its students.

    Part 0 are the sheets in front, as many pages as `fronts` says; each batch is one part more, and
    says class and pages of its documents. Without fronts the students' sheets follow each other.
    """
    before, classes = 0, 0
    standing: int | None = None
    if fronts:
        yield Place(0, 0, fronts[0], 0)
        before = fronts[0]
    for part, batch in enumerate(batches, 1):
        for index, (cohort, pages) in enumerate(batch):
            if fronts and cohort != standing:
                standing, classes = cohort, classes + 1
                yield Place(0, classes, fronts[classes], before)
                before += fronts[classes]
            yield Place(part, index, pages, before)
            before += pages

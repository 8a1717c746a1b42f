"""What a class board may say of a student: where the sitting stands, never what it says.

Everything here comes from the slip and from the fact that the device was heard. Answers, flags and
the wish to talk are no input, so that two classes that differ in them give the same board; and an
end that came too soon to have been an answering one (a refusal, the neutral questions of who has
no consent) is shown no sooner than the quickest honest one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Without a new answer or page for so long somebody might look.
STUCK_AFTER = timedelta(minutes=3)
#: A device that used to report itself every half minute and is not heard for so long is cut off.
SILENT_AFTER = timedelta(seconds=100)
#: Who has not gone on for so long is not in the room any more, or has put the phone down.
LEFT_AFTER = timedelta(minutes=30)
#: The quickest honest sitting: reading the notice, and three seconds a question.
READING, AN_ITEM = timedelta(seconds=30), timedelta(seconds=3)


class Standing(StrEnum):
    """Where a student stands, in the order in which a proctor has to act."""

    HELP = "help"
    SLIP = "slip"
    SILENT = "silent"
    STUCK = "stuck"
    UNDER_WAY = "under_way"
    LEFT = "left"
    NOT_BEGUN = "not_begun"
    FINISHED = "finished"


#: Whom a proctor should go and see.
URGENT = (Standing.HELP, Standing.SLIP, Standing.SILENT, Standing.STUCK)


class Completion(StrEnum):
    """All that a class teacher learns."""

    FINISHED = "finished"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Signs:
    """What the server knows of one student without looking at an answer.

    `begun_at` is when the sitting at hand began, `first_begun_at` when the slip was first used;
    `heard_at` is empty for a device that does not report itself: then nobody can tell whether it
    is cut off, and no answer for some minutes is all that can be said.
    """

    first_begun_at: datetime | None = None
    completed_at: datetime | None = None
    begun_at: datetime | None = None
    moved_at: datetime | None = None
    heard_at: datetime | None = None
    is_waiting: bool = False
    is_over: bool = False
    wants_help: bool = False
    is_stopped: bool = False


def standing(signs: Signs, *, items: int, now: datetime) -> Standing:
    """Where the student stands in a battery of so many items."""
    if not signs.is_over:
        if signs.wants_help:
            return Standing.HELP
        if signs.is_stopped:
            return Standing.SLIP
    if signs.completed_at is not None:
        return Standing.FINISHED if has_come_to_end(signs, items, now) else Standing.UNDER_WAY
    if signs.begun_at is None:
        return Standing.NOT_BEGUN
    return _under_way(signs, signs.begun_at, now)


def has_come_to_end(signs: Signs, items: int, now: datetime) -> bool:
    """Whether the end may be shown: not before an honest sitting could have come to it."""
    if signs.completed_at is None:
        return False
    began = signs.first_begun_at or signs.completed_at
    return now >= began + READING + items * AN_ITEM


def completion(signs: Signs, *, items: int, now: datetime, is_excused: bool) -> Completion:
    """Finished or not yet; who is not asked looks finished."""
    is_done = is_excused or has_come_to_end(signs, items, now)
    return Completion.FINISHED if is_done else Completion.NOT_YET


def counts(standings: Iterable[Standing]) -> dict[Standing, int]:
    """How many stand where, in the order of the words."""
    found = list(standings)
    return {each: found.count(each) for each in Standing}


def _under_way(signs: Signs, begun_at: datetime, now: datetime) -> Standing:
    quiet = now - max(signs.moved_at or begun_at, begun_at)
    if quiet > LEFT_AFTER:
        return Standing.LEFT
    if signs.heard_at is not None and (signs.is_waiting or now - signs.heard_at > SILENT_AFTER):
        return Standing.SILENT
    return Standing.STUCK if quiet > STUCK_AFTER else Standing.UNDER_WAY

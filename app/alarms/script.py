"""The script of a drill: what has to have happened after how many minutes, and why.

Every time here is ours, for a clinician to sign: no source sets minutes for schools.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Any change raises it; a drill keeps the version that it was measured by.
VERSION = "1.0.0"
#: A drill lasts no longer: one lesson.
LASTS = timedelta(minutes=40)
#: A school drills every month (promise P20); nothing opens after a longer pause (P16).
EVERY = timedelta(days=30)


class DrillStep(StrEnum):
    """What is looked for in a drill, in the order of the script."""

    TOLD = "told"
    GOING = "going"
    SECOND = "second"
    CONTACT = "contact"
    GUARDIAN = "guardian"
    NEXT_DATE = "next_date"
    TIMELINE = "timeline"
    ENDED = "ended"


@dataclass(frozen=True)
class Mark:
    """A step with its target; `because` is for the clinician who signs."""

    step: DrillStep
    within: timedelta
    because: str
    #: Without it the drill is not passed.
    required: bool = True


SCRIPT: tuple[Mark, ...] = (
    Mark(
        DrillStep.TOLD,
        timedelta(minutes=1),
        "A message that takes longer than a minute leaves the ladder no time before its next rung.",
    ),
    Mark(
        DrillStep.GOING,
        timedelta(minutes=5),
        "After five minutes the second responder is called: the first has not come.",
    ),
    Mark(
        DrillStep.SECOND,
        timedelta(minutes=7),
        "Only where the first lets it ring on purpose: the ladder is rehearsed too.",
        required=False,
    ),
    Mark(
        DrillStep.CONTACT,
        timedelta(minutes=15),
        "The fast lane asks for a person with the student within 15 minutes.",
    ),
    Mark(
        DrillStep.GUARDIAN,
        timedelta(minutes=25),
        "The guardian is told, or it is written down why not, before the student goes home.",
    ),
    Mark(
        DrillStep.NEXT_DATE,
        timedelta(minutes=30),
        "No talk ends without the next one (promise P19).",
    ),
    Mark(
        DrillStep.TIMELINE,
        timedelta(minutes=35),
        "Somebody has read who knew what when: the drill is there to be learned from.",
    ),
    Mark(
        DrillStep.ENDED,
        LASTS,
        "A lesson's length; somebody ends it on purpose, it does not run out.",
    ),
)


class Standing(StrEnum):
    """How a step stands: it can still be taken, or it was taken in time, late, or never."""

    OPEN = "open"
    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True)
class Reached:
    """A step of the script and when it happened, counted from the start."""

    mark: Mark
    after: timedelta | None
    standing: Standing

    @property
    def is_failure(self) -> bool:
        """Whether the drill cannot be passed any more because of it."""
        return self.mark.required and self.standing in (Standing.LATE, Standing.MISSED)


def measure(
    started_at: datetime, happened: Mapping[DrillStep, datetime], *, until: datetime, over: bool
) -> list[Reached]:
    """The script beside what happened; what is still to come is open until its time is over."""
    return [_reached(mark, started_at, happened, until, over) for mark in SCRIPT]


def is_passed(reached: Sequence[Reached]) -> bool:
    """Every required step in time: the pass mark."""
    return all(step.standing is Standing.IN_TIME for step in reached if step.mark.required)


def _reached(
    mark: Mark,
    started_at: datetime,
    happened: Mapping[DrillStep, datetime],
    until: datetime,
    over: bool,
) -> Reached:
    at = happened.get(mark.step)
    if at is not None:
        after = at - started_at
        return Reached(mark, after, Standing.IN_TIME if after <= mark.within else Standing.LATE)
    if over:
        return Reached(mark, None, Standing.MISSED)
    is_late = mark.required and until - started_at > mark.within
    return Reached(mark, None, Standing.LATE if is_late else Standing.OPEN)

"""Measures that are repeated: how often, and when the next one is due."""

from datetime import date, timedelta
from enum import IntEnum

#: A slip for a repeated measure can be answered for so long.
SLIP_LASTS = timedelta(days=14)


class Every(IntEnum):
    """How often, in days."""

    WEEK = 7
    TWO_WEEKS = 14
    FOUR_WEEKS = 28
    EIGHT_WEEKS = 56
    TWELVE_WEEKS = 84


def next_due(due_on: date, every_days: int, *, today: date) -> date:
    """The first date of the rhythm that is still to come; what was missed is not heaped up."""
    missed = max(0, (today - due_on).days) // every_days
    return due_on + timedelta(days=every_days * (missed + 1))

"""Words, events and refusals of observation reports."""

from dataclasses import dataclass
from enum import StrEnum

MOST_SIGNS = 3
"""Three changes say enough: a report takes less than a minute."""


class Since(StrEnum):
    """How long the change has been seen."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    LONGER = "longer"


@dataclass(frozen=True)
class ObservationReported:
    """A report stands in the database, in this transaction."""

    report_id: int


class SignsError(ValueError):
    """A report needs one to three signs of the list."""

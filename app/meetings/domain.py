"""Review meetings (研判会) with their figures, and supervision by sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.results.domain import hidden_groups

#: Inside a school a count of fewer people than this could be recognised (safety promise P29).
FEWEST_SHOWN = 5
SEPTEMBER = 9


@dataclass(frozen=True)
class SchoolYear:
    """From the first of September to the end of the next August."""

    first: int

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """The school year in which a day lies."""
        return cls(day.year if day.month >= SEPTEMBER else day.year - 1)

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date(self.first, SEPTEMBER, 1)

    @property
    def ends_before(self) -> date:
        """The first day of the next."""
        return date(self.first + 1, SEPTEMBER, 1)


def without_small(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts that add up to a known whole, without those by which somebody could be recognised.

    Counts below 5 become None, 0 with them: between none and one lies one student. Where one alone
    or a few together are hidden, the whole would give them away: the smallest others go too.
    """
    hidden = hidden_groups(list(counts.values()), fewest=FEWEST_SHOWN)
    return {
        name: None if place in hidden else count
        for place, (name, count) in enumerate(counts.items())
    }


@dataclass(frozen=True)
class Decided:
    """A decision with whoever carries it, and until when."""

    what: str
    who: str
    due_on: date


class Verdict(StrEnum):
    """What a supervisor finds on one point of the checklist."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Point(StrEnum):
    """What a supervisor looks for in a case; the list is ours, for a clinician to sign."""

    IN_TIME = "in_time"
    RISK_REASONED = "risk_reasoned"
    SAFETY_ASKED = "safety_asked"
    GUARDIAN_STEP = "guardian_step"
    PLAN_FITS = "plan_fits"
    NEXT_DATES_KEPT = "next_dates_kept"
    REFERRAL_CLOSED = "referral_closed"
    NOTES_FIT = "notes_fit"


class MeetingRefusedError(ValueError):
    """A meeting that has not been held, or without a decision."""


class DrawRefusedError(ValueError):
    """There is nothing to draw from, or more is asked for than there is."""

"""How a case ends: with whom the student is afterwards, on what basis, and who signs."""

from datetime import date, datetime, timedelta
from enum import StrEnum

#: An acute case ends with two signatures; the second is asked for within this (promise P19).
SECOND_SIGNATURE = timedelta(hours=24)
#: How long a closed case may be taken up again; later a new one begins. The figure is ours.
REOPEN_WITHIN = timedelta(days=365)


class EndingKind(StrEnum):
    """Closed here, or handed to another school or organisation."""

    CLOSING = "closing"
    TRANSFER = "transfer"


class Outcome(StrEnum):
    """What holds for the student after the case."""

    FOLLOWED_UP = "followed_up"
    TAKEN_OVER = "taken_over"
    NO_FOLLOW_UP = "no_follow_up"


class TransferBasis(StrEnum):
    """What allows handing the whole file on."""

    GUARDIAN_CONSENT = "guardian_consent"
    ADULT_CONSENT = "adult_consent"
    DANGER = "danger"


class ReopeningReason(StrEnum):
    """Why a closed case is taken up again."""

    STUDENT_ASKED = "student_asked"
    NEW_WORRY = "new_worry"
    GUARDIAN_ASKED = "guardian_asked"
    PARTNER_ASKED = "partner_asked"


def may_reopen(closed_at: datetime, now: datetime) -> bool:
    """Whether the closing is recent enough to go on with the same file."""
    return now - closed_at <= REOPEN_WITHIN


def outcome_suffices(
    outcome: Outcome, *, is_acute: bool, was_met: bool, was_referred: bool
) -> bool:
    """Whether the outcome is true of the file; an acute case needs a follow-up or a partner."""
    if outcome is Outcome.FOLLOWED_UP:
        return was_met
    if outcome is Outcome.TAKEN_OVER:
        return was_referred
    return not is_acute


def earliest(*days: date | None) -> date | None:
    """The first of the days that are there."""
    return min((day for day in days if day is not None), default=None)

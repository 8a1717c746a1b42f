"""Where things stand with a guardian, and what each answer asks of the school."""

from datetime import date, timedelta
from enum import StrEnum

from app.triage.domain import RiskLevel

#: A refusal at the two highest levels is looked at again within a week. The figure is ours.
REFUSAL_REVIEW = timedelta(days=7)
#: After so many tries other guardians are called, and the residents' committee.
TRIES = 3


class GuardianAnswer(StrEnum):
    """What came of speaking with the guardian, or why nobody did."""

    INFORMED = "informed"
    AGREES = "agrees"
    REFUSES = "refuses"
    UNREACHABLE = "unreachable"
    FEARED_SOURCE = "feared_source"
    FEAR_LIFTED = "fear_lifted"


#: Only these say whether a guardian is feared; no other answer ends a fear.
OF_FEAR = (GuardianAnswer.FEARED_SOURCE, GuardianAnswer.FEAR_LIFTED)


class PaperForm(StrEnum):
    """The paper after a refusal."""

    SIGNED = "signed"
    REFUSED_TO_SIGN = "refused_to_sign"


def review_by(answer: GuardianAnswer | None, level: RiskLevel, *, today: date) -> date | None:
    """The latest next date while a guardian refuses help for a student in danger."""
    is_grave = level.urgency >= RiskLevel.HIGH.urgency
    if answer is GuardianAnswer.REFUSES and is_grave:
        return today + REFUSAL_REVIEW
    return None

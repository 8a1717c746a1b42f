"""A sitting that was left after a critical answer: nobody knows how urgent it is."""

from app.assessments.domain import CLOSING
from app.assessments.models import Assessment
from app.assessments.queries import current_responses
from app.platform.db import db, only
from app.results import findings
from app.results.domain import FlagKind
from app.results.service.flags import FlagRegister


def flag_silence(*, assessment_id: int) -> None:
    """Raise that the question about company was left unanswered, and tell downstream."""
    # Several pages of the queue may find the same silence at once: the later ones wait.
    sitting = db.session.get_one(Assessment, assessment_id, with_for_update=only(Assessment))
    register = FlagRegister(sitting)
    register.add(findings.of_unanswered_company(refused=False))
    register.publish()


def flag_left(*, assessment_id: int) -> None:
    """The sitting was given up; after a critical answer this counts as urgent, at once."""
    sitting = db.session.get_one(Assessment, assessment_id)
    register = FlagRegister(sitting)
    company = current_responses(assessment_id).get(CLOSING, {}).get("company")
    is_answered = company is not None and company.value is not None
    if not is_answered and any(flag.kind is FlagKind.CRITICAL for flag in register.flags):
        register.add(findings.of_unanswered_company(refused=company is not None))
        register.publish()

"""A sitting that went silent after a critical answer: nobody knows how urgent it is."""

from app.assessments.models import Assessment
from app.platform.db import db, only
from app.results import findings
from app.results.service.flags import FlagRegister


def flag_silence(*, assessment_id: int) -> None:
    """Raise that the question about company was left unanswered, and tell downstream."""
    # Several pages of the queue may find the same silence at once: the later ones wait.
    sitting = db.session.get_one(Assessment, assessment_id, with_for_update=only(Assessment))
    register = FlagRegister(sitting)
    register.add(findings.of_unanswered_company(refused=False))
    register.publish()

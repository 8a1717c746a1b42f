"""Whether a student whose answer raised a flag is still answering."""

from sqlalchemy import exists, select

from app.assessments.domain import CLOSING, AssessmentState
from app.assessments.models import Assessment, Response
from app.cases.models import QueueEntry
from app.platform.db import db


def is_answering(entry: QueueEntry) -> bool:
    """Whether one of the entry's sittings is under way and has not answered about company."""
    answered = exists().where(
        Response.assessment_id == Assessment.id,
        Response.instrument_code == CLOSING,
        Response.item_code == "company",
        Response.value.is_not(None),
    )
    query = select(Assessment.id).where(
        Assessment.id.in_({flag.assessment_id for flag in entry.flags}),
        Assessment.state == AssessmentState.STARTED,
        ~answered,
    )
    return db.session.scalar(query.limit(1)) is not None

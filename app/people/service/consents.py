"""A guardian's consent is a timeline: every answer is a new row, none is changed."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.domain import ConsentMeans, ConsentStatus
from app.people.models import Consent, Student
from app.platform import audit, clock
from app.platform.db import db


def record_consent(
    *,
    actor: Actor,
    student: Student,
    status: ConsentStatus,
    means: ConsentMeans = ConsentMeans.PAPER,
    given_on: date,
    given_by: str | None = None,
) -> Consent:
    """Write down what the guardian answered, when and how."""
    require(actor, Permission.RECORD_CONSENT, student)
    consent = Consent(
        site_id=student.site_id,
        student_id=student.id,
        status=status,
        means=means,
        given_on=given_on,
        given_by=given_by,
        recorded_by=actor.ref,
        recorded_at=clock.now(),
    )
    db.session.add(consent)
    audit.record(
        actor, "record_consent", student, status=status.value, means=means.value, on=str(given_on)
    )
    return consent

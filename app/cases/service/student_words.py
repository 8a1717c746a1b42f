"""A word for the student: one fixed sentence, read behind slip and PIN."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.student_words import LATEST, Phrase, ReplyDayError
from app.cases.models import StudentReply
from app.people.models import Student
from app.platform import audit, clock
from app.platform.db import db


def leave_word(*, actor: Actor, student: Student, phrase: Phrase, day: date | None) -> StudentReply:
    """Leave a sentence; a sentence that promises a day needs one of the coming days."""
    require(actor, Permission.WORK_QUEUE, student)
    today = clock.today()
    if phrase.names_a_day and not (day and today <= day <= today + LATEST):
        raise ReplyDayError
    reply = StudentReply(
        site_id=student.site_id,
        student_id=student.id,
        user_id=actor.user_id,
        phrase=phrase,
        day=day if phrase.names_a_day else None,
        written_at=clock.now(),
    )
    db.session.add(reply)
    audit.record(actor, "leave_word", reply, phrase=phrase.value)
    return reply

"""Writes of special tags: set with a reason and a day to look again, ended, never deleted."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import DeniedError, require
from app.access.permissions import Permission
from app.cases.domain.tags import TagDateError, TagKind, TagSetError
from app.cases.models import StudentTag
from app.cases.queries.tags import may_see_tags, tags_of
from app.people.models import Student
from app.platform import audit, clock
from app.platform.db import db, only


def see_tags(*, actor: Actor, student: Student) -> None:
    """Every look is kept in the log, also the look that finds none."""
    _require(actor, student)
    audit.record(actor, "see_tags", student)


def set_tag(
    *, actor: Actor, student: Student, kind: TagKind, reason: str, since_on: date, review_on: date
) -> StudentTag:
    """Set a tag with its reason; each kind once."""
    _require(actor, student)
    if not since_on <= clock.today() < review_on:
        raise TagDateError
    db.session.get_one(Student, student.id, with_for_update=only(Student))
    if any(tag.kind is kind and tag.ended_at is None for tag in tags_of(student)):
        raise TagSetError
    tag = StudentTag(
        site_id=student.site_id,
        student_id=student.id,
        kind=kind,
        since_on=since_on,
        review_on=review_on,
        set_by_id=actor.user_id,
        set_at=clock.now(),
        reason=reason,
    )
    db.session.add(tag)
    audit.record(actor, "set_tag", tag)
    return tag


def end_tag(*, actor: Actor, tag: StudentTag) -> None:
    """The circumstance is over; the row stays and says until when it held."""
    _require(actor, tag.student)
    tag.ended_at, tag.ended_by_id = clock.now(), actor.user_id
    audit.record(actor, "end_tag", tag)


def _require(actor: Actor, student: Student) -> None:
    require(actor, Permission.SEE_TAGS, student)
    if not may_see_tags(actor, student):
        raise DeniedError(Permission.SEE_TAGS)

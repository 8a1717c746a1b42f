"""Reads of special tags; they start from whom the actor may see them of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.access.permissions import Role
from app.cases.domain.tags import SEALING
from app.cases.models import StudentTag
from app.people.models import Student
from app.people.queries import visible_students
from app.platform.db import db


def find_tagged(actor: Actor, public_id: str) -> Student | None:
    """The student, if the actor may see special tags of this one."""
    query = visible_students(actor).where(Student.public_id == public_id, _may_see(actor))
    return db.session.scalar(query)


def may_see_tags(actor: Actor, student: Student) -> bool:
    """Whether a live grant opens the student to the actor, or the actor leads the site."""
    query = select(Student.id).where(Student.id == student.id, _may_see(actor))
    return db.session.scalar(query) is not None


def tags_of(student: Student) -> Sequence[StudentTag]:
    """Every tag of the student, live ones first; for who may see them."""
    query = select(StudentTag).where(StudentTag.student_id == student.id)
    query = query.order_by(StudentTag.ended_at.is_not(None), StudentTag.id.desc())
    return db.session.scalars(query.options(joinedload(StudentTag.set_by))).all()


def find_tag(actor: Actor, public_id: str) -> StudentTag | None:
    """One live tag of a student of whom the actor may see tags."""
    query = (
        select(StudentTag)
        .join(StudentTag.student)
        .where(StudentTag.public_id == public_id, StudentTag.ended_at.is_(None), _may_see(actor))
    )
    return db.session.scalar(query)


def is_sealed(student_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The student of this column has a live tag that seals the case."""
    return exists().where(
        StudentTag.student_id == student_id,
        StudentTag.kind == SEALING,
        StudentTag.ended_at.is_(None),
    )


def _may_see(actor: Actor) -> ColumnElement[bool]:
    if actor.is_operator or (actor.role is Role.CRISIS_LEAD and actor.everywhere):
        return true()
    by_grant = Student.id.in_(granted(actor, Scope.STUDENT))
    if actor.role is Role.CRISIS_LEAD:
        return or_(by_grant, Student.site_id.in_(actor.site_ids))
    return by_grant

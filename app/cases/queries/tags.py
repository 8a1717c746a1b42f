"""Reads of special tags; they start from whom the actor may see them of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.access.permissions import Role
from app.cases.domain.cases import ENDS
from app.cases.domain.tags import SEALING, TagKind
from app.cases.models import Case, StudentTag
from app.people.models import Student
from app.people.queries import visible_students
from app.platform.db import db
from app.results.proposals import Proposal, proposed_tags


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


def proposals(actor: Actor, student: Student) -> list[Proposal]:
    """Tags that the student's own answers propose and that are not set; a person decides."""
    live = {tag.kind.value for tag in tags_of(student) if tag.ended_at is None}
    known = {kind.value for kind in TagKind} - live
    return [each for each in proposed_tags(actor, student) if each.code in known]


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
    # An alias: the condition also stands in queries of tags themselves.
    seal = aliased(StudentTag)
    return exists().where(
        seal.student_id == student_id, seal.kind == SEALING, seal.ended_at.is_(None)
    )


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """A seal holds against grants too: else whoever takes an entry on could end it."""
    if actor.is_operator or (actor.role is Role.CRISIS_LEAD and actor.everywhere):
        return true()
    owned = select(Case.student_id).where(Case.owner_id == actor.user_id, Case.state.not_in(ENDS))
    by_grant = and_(
        Student.id.in_(granted(actor, Scope.STUDENT)),
        or_(~is_sealed(Student.id), Student.id.in_(owned)),
    )
    if actor.role is Role.CRISIS_LEAD:
        return or_(by_grant, Student.site_id.in_(actor.site_ids))
    return by_grant

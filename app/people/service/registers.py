"""Reading names is a deed too: lists and pages of students leave an audit row."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import Cohort, Student
from app.platform import audit
from app.platform.db import db


def read_class(*, actor: Actor, cohort: Cohort) -> Sequence[Student]:
    """The students of a class in the order of the list, with what their guardians answered."""
    require(actor, Permission.SEE_ROSTER, cohort)
    query = (
        select(Student)
        .where(Student.cohort_id == cohort.id, Student.left_at.is_(None))
        .order_by(Student.position, Student.id)
        .options(selectinload(Student.consents))
    )
    students = db.session.scalars(query).all()
    audit.record(actor, "read_class", cohort, students=len(students))
    return students


def read_student(*, actor: Actor, student: Student) -> Student:
    """One student with guardians and the timeline of consent."""
    require(actor, Permission.SEE_ROSTER, student)
    audit.record(actor, "read_student", student)
    return student

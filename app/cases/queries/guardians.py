"""Reads of where things stand with guardians."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from app.cases.domain.guardians import OF_FEAR, TRIES, GuardianAnswer
from app.cases.models import Case, GuardianStep
from app.people.models import Student
from app.platform.db import db


@dataclass(frozen=True)
class Fear:
    """Since when a guardian is feared, and the step that carries the report of it."""

    since: GuardianStep
    report: GuardianStep | None


def steps_of(case: Case) -> Sequence[GuardianStep]:
    """Every step with the guardians, the newest first."""
    query = (
        select(GuardianStep)
        .where(GuardianStep.case_id == case.id)
        .order_by(GuardianStep.at.desc(), GuardianStep.id.desc())
        .options(joinedload(GuardianStep.user), joinedload(GuardianStep.guardian))
    )
    return db.session.scalars(query).all()


def standing_of(case: Case) -> GuardianStep | None:
    """The newest step: how it stands with the guardian now."""
    query = select(GuardianStep).where(GuardianStep.case_id == case.id)
    query = query.order_by(GuardianStep.at.desc(), GuardianStep.id.desc()).limit(1)
    return db.session.scalar(query)


def is_out_of_reach(steps: Sequence[GuardianStep]) -> bool:
    """Whether the last tries in a row all failed, and others are to be called."""
    last = [step.answer for step in steps[:TRIES]]
    return len(last) == TRIES and set(last) == {GuardianAnswer.UNREACHABLE}


def fear_of(case: Case) -> Fear | None:
    """The fear that stands for the student of a case; steps count in the order of their writing."""
    query = _steps_of_student(case.student_id).where(GuardianStep.answer.in_(OF_FEAR))
    newest = db.session.scalar(query.limit(1))
    if newest is None or newest.answer is GuardianAnswer.FEAR_LIFTED:
        return None
    owed = owed_reports(case.student_id)
    report = _steps_of_student(case.student_id).where(GuardianStep.reported_at.is_not(None))
    return Fear(newest, None if owed else db.session.scalar(report.limit(1)))


def guardian_is_feared(case: Case) -> bool:
    """Whether nobody may call or write to the guardians: one of them is what the student fears."""
    return bool(feared_students([case.student_id]))


def owed_reports(student_id: int) -> Sequence[GuardianStep]:
    """Fears of the student that nobody has reported yet, as the law asks at once."""
    query = select(GuardianStep).join(GuardianStep.case).where(Case.student_id == student_id)
    return db.session.scalars(query.where(is_unreported())).all()


def is_unreported() -> ColumnElement[bool]:
    """The step tells of a fear, and neither it nor a later one of the student has the report."""
    later, its_case = aliased(GuardianStep), aliased(Case)
    reported = exists().where(
        later.case_id == its_case.id,
        its_case.student_id == Case.student_id,
        later.reported_at.is_not(None),
        later.id >= GuardianStep.id,
    )
    return and_(GuardianStep.answer == GuardianAnswer.FEARED_SOURCE, ~reported)


def may_be_written_home(students: Sequence[Student]) -> list[Student]:
    """Those whose guardians may be written to; letters to a feared one are never made."""
    feared = feared_students(student.id for student in students)
    return [student for student in students if student.id not in feared]


def feared_students(student_ids: Iterable[int]) -> set[int]:
    """Those of the students who fear a guardian; only the word that it is over ends a fear."""
    newest = (
        select(func.max(GuardianStep.id))
        .join(Case, Case.id == GuardianStep.case_id)
        .where(Case.student_id.in_(list(student_ids)), GuardianStep.answer.in_(OF_FEAR))
        .group_by(Case.student_id)
    )
    query = (
        select(Case.student_id)
        .join(GuardianStep, GuardianStep.case_id == Case.id)
        .where(GuardianStep.id.in_(newest), GuardianStep.answer == GuardianAnswer.FEARED_SOURCE)
    )
    return set(db.session.scalars(query))


def _steps_of_student(student_id: int) -> Select[GuardianStep]:
    query = select(GuardianStep).join(GuardianStep.case).where(Case.student_id == student_id)
    return query.order_by(GuardianStep.id.desc())

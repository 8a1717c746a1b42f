"""Reads of where things stand with guardians."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.cases.domain.guardians import TRIES, GuardianAnswer
from app.cases.models import Case, GuardianStep
from app.people.models import Student
from app.platform.db import db


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


def guardian_is_feared(case: Case) -> bool:
    """Whether nobody may call or write to the guardians: one of them is what the student fears."""
    return bool(feared_students([case.student_id]))


def may_be_written_home(students: Sequence[Student]) -> list[Student]:
    """Those whose guardians may be written to; letters to a feared one are never made."""
    feared = feared_students(student.id for student in students)
    return [student for student in students if student.id not in feared]


def feared_students(student_ids: Iterable[int]) -> set[int]:
    """Those of the students whose newest word about a guardian is that they are feared."""
    newest = (
        select(func.max(GuardianStep.id))
        .join(Case, Case.id == GuardianStep.case_id)
        .where(Case.student_id.in_(list(student_ids)))
        .group_by(Case.student_id)
    )
    query = (
        select(Case.student_id)
        .join(GuardianStep, GuardianStep.case_id == Case.id)
        .where(GuardianStep.id.in_(newest), GuardianStep.answer == GuardianAnswer.FEARED_SOURCE)
    )
    return set(db.session.scalars(query))

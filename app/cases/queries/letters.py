"""Reads of what was sent: care notices to class teachers, letters to guardians."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.models import CareNotice, CareNoticeReading, Case, GuardianLetter
from app.cases.queries.cases import visible_to
from app.people.models import RoleAssignment, Student, User
from app.platform import clock
from app.platform.db import db


def live_notice(case: Case) -> CareNotice | None:
    """The notice that the class teachers of this case's student find now."""
    query = _live().where(CareNotice.case_id == case.id)
    return db.session.scalar(query.options(*_with_readers()))


def last_notice(case: Case) -> CareNotice | None:
    """The notice sent last, live or over."""
    query = select(CareNotice).where(CareNotice.case_id == case.id).order_by(CareNotice.id.desc())
    return db.session.scalar(query.limit(1).options(*_with_readers()))


def notices_for(actor: Actor) -> Sequence[CareNotice]:
    """The live notices about students of the teacher's own classes, the newest first."""
    query = _for_teacher(actor).order_by(CareNotice.sent_at.desc(), CareNotice.id.desc())
    return db.session.scalars(query).unique().all()


def find_notice(actor: Actor, public_id: str) -> CareNotice | None:
    """One live notice about a student of the teacher's own classes."""
    return db.session.scalar(_for_teacher(actor).where(CareNotice.public_id == public_id))


def teachers_of(case: Case) -> Sequence[User]:
    """Who will find a notice: the class teachers of the student's class."""
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role == Role.CLASS_TEACHER,
        RoleAssignment.cohort_id == case.student.cohort_id,
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return db.session.scalars(query).all()


def letters_of(case: Case) -> Sequence[GuardianLetter]:
    """The letters to the guardian, the newest first."""
    query = select(GuardianLetter).where(GuardianLetter.case_id == case.id)
    return db.session.scalars(query.order_by(GuardianLetter.id.desc())).all()


def find_letter(actor: Actor, public_id: str) -> GuardianLetter | None:
    """One letter of a case that the actor may see."""
    query = select(GuardianLetter).where(
        GuardianLetter.public_id == public_id,
        GuardianLetter.case_id.in_(visible_to(actor).with_only_columns(Case.id)),
    )
    return db.session.scalar(query)


def _live() -> Select[CareNotice]:
    return select(CareNotice).where(
        CareNotice.withdrawn_at.is_(None), CareNotice.expires_at > clock.now()
    )


def _for_teacher(actor: Actor) -> Select[CareNotice]:
    """Who has moved to another class is no longer in it: the old class teacher need not know."""
    return (
        _live()
        .join(CareNotice.student)
        .where(
            CareNotice.cohort_id.in_(actor.cohort_ids), Student.cohort_id == CareNotice.cohort_id
        )
        .options(
            joinedload(CareNotice.student),
            joinedload(CareNotice.cohort),
            joinedload(CareNotice.user),
            *_with_readers(),
        )
    )


def _with_readers() -> tuple[ORMOption, ...]:
    return (selectinload(CareNotice.readings).joinedload(CareNoticeReading.user),)

"""Reads of releases; every list starts from what the actor may see."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.domain.printing import UNDER_WAY, EnvelopeOrder, RunState, by_pinyin
from app.cases.models import PrintRun, SummaryRelease
from app.people.models import CLASSES_IN_ORDER, RoleAssignment, Student, User
from app.platform import clock
from app.platform.db import db, hold_row


def visible_to(actor: Actor) -> Select[SummaryRelease]:
    """Releases for the actor's sites."""
    scope = true() if actor.everywhere else SummaryRelease.site_id.in_(actor.site_ids)
    return select(SummaryRelease).where(scope)


def open_releases(actor: Actor) -> Sequence[SummaryRelease]:
    """What can still be printed, the newest first."""
    query = (
        visible_to(actor)
        .where(SummaryRelease.copies_left > 0, SummaryRelease.expires_at > clock.now())
        .order_by(SummaryRelease.released_at.desc(), SummaryRelease.id.desc())
        .options(
            joinedload(SummaryRelease.campaign),
            joinedload(SummaryRelease.cohort),
            joinedload(SummaryRelease.released_by),
            selectinload(SummaryRelease.students),
        )
    )
    return db.session.scalars(query).all()


def find_release(actor: Actor, public_id: str) -> SummaryRelease | None:
    """One release, if the actor may see it; a copy is taken from it under a lock."""
    query = (
        visible_to(actor)
        .where(SummaryRelease.public_id == public_id)
        .with_for_update(of=SummaryRelease)
    )
    return db.session.scalar(query)


def visible_runs(actor: Actor) -> Select[PrintRun]:
    """Printings at the actor's sites."""
    scope = true() if actor.everywhere else PrintRun.site_id.in_(actor.site_ids)
    return select(PrintRun).where(scope).options(joinedload(PrintRun.release))


def live_runs(actor: Actor) -> Sequence[PrintRun]:
    """What is being printed or waits to be fetched, the newest first."""
    states = [*UNDER_WAY, RunState.READY]
    query = visible_runs(actor).where(PrintRun.state.in_(states)).order_by(PrintRun.id.desc())
    return db.session.scalars(query).all()


def find_run(actor: Actor, public_id: str) -> PrintRun | None:
    """One printing, if the actor may see it."""
    return db.session.scalar(visible_runs(actor).where(PrintRun.public_id == public_id))


def runs_of(release: SummaryRelease) -> Sequence[PrintRun]:
    """Printings of a release that have not come to an end."""
    states = [*UNDER_WAY, RunState.READY]
    query = select(PrintRun).where(PrintRun.release_id == release.id, PrintRun.state.in_(states))
    return db.session.scalars(query.with_for_update()).all()


def held_run(run_id: int) -> PrintRun:
    """The printing as it is now, until the end of this transaction.

    Its release is held first, as whoever prints or withdraws one holds it: copies are given back.
    """
    release_id = db.session.get_one(PrintRun, run_id).release_id
    hold_row(SummaryRelease, release_id)
    hold_row(PrintRun, run_id)
    return db.session.get_one(PrintRun, run_id, populate_existing=True)


def runs_past(moment: datetime) -> Sequence[PrintRun]:
    """Printings whose file has waited long enough."""
    states = [*UNDER_WAY, RunState.READY]
    query = select(PrintRun).where(PrintRun.state.in_(states), PrintRun.expires_at <= moment)
    return db.session.scalars(query.with_for_update()).all()


def released_students(release: SummaryRelease, order: EnvelopeOrder) -> Sequence[Student]:
    """Whom a release covers in the order of the pile: class by class, and never one class twice."""
    query = (
        select(Student)
        .join(Student.cohort)
        .where(Student.id.in_([student.id for student in release.students]))
        .order_by(*CLASSES_IN_ORDER, Student.position, Student.id)
    )
    students = db.session.scalars(query).all()
    classes = {cohort: n for n, cohort in enumerate(dict.fromkeys(s.cohort_id for s in students))}
    if order is EnvelopeOrder.NAME:
        # Sorting is stable: equal names stay in the order of the roll.
        return sorted(students, key=lambda s: (classes[s.cohort_id], by_pinyin(s.name or "")))
    if order is EnvelopeOrder.TEACHER:
        teachers = class_teachers(classes)
        return sorted(students, key=lambda s: _teacher_first(s, teachers, classes))
    return students


def _teacher_first(
    student: Student, teachers: dict[int, str], classes: dict[int, int]
) -> tuple[bool, bytes, int]:
    """By class teacher, classes of one beside each other; those without one come last."""
    teacher = teachers.get(student.cohort_id, "")
    return not teacher, by_pinyin(teacher), classes[student.cohort_id]


def class_teachers(cohort_ids: Iterable[int]) -> dict[int, str]:
    """Names of the class teachers of these classes; a class without one is missing."""
    query = (
        select(RoleAssignment)
        .join(RoleAssignment.user)
        .where(
            RoleAssignment.role == Role.CLASS_TEACHER,
            RoleAssignment.cohort_id.in_(cohort_ids),
            User.active,
        )
        .order_by(User.id)
        .options(joinedload(RoleAssignment.user))
    )
    names: dict[int, list[str]] = {}
    for post in db.session.scalars(query):
        names.setdefault(post.cohort_id or 0, []).append(post.user.name or "")
    return {cohort: _(", ").join(several) for cohort, several in names.items()}


def students_in(ids: Sequence[int]) -> list[Student]:
    """These students with school and class, in this order."""
    query = select(Student).where(Student.id.in_(ids))
    found = db.session.scalars(query.options(joinedload(Student.site), joinedload(Student.cohort)))
    by_id = {student.id: student for student in found}
    return [by_id[one] for one in ids if one in by_id]

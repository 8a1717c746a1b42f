"""Roster imports: planned against the register, then done in one transaction or not at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.domain import ConsentMeans, ConsentStatus, StudentsMoved
from app.people.models import Cohort, Consent, Guardian, Site, Student
from app.people.roster.plan import KnownStudent, Outcome, PlannedRow, RosterPlan, plan_roster
from app.people.roster.reading import RosterTable
from app.people.roster.rows import GuardianEntry, RosterRow
from app.people.roster.words import class_key, class_number, number_key
from app.platform import audit, clock, events
from app.platform.db import db


class RosterRefusedError(ValueError):
    """Rows are rejected and have been neither mended nor left out."""

    def __init__(self, plan: RosterPlan) -> None:
        self.plan = plan
        super().__init__(f"{plan.counts[Outcome.REJECTED]} rows are rejected")


def plan_import(
    *,
    actor: Actor,
    site: Site,
    table: RosterTable,
    left_out: Collection[int] = (),
    apart: Collection[str] = (),
) -> RosterPlan:
    """Say what the file would change at the site; nothing is written."""
    require(actor, Permission.IMPORT_ROSTER, site)
    return _Register(site).plan(table, left_out, apart)


def import_roster(
    *,
    actor: Actor,
    site: Site,
    table: RosterTable,
    left_out: Collection[int] = (),
    apart: Collection[str] = (),
) -> RosterPlan:
    """Bring the register to what the file says; all its rows but those left out, or none."""
    require(actor, Permission.IMPORT_ROSTER, site)
    register = _Register(site)
    plan = register.plan(table, left_out, apart)
    if plan.counts[Outcome.REJECTED]:
        raise RosterRefusedError(plan)
    register.carry_out(plan, actor)
    counts = {outcome.value: count for outcome, count in plan.counts.items()}
    audit.record(actor, "import_roster", site, classes=len(plan.new_classes), **counts)
    if register.moved:
        events.publish(StudentsMoved(tuple(register.moved)))
    return plan


class _Register:
    """A site's students and classes in memory: read once, compared, brought up to date."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.today = clock.today()
        self.moved: list[int] = []
        cohorts = db.session.scalars(
            select(Cohort).where(Cohort.site_id == site.id, ~Cohort.is_synthetic)
        )
        self.cohorts = {class_key(cohort.name): cohort for cohort in cohorts}
        self.cohort_names = {cohort.id: cohort.name for cohort in self.cohorts.values()}
        students = db.session.scalars(
            select(Student).where(Student.site_id == site.id, ~Student.is_synthetic)
        )
        self.students = {student.student_no_index: student for student in students}
        self.guardians = _by_student(
            db.session.scalars(select(Guardian).where(Guardian.site_id == site.id))
        )
        consents = select(Consent).where(Consent.site_id == site.id).order_by(Consent.id)
        self.consents = {c.student_id: c for c in db.session.scalars(consents)}

    def plan(
        self, table: RosterTable, left_out: Collection[int], apart: Collection[str]
    ) -> RosterPlan:
        return plan_roster(
            table,
            known_by_number=self._known,
            known_classes={cohort.name: cohort.grade for cohort in self.cohorts.values()},
            today=self.today,
            left_out=left_out,
            apart=apart,
        )

    def carry_out(self, plan: RosterPlan, actor: Actor) -> None:
        self._open_classes(plan.new_classes)
        for name, grade in plan.regraded.items():
            self.cohorts[class_key(name)].grade = grade
        done = [
            (row, row.student, self._write_student(row, row.student))
            for row in plan.rows
            if row.student is not None and row.outcome is not Outcome.DUPLICATE
        ]
        db.session.flush()
        self._rank([student for _, _, student in done])
        for row, entry, student in done:
            if entry.guardian:
                self._write_guardian(student, entry.guardian)
            if row.brings_answer and entry.consent_on:
                self._record_answer(student, entry, actor)
        db.session.flush()

    def _find(self, student_no: str) -> Student | None:
        return self.students.get(_index(student_no))

    def _known(self, student_no: str) -> KnownStudent | None:
        student = self._find(student_no)
        if student is None:
            return None
        consent = self.consents.get(student.id)
        return KnownStudent(
            name=student.name or "",
            class_name=self.cohort_names[student.cohort_id],
            sex=student.sex,
            birth_date=student.birth_date,
            guardians=tuple(
                GuardianEntry(guardian.name, guardian.relation, guardian.phone)
                for guardian in self.guardians[student.id]
            ),
            consent=(consent.status, consent.given_on) if consent else None,
            has_left=student.left_at is not None,
        )

    def _open_classes(self, classes: Mapping[str, int | None]) -> None:
        for name, grade in classes.items():
            position = class_number(name) or len(self.cohorts) + 1
            cohort = Cohort(site_id=self.site.id, name=name, grade=grade, position=position)
            db.session.add(cohort)
            self.cohorts[class_key(name)] = cohort
        db.session.flush()

    def _write_student(self, row: PlannedRow, entry: RosterRow) -> Student:
        cohort = self.cohorts[class_key(entry.class_name)]
        student = self._find(entry.student_no)
        if student is None:
            student = Student(
                site_id=self.site.id,
                cohort_id=cohort.id,
                student_no=entry.student_no,
                created_at=clock.now(),
            )
            db.session.add(student)
            self.students[student.student_no_index] = student
        elif row.outcome is Outcome.UNCHANGED:
            return student
        if student.cohort_id != cohort.id:
            student.cohort_id, student.position = cohort.id, 0
            self.moved.append(student.id)
        student.name = entry.name
        student.sex = entry.sex or student.sex
        student.birth_date = entry.birth_date or student.birth_date
        student.left_at = None
        return student

    def _rank(self, in_file: Iterable[Student]) -> None:
        """A class that stands in the file as a whole takes its order; else newcomers go last."""
        members = _by_class(self.students.values())
        for cohort_id, listed in _by_class(in_file).items():
            everyone = members[cohort_id]
            is_whole = len(listed) == len(everyone)
            order = listed if is_whole else sorted(everyone, key=_newcomers_last)
            for position, student in enumerate(order, start=1):
                if student.position != position:
                    student.position = position

    def _write_guardian(self, student: Student, entry: GuardianEntry) -> None:
        known = self.guardians[student.id]
        guardian = next((g for g in known if _is_same_guardian(g, entry)), None)
        if guardian is None:
            guardian = Guardian(site_id=self.site.id, student_id=student.id)
            db.session.add(guardian)
            known.append(guardian)
        for name in ("name", "relation", "phone"):
            said = getattr(entry, name)
            if said and said != getattr(guardian, name):
                setattr(guardian, name, said)

    def _record_answer(self, student: Student, entry: RosterRow, actor: Actor) -> None:
        db.session.add(
            Consent(
                site_id=self.site.id,
                student_id=student.id,
                status=ConsentStatus.REFUSED if entry.refuses else ConsentStatus.GIVEN,
                means=ConsentMeans.PAPER,
                given_on=entry.consent_on,
                given_by=entry.guardian.name if entry.guardian else None,
                recorded_by=actor.ref,
                recorded_at=clock.now(),
            )
        )


def _newcomers_last(student: Student) -> tuple[bool, int, int]:
    return not student.position, student.position, student.id


def _by_class(students: Iterable[Student]) -> dict[int, list[Student]]:
    found: dict[int, list[Student]] = defaultdict(list)
    for student in students:
        found[student.cohort_id].append(student)
    return found


def _index(student_no: str) -> bytes:
    return Student.student_no.look_up(Student, number_key(student_no))


def _by_student(guardians: Iterable[Guardian]) -> dict[int, list[Guardian]]:
    found: dict[int, list[Guardian]] = defaultdict(list)
    for guardian in guardians:
        found[guardian.student_id].append(guardian)
    return found


def _is_same_guardian(known: Guardian, entry: GuardianEntry) -> bool:
    """The same name, or the same relation where one of the names is unknown."""
    if known.name and entry.name:
        return known.name == entry.name
    return known.relation == entry.relation

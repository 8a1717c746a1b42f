"""What a roster would change, row by row: decided here, shown before, done after."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.people.domain import ConsentStatus, Sex
from app.people.roster.columns import Column
from app.people.roster.problems import N_, RosterProblem
from app.people.roster.reading import RawRow, RosterTable
from app.people.roster.rows import GuardianEntry, RosterRow, read_row
from app.people.roster.words import class_key, guess_grade, loose_class_key, number_key


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    LEFT_OUT = "left_out"


_CONSENT = (Column.CONSENT, Column.CONSENT_DATE)


@dataclass(frozen=True, slots=True)
class KnownStudent:
    """A student as the register has one."""

    name: str
    class_name: str
    sex: Sex | None
    birth_date: date | None
    guardians: tuple[GuardianEntry, ...]
    consent: tuple[ConsentStatus, date] | None
    has_left: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a row changes; a student who comes back has no `column`."""

    column: Column | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with its outcome; `student` is empty where the row is rejected or left out."""

    raw: RawRow
    outcome: Outcome
    student: RosterRow | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[RosterProblem, ...] = ()

    @property
    def line(self) -> int:
        """The line of the file, whose header is line 1."""
        return self.raw.line

    @property
    def brings_answer(self) -> bool:
        """Whether the row adds a guardian's consent or refusal."""
        return any(change.column in _CONSENT for change in self.changes)

    @property
    def known_as(self) -> str:
        """The name that the register has under this number, where the row says another."""
        renamed = (c.before for c in self.changes if c.column is Column.NAME)
        return next(renamed, "")


@dataclass(frozen=True)
class RosterPlan:
    """Every row of a file with what would become of it."""

    rows: tuple[PlannedRow, ...]
    new_classes: Mapping[str, int | None]
    regraded: Mapping[str, int]
    read_as: Mapping[str, str]
    """Classes spelt otherwise than the register has them, with the class they are taken for."""
    kept_apart: Mapping[str, str]
    """Such classes of which somebody has said that they are others."""

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    def with_outcome(self, outcome: Outcome | None) -> list[PlannedRow]:
        """The rows of one outcome, or all."""
        return [row for row in self.rows if outcome is None or row.outcome is outcome]

    @cached_property
    def fingerprint(self) -> str:
        """Equal for plans that would do the same to the same lines; holds no personal data."""
        deeds = [[row.line, row.outcome, [c.column for c in row.changes]] for row in self.rows]
        done = [deeds, sorted(self.read_as.items())]
        return hashlib.sha256(json.dumps(done).encode()).hexdigest()[:32]


KnownBy = Callable[[str], KnownStudent | None]


def plan_roster(
    table: RosterTable,
    *,
    known_by_number: KnownBy,
    known_classes: Mapping[str, int | None],
    today: date,
    left_out: Collection[int] = (),
    apart: Collection[str] = (),
) -> RosterPlan:
    """Decide about every row; `known_classes` maps the names of classes to their grades.

    Classes in `apart` are new ones, however much they look like one that is known.
    """
    known_grades = {class_key(name): grade for name, grade in known_classes.items()}
    read = {row.line: read_row(row, today) for row in table.rows if row.line not in left_out}
    students = {line: found for line, found in read.items() if isinstance(found, RosterRow)}
    alike = _alike(students.values(), known_classes)
    read_as = {name: known for name, known in alike.items() if name not in apart}
    for line, student in students.items():
        class_name = read_as.get(student.class_name, student.class_name)
        read[line] = students[line] = replace(student, class_name=class_name)
    clashes = _clashes(students)
    rows = []
    for raw in table.rows:
        found = read.get(raw.line)
        if found is None:
            rows.append(PlannedRow(raw, Outcome.LEFT_OUT))
        elif not isinstance(found, RosterRow):
            rows.append(PlannedRow(raw, Outcome.REJECTED, problems=found))
        elif raw.line in clashes:
            rows.append(_clashing(raw, found, clashes[raw.line]))
        else:
            rows.append(_compared(raw, found, known_by_number(found.student_no)))
    grades = _grades(row.student for row in rows if row.outcome is not Outcome.REJECTED)
    return RosterPlan(
        tuple(rows),
        new_classes={n: _grade(n, grades) for n in grades if class_key(n) not in known_grades},
        regraded={
            name: grade
            for name, grade in grades.items()
            if grade is not None and known_grades.get(class_key(name), grade) != grade
        },
        read_as=read_as,
        kept_apart={name: known for name, known in alike.items() if name in apart},
    )


def _alike(students: Iterable[RosterRow], known_classes: Iterable[str]) -> dict[str, str]:
    """The one known class that each unknown spelling can mean; where two can, none."""
    known = {class_key(name) for name in known_classes}
    alike: dict[str, list[str]] = defaultdict(list)
    for name in known_classes:
        alike[loose_class_key(name)].append(name)
    written = {student.class_name for student in students}
    return {
        name: meant[0]
        for name in sorted(written)
        if class_key(name) not in known and len(meant := alike.get(loose_class_key(name), [])) == 1
    }


def _clashes(students: Mapping[int, RosterRow]) -> dict[int, RosterProblem | None]:
    """Lines that cannot stand: None for a mere repetition of an earlier line."""
    clashes: dict[int, RosterProblem | None] = {}
    for lines in _grouped(students, lambda row: number_key(row.student_no)):
        same = [line for line in lines if students[line] == students[lines[0]]]
        if len(same) == len(lines):
            clashes |= dict.fromkeys(lines[1:])
            continue
        for line in lines:
            other = next(o for o in lines if students[o] != students[line])
            sentence = N_("Line %(line)s has the same student number; correct or leave out one.")
            clashes[line] = RosterProblem(sentence, {"line": other}, Column.STUDENT_NO)
    for lines in _grouped(students, lambda row: class_key(row.class_name)):
        graded = [line for line in lines if students[line].grade is not None]
        for line in graded[1:]:
            if students[line].grade != students[graded[0]].grade and line not in clashes:
                sentence = N_("Line %(line)s gives this class another grade; make them the same.")
                clashes[line] = RosterProblem(sentence, {"line": graded[0]}, Column.GRADE)
    return clashes


def _grouped(students: Mapping[int, RosterRow], key: Callable[[RosterRow], str]) -> list[list[int]]:
    """Lines with the same key, where there is more than one."""
    groups: dict[str, list[int]] = defaultdict(list)
    for line, row in students.items():
        groups[key(row)].append(line)
    return [lines for lines in groups.values() if len(lines) > 1]


def _clashing(raw: RawRow, student: RosterRow, problem: RosterProblem | None) -> PlannedRow:
    if problem is None:
        return PlannedRow(raw, Outcome.DUPLICATE, student)
    return PlannedRow(raw, Outcome.REJECTED, student, problems=(problem,))


def _compared(raw: RawRow, student: RosterRow, known: KnownStudent | None) -> PlannedRow:
    if known is None:
        answer = (_answer(raw, student),) if student.consent_on else ()
        return PlannedRow(raw, Outcome.NEW, student, answer)
    changes = tuple(_changes(raw, student, known))
    if any(change.column is Column.CLASS for change in changes):
        return PlannedRow(raw, Outcome.MOVED, student, changes)
    return PlannedRow(raw, Outcome.CHANGED if changes else Outcome.UNCHANGED, student, changes)


def _answer(raw: RawRow, student: RosterRow) -> Change:
    """What the guardian said and when; a refusal in the file's own word."""
    day = str(student.consent_on)
    if student.refuses:
        return Change(Column.CONSENT, after=f"{raw.cells[Column.CONSENT].strip()} {day}")
    return Change(Column.CONSENT_DATE, after=day)


def _changes(raw: RawRow, student: RosterRow, known: KnownStudent) -> list[Change]:
    """What the row says otherwise; an empty cell changes nothing."""
    changes = []
    if known.has_left:
        changes.append(Change(None))
    if student.name != known.name:
        changes.append(Change(Column.NAME, known.name, student.name))
    if class_key(student.class_name) != class_key(known.class_name):
        changes.append(Change(Column.CLASS, known.class_name, student.class_name))
    if student.sex and student.sex is not known.sex:
        changes.append(Change(Column.SEX, known.sex or "", student.sex))
    if student.birth_date and student.birth_date != known.birth_date:
        before = known.birth_date.isoformat() if known.birth_date else ""
        changes.append(Change(Column.BIRTH_DATE, before, student.birth_date.isoformat()))
    if student.guardian and all(student.guardian.adds_to(old) for old in known.guardians):
        changes.append(Change(Column.GUARDIAN_NAME, after=student.guardian.name or ""))
    if student.consent_on and _is_newer(student.consent_on, known.consent):
        changes.append(_answer(raw, student))
    return changes


def _is_newer(given_on: date, latest: tuple[ConsentStatus, date] | None) -> bool:
    """An old consent date in a file must not take back a refusal that came after it."""
    return latest is None or given_on > latest[1]


def _grades(students) -> dict[str, int | None]:  # type: ignore[no-untyped-def] # an iterable of rows
    """Each class of the file, under its first spelling, with the grade the file gives it."""
    names: dict[str, str] = {}
    grades: dict[str, int | None] = {}
    for student in students:
        if student is None:
            continue
        name = names.setdefault(class_key(student.class_name), student.class_name)
        grades[name] = grades.get(name) or student.grade
    return grades


def _grade(name: str, grades: Mapping[str, int | None]) -> int | None:
    return grades[name] or guess_grade(name)

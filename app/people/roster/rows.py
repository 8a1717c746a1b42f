"""One row of a roster as a student, or the reasons why it cannot be one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.people.domain import Sex, age_on
from app.people.roster import words
from app.people.roster.columns import Column
from app.people.roster.problems import N_, RosterProblem
from app.people.roster.reading import RawRow

YOUNGEST, OLDEST = 4, 80
LONGEST = {Column.STUDENT_NO: 40, Column.NAME: 60, Column.CLASS: 60}
LONGEST_OTHER = 60

_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_NUMBER = re.compile(r"[\w./-]+")
_PHONE = re.compile(r"\+?[\d-]{5,24}(?:[转x,]\d{1,6})?")
_LOST_CHARACTER = re.compile(r"[?\ufffd\x00-\x1f\x7f]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuardianEntry:
    """What a roster says of a guardian."""

    name: str | None = None
    relation: str | None = None
    phone: str | None = None

    def adds_to(self, known: "GuardianEntry") -> bool:
        """Whether this says something that `known` does not; an empty cell takes nothing back."""
        return any(
            new and new != old
            for new, old in (
                (self.name, known.name),
                (self.relation, known.relation),
                (self.phone, known.phone),
            )
        )


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A student as the roster describes one."""

    student_no: str
    name: str
    class_name: str
    sex: Sex | None = None
    birth_date: date | None = None
    grade: int | None = None
    guardian: GuardianEntry | None = None
    consent_on: date | None = None
    refuses: bool = False
    """The guardian answered on `consent_on`, and said no."""


class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: RawRow, today: date) -> None:
        self.cells, self.today = row.cells, today
        self.problems: list[RosterProblem] = []

    def note(self, column: Column, sentence: str, **said: str | int) -> None:
        self.problems.append(RosterProblem(sentence, said, column))

    def text(self, column: Column, clean: Callable[[str], str]) -> str:
        text = clean(self.cells.get(column, ""))
        if len(text) > LONGEST.get(column, LONGEST_OTHER):
            self.note(column, N_("This is longer than any such entry; check the column."))
            return ""
        if _LOST_CHARACTER.search(text):
            self.note(column, N_("A character was lost in “%(cell)s”; type it again."), cell=text)
        return text

    def needed(self, column: Column, clean: Callable[[str], str]) -> str:
        faults = len(self.problems)
        text = self.text(column, clean)
        if not text and len(self.problems) == faults:
            self.note(column, N_("This cell is empty; fill it in."))
        return text

    def read(self, column: Column, reader: Callable[[str], T], mend: str) -> T | None:
        cell = self.cells.get(column, "").strip()
        if not cell:
            return None
        try:
            return reader(cell)
        except (ValueError, OverflowError):
            self.note(column, mend, cell=cell[:LONGEST_OTHER])
            return None

    def student_no(self) -> str:
        number = self.needed(Column.STUDENT_NO, words.clean_number)
        if _SHORTENED.fullmatch(number):
            self.note(
                Column.STUDENT_NO,
                N_("Excel has cut this number short (%(cell)s); format the column as text."),
                cell=number,
            )
        elif number and not _NUMBER.fullmatch(number):
            self.note(
                Column.STUDENT_NO,
                N_("“%(cell)s” is no student number; use letters, digits and - . / _ only."),
                cell=number,
            )
        return number

    def birth_date(self) -> date | None:
        born = self.date(Column.BIRTH_DATE)
        if born and not YOUNGEST <= age_on(born, self.today) <= OLDEST:
            self.note(
                Column.BIRTH_DATE,
                N_("Born on %(day)s, the student would be %(age)s years old; check the year."),
                day=born.isoformat(),
                age=age_on(born, self.today),
            )
        return born

    def consent_on(self) -> date | None:
        given = self.date(Column.CONSENT_DATE)
        if given and given > self.today:
            self.note(
                Column.CONSENT_DATE,
                N_("Consent cannot be given in the future (%(day)s); check the date."),
                day=given.isoformat(),
            )
        return given

    def refuses(self) -> bool:
        """Whether the guardian said no; an answer needs its day, or it cannot be recorded."""
        mend = N_("“%(cell)s” is not understood; write 同意 or 不同意.")
        agrees = self.read(Column.CONSENT, words.read_answer, mend)
        if agrees is not None and not self.cells.get(Column.CONSENT_DATE, "").strip():
            self.note(Column.CONSENT_DATE, N_("Write the day on which the guardian answered."))
        return agrees is False

    def date(self, column: Column) -> date | None:
        mend = N_("“%(cell)s” is no certain date; write it as 2012-05-20.")
        return self.read(column, words.read_date, mend)

    def guardian(self) -> GuardianEntry | None:
        phone = "".join(self.text(Column.GUARDIAN_PHONE, words.clean_number).split("-"))
        if phone and not _PHONE.fullmatch(phone):
            self.note(
                Column.GUARDIAN_PHONE,
                N_("“%(cell)s” is no telephone number; write digits only."),
                cell=phone,
            )
        entry = GuardianEntry(
            name=self.text(Column.GUARDIAN_NAME, words.clean_name) or None,
            relation=self.text(Column.GUARDIAN_RELATION, words.clean_name)[:20] or None,
            phone=phone or None,
        )
        return entry if entry != GuardianEntry() else None


def read_row(row: RawRow, today: date) -> RosterRow | tuple[RosterProblem, ...]:
    """Return the student of this row, or everything that is wrong with it."""
    reader = _Reader(row, today)
    student = RosterRow(
        student_no=reader.student_no(),
        name=reader.needed(Column.NAME, words.clean_name),
        class_name=reader.needed(Column.CLASS, words.clean_class),
        sex=reader.read(
            Column.SEX, words.read_sex, N_("“%(cell)s” is not understood; write 男 or 女.")
        ),
        birth_date=reader.birth_date(),
        grade=reader.read(
            Column.GRADE,
            words.read_grade,
            N_("“%(cell)s” is no grade; write 初二, 八年级 or a number from 1 to 16."),
        ),
        guardian=reader.guardian(),
        consent_on=reader.consent_on(),
        refuses=reader.refuses(),
    )
    return tuple(reader.problems) or student

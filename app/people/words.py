"""The words of this room as people read them."""

from datetime import date

from flask_babel import gettext as _

from app.people.domain import (
    ConsentMeans,
    ConsentStatus,
    Sex,
    age_for_consent,
    age_on,
    needs_consent,
)
from app.people.models import Student
from app.people.roster.columns import Column
from app.people.roster.plan import Outcome
from app.people.roster.problems import RosterProblem


def outcome_name(outcome: Outcome) -> str:
    """What becomes of a row of a roster."""
    names: dict[Outcome, str] = {
        Outcome.NEW: _("New student"),
        Outcome.CHANGED: _("Changed"),
        Outcome.MOVED: _("Moved class"),
        Outcome.UNCHANGED: _("Unchanged"),
        # Translators: a row of a roster that repeats an earlier one
        Outcome.DUPLICATE: _("Repeated row"),
        # Translators: a row of a roster that cannot be imported as it stands
        Outcome.REJECTED: _("Needs mending"),
        Outcome.LEFT_OUT: _("Left out"),
    }
    return names[outcome]


def column_name(column: Column) -> str:
    """The column of a roster."""
    names: dict[Column, str] = {
        Column.STUDENT_NO: _("Student number"),
        Column.NAME: _("Name"),
        Column.CLASS: _("Class"),
        Column.SEX: _("Sex"),
        Column.BIRTH_DATE: _("Date of birth"),
        Column.GRADE: _("Grade"),
        Column.GUARDIAN_NAME: _("Guardian"),
        Column.GUARDIAN_RELATION: _("Relation"),
        Column.GUARDIAN_PHONE: _("Guardian’s phone"),
        Column.CONSENT: _("Guardian’s answer"),
        Column.CONSENT_DATE: _("Consent given on"),
    }
    return names[column]


def problem_text(problem: RosterProblem) -> str:
    """What is wrong and how to mend it."""
    text: str = _(problem.sentence, **problem.words)
    return text


def sex_name(sex: Sex | None) -> str:
    """The sex, or nothing."""
    # Translators: sex of a student in a list
    names: dict[Sex | None, str] = {Sex.FEMALE: _("female"), Sex.MALE: _("male"), None: ""}
    return names[sex]


def grade_name(grade: int) -> str:
    """A grade from 1 (first of primary school) to 16."""
    if grade <= 6:  # noqa: PLR2004 -- six years of primary school
        return str(_("Primary school, %(year)s year", year=_year(grade)))
    if grade <= 9:  # noqa: PLR2004 -- three of junior secondary school
        return str(_("Junior secondary, %(year)s year", year=_year(grade - 6)))
    if grade <= 12:  # noqa: PLR2004 -- three of senior secondary school
        return str(_("Senior secondary, %(year)s year", year=_year(grade - 9)))
    return str(_("University, %(year)s year", year=_year(grade - 12)))


def _year(number: int) -> str:
    # Translators: years of a school stage; in Chinese 一 to 六
    years = (_("1st"), _("2nd"), _("3rd"), _("4th"), _("5th"), _("6th"))
    return str(years[number - 1]) if number <= len(years) else str(number)


def consent_name(status: ConsentStatus | None) -> str:
    """The last word of the guardian."""
    names: dict[ConsentStatus | None, str] = {
        ConsentStatus.GIVEN: _("Consent given"),
        ConsentStatus.REFUSED: _("Refused"),
        ConsentStatus.WITHDRAWN: _("Withdrawn"),
        None: _("Not asked"),
    }
    return names[status]


def means_name(means: ConsentMeans) -> str:
    """How a guardian answered."""
    # Translators: how a guardian gave consent
    names: dict[ConsentMeans, str] = {
        ConsentMeans.PAPER: _("on paper"),
        ConsentMeans.LINK: _("through a link"),
    }
    return names[means]


def must_ask(student: Student, today: date) -> bool:
    """Whether this student sees no question before a guardian has agreed."""
    years = age_for_consent(student.birth_date, student.cohort.grade, today)
    return needs_consent(years, student.site.consent_age)


def age(birth_date: date | None, today: date) -> int | None:
    """Completed years, where the birth date is known."""
    return age_on(birth_date, today) if birth_date else None

"""Words about people: sexes, stages, consent, duty."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class StudentsMoved:
    """These students are in another class than before."""

    student_ids: tuple[int, ...]


class Sex(StrEnum):
    """As the roster says; left empty when it says nothing."""

    MALE = "male"
    FEMALE = "female"


class SiteKind(StrEnum):
    """Where screening happens."""

    SCHOOL = "school"
    COMMUNITY = "community"


class ConsentStatus(StrEnum):
    """The guardian's answer; the latest row of a student counts."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentMeans(StrEnum):
    """How the guardian answered."""

    PAPER = "paper"
    LINK = "link"


class DayKind(StrEnum):
    """What a day is in a school's calendar, where it differs from the plain week."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    EXAM = "exam"


CONSENT_AGE = 14
"""Below it a guardian must consent (PIPL art. 31); a site may ask for consent up to 18."""

ADULT_AGE = 18
"""Up to it a site may ask for a guardian's consent."""

YOUNGEST_AGE_IN_GRADE_1 = 6
"""Compulsory Education Law art. 11: children enter school at six."""


def age_on(birth_date: date, day: date) -> int:
    """Completed years of life on `day`; who is born on 29 February ages on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_of_age(birth_date: date | None, day: date) -> bool:
    """Whether the student may consent alone; without a birth date nobody is of age."""
    return birth_date is not None and age_on(birth_date, day) >= ADULT_AGE


def age_for_consent(birth_date: date | None, grade: int | None, day: date) -> int:
    """The age that decides about consent: the youngest that could be true.

    Without a birth date the youngest usual age of the grade counts; without either, under 14.
    """
    if birth_date is not None:
        return age_on(birth_date, day)
    if grade is not None:
        return YOUNGEST_AGE_IN_GRADE_1 + grade - 1
    return 0


def needs_consent(age: int, site_consent_age: int) -> bool:
    """Whether a guardian must agree before the first item is shown."""
    return age < max(CONSENT_AGE, site_consent_age)

"""A research export: its states, how finely it tells people apart, and what a row may say."""

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.instruments.words import MISSING_CODES, STAGES

#: Codes of answers that are none; SPSS takes three.
MISSING = SKIPPED, REFUSED, NOT_ASKED = MISSING_CODES
#: A combination that fewer share can point at somebody whom a reader knows.
FEW = 5
#: Where groups of ages begin; the last is open.
AGE_GROUPS = (10, 13, 16, 19, 22)

#: How long a file waits to be taken, and a request to be decided.
FILE_LASTS, REQUEST_LASTS = timedelta(days=7), timedelta(days=30)
#: A writer that has said nothing for so long is dead.
SILENT_AFTER = timedelta(minutes=10)

PSEUDONYM_LETTERS, SCHOOL_LETTERS = 12, 6


class ExportState(StrEnum):
    """What has become of a request."""

    ASKED = "asked"
    REFUSED = "refused"
    #: Being written.
    APPROVED = "approved"
    READY = "ready"
    TAKEN = "taken"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


#: From these on nothing more happens.
OPEN = frozenset({ExportState.ASKED, ExportState.APPROVED, ExportState.READY})


class FileForm(StrEnum):
    """As what it is written."""

    CSV = "csv"
    XLSX = "xlsx"
    SAV = "sav"


class Detail(StrEnum):
    """By what people are told apart, from fine to coarse."""

    #: School (as a pseudonym), grade, sex, age in years, week of the campaign.
    SCHOOLS = "schools"
    #: The same without the school.
    GRADES = "grades"
    #: School stage, sex, age in groups of three years; no week.
    STAGES = "stages"


class ExportStateError(Exception):
    """This is not the moment for that step."""


class SamePersonError(Exception):
    """Who asks does not approve: a second person has to."""


class ReasonNeededError(Exception):
    """More people stand out than the limit allows: who approves writes down why all the same."""


class NothingToExportError(Exception):
    """No instrument, school or campaign of those chosen holds an answer."""


class StoppedError(Exception):
    """The export was cancelled while it was being written."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person beside the answers; empty where the roster does not say.

    The week is one of them: who came weeks after the class is known to everybody at the school.
    """

    school: str
    grade: int | None
    sex: str | None
    age: int | None
    week: int

    def seen_by(self, detail: Detail) -> tuple[object, ...]:
        """The combination that a reader of the file sees."""
        if detail is Detail.STAGES:
            return stage_of(self.grade), self.sex, age_group(self.age)
        fine = (self.grade, self.sex, self.age, self.week)
        return (self.school, *fine) if detail is Detail.SCHOOLS else fine


@dataclass(frozen=True)
class Risk:
    """How far people stand out by what is known of them: the larger the groups, the safer."""

    people: int
    combinations: int
    #: People whom nobody shares the combination with, and people with fewer than `FEW` alike.
    unique: int
    few: int

    @property
    def is_low(self) -> bool:
        """Whether at most one of a hundred people is among few: else approving needs a reason."""
        return self.few * 100 <= self.people


def risk_of(people: Iterable[Sequence[Traits | None]], detail: Detail) -> Risk:
    """Count the combinations of what files of this detail would say.

    Each person comes with one part a file, empty where they are not in it: whoever holds the files
    can lay them side by side.
    """
    sizes = Counter(tuple(part and part.seen_by(detail) for part in one) for one in people)
    return Risk(
        people=sizes.total(),
        combinations=len(sizes),
        unique=sum(size == 1 for size in sizes.values()),
        few=sum(size for size in sizes.values() if size < FEW),
    )


def advised(risks: Mapping[Detail, Risk]) -> Detail | None:
    """The finest detail in which hardly anybody stands out, if there is one."""
    return next((detail for detail in Detail if risks[detail].is_low), None)


def pseudonym(key: bytes, name: str, letters: int = PSEUDONYM_LETTERS) -> str:
    """A name that only the key connects with `name`; the same in all files of one export."""
    digest = hmac.digest(key, name.encode(), hashlib.sha256)
    return "P" + base64.b32encode(digest).decode()[:letters]


def stage_of(grade: int | None) -> int | None:
    """The school stage, from 1 (primary) to 4 (university)."""
    found = (n for n, grades in enumerate(STAGES.values(), 1) if grade in grades)
    return next(found, None)


def age_group(age: int | None) -> int | None:
    """The age at which the group of `age` begins; 0 below the first."""
    if age is None:
        return None
    return max((first for first in AGE_GROUPS if first <= age), default=0)


def weeks_since(first: date, day: date) -> int:
    """The week of the campaign, the first being 1; nothing before it counts less."""
    return max(0, (day - first).days) // 7 + 1

"""Words and events of a sitting, and the three questions with which every battery ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

CLOSING = "closing"
"""The code under which the three closing questions are stored, as if they were an instrument."""


TICKET_LASTS = timedelta(days=14)
"""How long a sitting that was begun can be gone on with; then it is scored as it stands."""

MAX_TEXT = 4_000
"""Characters of a free answer."""


class SittingOverError(Exception):
    """The slip's sitting is finished: there is nothing to go on with."""


class ClassWaitsError(Exception):
    """A class that has not begun waits until the responders have caught up."""


class NobodyOnDutyError(Exception):
    """Nobody would hear a call for help from home now; `until` is when somebody will."""

    def __init__(self, until: datetime | None) -> None:
        self.until = until
        super().__init__("nobody is on duty")


class SeatTakenError(Exception):
    """Another machine has this seat: whoever sits there says whether it is this one."""


class TicketError(ValueError):
    """A ticket that we did not write, or one for another campaign."""


class UnknownAnswerError(ValueError):
    """An answer that this sitting never asked for: another item, a value that is no option."""


class Mode(StrEnum):
    """How an answer came in."""

    PHONE = "phone"
    COMPUTER_ROOM = "computer_room"
    PAPER = "paper"
    IMPORT = "import"


class AttributionKind(StrEnum):
    """What was said about whose answers a sitting's are."""

    #: By whoever was answering: 这不是我的.
    DISOWNED = "disowned"
    #: By staff: not answered by the student on the slip, nobody knows by whom.
    DETACHED = "detached"
    #: By staff: answered by this other student.
    GIVEN = "given"
    #: By staff: answered by the student on the slip after all.
    RETURNED = "returned"


class AssessmentState(StrEnum):
    """A sitting is under way, declined, finished, closed when its time ran out, or disputed."""

    STARTED = "started"
    DECLINED = "declined"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    #: Whoever was answering says that the slip is somebody else's: a person has to decide.
    DISPUTED = "disputed"


class Talk(StrEnum):
    """你愿意和心理老师聊聊吗？"""

    NOT_NOW = "not_now"
    LATER = "later"
    THIS_WEEK = "this_week"
    TODAY = "today"


class Company(StrEnum):
    """此刻你需要有人马上来陪你吗？ The acuity question that everybody gets."""

    NO = "no"
    NOT_URGENT = "not_urgent"
    NEED = "need"


@dataclass(frozen=True)
class Answer:
    """What a device or form says about one item: a value, a text, or a refusal.

    None of them takes an earlier answer back, which is for us to say and not for a device.
    `id` is the UUID that the device gave it, `answered_at` what its clock said, `ms` how long it
    had shown the item by then.
    """

    instrument_code: str
    item_code: str
    value: float | None = None
    text: str | None = None
    refused: bool = False
    id: str | None = None
    answered_at: datetime | None = None
    ms: int | None = None


class Deed(StrEnum):
    """What a device can ask for beside answers, with a line or later without one."""

    FINISH = "finish"
    TALK = "talk"
    HELP = "help"


@dataclass(frozen=True)
class Parcel:
    """What a device sends together: answers and deeds, each under an id that it made."""

    answers: tuple[Answer, ...] = ()
    deeds: Mapping[str, Deed] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Every id in it."""
        return [answer.id or "" for answer in self.answers] + list(self.deeds)


@dataclass(frozen=True)
class ResponsesStored:
    """These answers were stored in this transaction, each as a new row, in this order."""

    assessment_id: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class AssessmentSubmitted:
    """A sitting is over (finished, imported or expired) and is scored in this transaction.

    `answers` are new rows that came with the end and that nobody has looked at yet. `given` is what
    the sitting says in the end, by instrument and item, where who ends it has just read that. What
    ends for the first time has no scores yet.
    """

    assessment_id: int
    answers: tuple[Answer, ...] = ()
    given: Mapping[str, Mapping[str, Any]] | None = None
    is_first: bool = False


@dataclass(frozen=True)
class AssessmentDisowned:
    """The slip is somebody else's: the sitting ended, unscored until a person decides."""

    assessment_id: int


@dataclass(frozen=True)
class TalkRequested:
    """A student pressed 我想找人聊聊; only the duty counsellor learns of it."""

    assessment_id: int


class Heard(StrEnum):
    """What became of a student's wish to talk, as far as the student may read it."""

    RECEIVED = "received"
    SEEN = "seen"
    LATE = "late"
    TALKED = "talked"
    LATER = "later"


@dataclass(frozen=True)
class WordForStudent:
    """Asked downstream: is there a word for this student, who has shown slip and PIN?"""

    student_id: int


@dataclass(frozen=True)
class Word:
    """The answer: never a score, a level or a reason.

    `heard` is empty for who has not asked; `by` is the day until which somebody comes, `sentence`
    what a counsellor chose to say, in the reader's language.
    """

    heard: Heard | None = None
    by: date | None = None
    sentence: str = ""


class PinError(ValueError):
    """A PIN is four to six digits, typed twice the same."""

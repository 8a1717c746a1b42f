"""Waiting in the queue: its states, how it ends, and who was too late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from app.triage.domain import Channel, Lane, RiskLevel


class EntryState(StrEnum):
    """A flagged student waits, is claimed by a person, and is settled by a case or a reason."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SETTLED = "settled"


class SettlingReason(StrEnum):
    """How an entry of the queue came to its end."""

    CASE_OPENED = "case_opened"
    NOTED_IN_CASE = "noted_in_case"
    TALKED_NO_NEED = "talked_no_need"
    NOBODY_TO_REACH = "nobody_to_reach"
    HELP_GIVEN = "help_given"
    RETEST_PLANNED = "retest_planned"
    DRILL_OVER = "drill_over"


#: The reasons a person may give without opening a case: a student is talked to, a nameless visitor
#: may be out of reach.
REASONS_WITH_A_NAME = (SettlingReason.TALKED_NO_NEED,)
REASONS_WITHOUT_A_NAME = (SettlingReason.NOBODY_TO_REACH, SettlingReason.HELP_GIVEN)


def may_settle_without_case(risk_level: RiskLevel, *, is_anonymous: bool) -> bool:
    """Whether a note is enough; a student in the two highest levels always gets a case."""
    return is_anonymous or risk_level.urgency < RiskLevel.HIGH.urgency


class EntryNow(NamedTuple):
    """An open entry as it stands at this moment, held, with what the next flag may change.

    A plain row: every flagged answer reads or makes one, and an object of the mapper costs several
    times as much. What a person does to an entry goes by the object.
    """

    id: int
    public_id: str
    site_id: int
    campaign_id: int | None
    assessment_id: int | None
    student_id: int | None
    case_id: int | None
    risk_level: RiskLevel
    urgency: int
    is_asked_for: bool
    lane: Lane | None
    due_at: datetime
    channel: Channel
    proposed_level: RiskLevel
    rule: str
    rules_version: str
    reasons: Mapping[str, str]
    #: The class in which somebody waits; visitors and observers are of none.
    cohort_id: int | None
    claimed_by_id: int | None = None
    seen_at: datetime | None = None
    version: int = 1
    #: The student's case that is open, whether or not the entry belongs to it already.
    open_case_id: int | None = None

    @property
    def __tablename__(self) -> str:
        """As the log names it."""
        return "queue_entries"

    def changes_since(self, before: "EntryNow") -> dict[str, Any]:
        """The columns that are different now; class and open case stand in other tables."""
        pairs = zip(self._fields, before, self, strict=True)
        return {name: now for name, was, now in pairs if now != was and name not in _ELSEWHERE}


_ELSEWHERE = {"cohort_id", "open_case_id"}


@dataclass(frozen=True)
class EntryRaised:
    """Something has come to an entry in this transaction: it is new, or there is news.

    `news` is the lane of what has come, and empty where that can wait: what is new is known at
    this moment, and later only by comparing clocks. `is_new`: the entry was opened just now, so
    that nothing can belong to it yet.
    """

    entry: EntryNow
    news: Lane | None = None
    is_new: bool = False


@dataclass(frozen=True)
class EntrySeen:
    """A person has opened the entry and read why somebody waits."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class EntryTaken:
    """A person has taken the entry on: somebody is going."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class EntryGiven:
    """The entry was handed to a person, who has not opened it yet: nobody is going so far."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class EntryReleased:
    """The entry waits again: whoever had it, or was to meet the student, does not go."""

    entry_id: int


@dataclass(frozen=True)
class EntryStoryAsked:
    """What do rooms downstream know of this entry? Answers are `EntryLine`s."""

    entry_id: int


@dataclass(frozen=True)
class EntryLine:
    """One line of an entry's history, in the reader's words."""

    at: datetime
    text: str


@dataclass(frozen=True)
class EntryLinksAsked:
    """Which pages do rooms downstream have about this entry? Answers are `EntryLink`s."""

    entry_ref: str


@dataclass(frozen=True)
class EntryLink:
    """A page about an entry in another room."""

    text: str
    url: str


class AlreadyClaimedError(Exception):
    """A colleague was quicker; `name` says who."""

    def __init__(self, name: str = "") -> None:
        super().__init__("already claimed")
        self.name = name


class EntryStateError(Exception):
    """The entry has moved on since the page was shown."""


class NotClaimedError(EntryStateError):
    """Only who has claimed an entry can settle it."""


class NothingToRepeatError(EntryStateError):
    """The answers are not in doubt, nobody is known, or the campaign is over."""


class CaseNeededError(EntryStateError):
    """This entry cannot be settled without a case, or already belongs to one."""

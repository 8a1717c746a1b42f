"""What falls silent if nobody looks: one kind of row for every open duty whose time is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class StaleKind(StrEnum):
    """Why a row stands in the list."""

    NO_OWNER = "no_owner"
    NOT_ACTED_ON = "not_acted_on"
    PROMISE_OVERDUE = "promise_overdue"
    NO_NEXT_DATE = "no_next_date"
    OWNER_LEFT = "owner_left"
    REFERRAL_OVERDUE = "referral_overdue"
    REFERRAL_DECLINED = "referral_declined"
    REPLY_UNREAD = "reply_unread"
    SIGNATURE_MISSING = "signature_missing"
    MEASURE_OVERDUE = "measure_overdue"
    RETURN_TALK_MISSED = "return_talk_missed"
    NOT_BACK = "not_back"
    REFUSAL_NOT_REVIEWED = "refusal_not_reviewed"
    FEAR_NOT_REPORTED = "fear_not_reported"
    HOLIDAY_UNCOVERED = "holiday_uncovered"
    CLOSING_UNSIGNED = "closing_unsigned"
    AGREED_NOT_DONE = "agreed_not_done"
    OWNER_UNDECIDED = "owner_undecided"


@dataclass(frozen=True)
class StaleRow:
    """One duty past its time. `kind` is a word of its room, `label` its sentence if not ours."""

    kind: str
    since: datetime
    #: What the row is about, so that one row can be told from another: "case:<id>".
    ref: str
    student: Any
    site: Any
    owner: Any
    #: The page where something can be done.
    url: str
    label: str = ""
    #: The school itself owes it: no student is behind the row.
    is_of_site: bool = False
    #: Somebody has it, and the reader may not know who.
    is_owner_hidden: bool = False


@dataclass(frozen=True)
class AskStale:
    """Rooms downstream answer with their own rows, as they will be at `as_of`."""

    actor: Any
    as_of: datetime


StaleQuery = Callable[[Any, datetime], Sequence[StaleRow]]

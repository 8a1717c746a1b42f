"""What a doctor answers by the link on a slip: five fields, no verdict about school."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum


class Seen(StrEnum):
    """Whether the student was seen."""

    SEEN = "seen"
    DID_NOT_COME = "did_not_come"
    APPOINTMENT = "appointment"


class Assessed(StrEnum):
    """The assessment in broad words; a school needs no more to go on caring."""

    NO_ACUTE_DANGER = "no_acute_danger"
    OUTPATIENT = "outpatient"
    ADMITTED = "admitted"
    OTHER = "other"


class Advice(StrEnum):
    """What the school can do."""

    LISTEN = "listen"
    COMPANY = "company"
    LESS_LOAD = "less_load"
    MEDICINE = "medicine"
    GUARDIAN = "guardian"
    URGENT_SIGNS = "urgent_signs"


@dataclass(frozen=True, repr=False)
class Reply:
    """The five answers."""

    seen: Seen
    on: date | None
    assessed: Assessed | None
    advice: tuple[Advice, ...]
    advice_note: str
    next_on: date | None
    answered_by: str
    department: str

    def dump(self) -> str:
        """As text, to be encrypted."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)

    @classmethod
    def load(cls, text: str) -> "Reply":
        """As it was dumped."""
        told = json.loads(text)
        return cls(
            seen=Seen(told["seen"]),
            on=_day(told["on"]),
            assessed=Assessed(told["assessed"]) if told["assessed"] else None,
            advice=tuple(Advice(each) for each in told["advice"]),
            advice_note=told["advice_note"],
            next_on=_day(told["next_on"]),
            answered_by=told["answered_by"],
            department=told["department"],
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class DeadLinkError(Exception):
    """The link leads nowhere; whether it ever did is not said."""

"""Answers as JSON, in and out: the device names each answer, the receipt names what is stored."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from sys import float_info

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.assessments.domain import Answer, Deed, Parcel, UnknownAnswerError
from app.assessments.given import Given
from app.assessments.service.responses import Kept
from app.assessments.service.typed import legible
from app.platform import clock

MAX_ANSWERS = 500
FIELDS = {"id", "name", "value", "text", "refused", "at", "ms"}
DEED_FIELDS = {"id", "do", "at"}

#: A clock that is further off than this is set right by what it said when it sent.
CLOCK_TOLERANCE = timedelta(minutes=2)

#: Before there was anything to answer here; some clocks begin with 1970 after every start.
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)

#: Nobody looks at one question for longer; what says so is a mad clock.
MOST_MS = 24 * 3_600_000


@dataclass
class Receipt:
    """What is safe now, what is kept beside another content, and what nobody here can place."""

    stored: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, parcel: Parcel, rows: Sequence[Given | Kept]) -> None:
        """The receipts of a parcel whose answers became these rows."""
        stored = {row.public_id for row in rows}
        for answer in parcel.answers:
            (self.stored if answer.id in stored else self.conflicts).append(answer.id or "")
        self.stored.extend(parcel.deeds)

    def reply(self) -> ResponseReturnValue:
        """As JSON; 409 when an id came with another content, which is kept for a person."""
        receipt: dict[str, list[str]] = {"stored": self.stored, "conflicts": self.conflicts}
        if self.refused:
            receipt["refused"] = self.refused
        return jsonify(receipt), 409 if self.conflicts else 200


def receipt_of(parcel: Parcel, rows: Sequence[Given | Kept]) -> ResponseReturnValue:
    """The receipt of one parcel."""
    receipt = Receipt()
    receipt.add(parcel, rows)
    return receipt.reply()


def read_parcel(body: object) -> Parcel:
    """The answers and deeds of a request; anything else in it refuses it as a whole."""
    said = body if isinstance(body, dict) else {}
    return parcel_of(read_list(said, "answers"), sent=said.get("sent"))


def read_list(body: dict[str, object], name: str) -> list[object]:
    """A list of a bearable length."""
    sent = body.get(name)
    if not isinstance(sent, list) or len(sent) > MAX_ANSWERS:
        raise UnknownAnswerError(f"not a list of {name}")
    return sent


def parcel_of(said: Sequence[object], *, sent: object) -> Parcel:
    """What was said; `sent` is what the device's clock showed when it sent this."""
    off = _clock_error(_moment(sent))
    deeds = [one for one in said if isinstance(one, dict) and "do" in one]
    answers = [one for one in said if not (isinstance(one, dict) and "do" in one)]
    return Parcel(tuple(_answer(one, off) for one in answers), dict(_deed(one) for one in deeds))


def _answer(one: object, clock_error: timedelta) -> Answer:
    if not isinstance(one, dict) or not set(one) <= FIELDS:
        raise UnknownAnswerError("not an answer")
    value, text, refused = one.get("value"), one.get("text"), one.get("refused", False)
    # What is no number at all, and what is too large for one, is not below the largest.
    is_number = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= float_info.max
    )
    if not (value is None or is_number) or not isinstance(refused, bool):
        raise UnknownAnswerError("not a value")
    if not (text is None or isinstance(text, str)):
        raise UnknownAnswerError("not a text")
    code, _, item = str(one.get("name")).partition(".")
    return Answer(
        instrument_code=code,
        item_code=item,
        value=value,
        text=text and legible(text),
        refused=refused,
        id=_uuid(one.get("id")),
        answered_at=_put_right(_moment(one.get("at")), clock_error),
        ms=_shown_ms(one.get("ms")),
    )


def _deed(one: dict[str, object]) -> tuple[str, Deed]:
    if not set(one) <= DEED_FIELDS or one["do"] not in list(Deed):
        raise UnknownAnswerError("not a deed")
    return _uuid(one.get("id")), Deed(str(one["do"]))


def _uuid(said: object) -> str:
    try:
        return str(uuid.UUID(str(said)))
    except ValueError as error:
        raise UnknownAnswerError("an answer needs an id") from error


def _shown_ms(said: object) -> int | None:
    """Advice like every time of a device: what makes no sense is left out, never refused."""
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return said if 0 <= said <= MOST_MS else None


def _moment(said: object) -> datetime | None:
    """What the device's clock said, in milliseconds; advice, so a mad one is left out."""
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    try:
        return datetime.fromtimestamp(said / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _clock_error(sent: datetime | None) -> timedelta:
    """By how much the device's clock is fast, where that is worth speaking of."""
    error = sent - clock.now() if sent else timedelta()
    return error if abs(error) > CLOCK_TOLERANCE else timedelta()


def _put_right(moment: datetime | None, clock_error: timedelta) -> datetime | None:
    """By our clock; what was never, or is still to come, is left out."""
    try:
        right = moment - clock_error if moment else None
    except OverflowError:
        return None
    return right if right and EARLIEST <= right <= clock.now() + timedelta(days=1) else None

"""Answers as JSON, in and out: the device names each answer, the receipt names what is stored."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.assessments.domain import Answer, UnknownAnswerError
from app.assessments.models import Response

MAX_ANSWERS = 500
FIELDS = {"id", "name", "value", "text", "refused", "at"}


def read_answers(body: object) -> list[Answer]:
    """The answers of a request; anything else than answers is refused as a whole."""
    sent = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > MAX_ANSWERS:
        raise UnknownAnswerError("not a list of answers")
    return [_answer(one) for one in sent]


def receipts(answers: Sequence[Answer], rows: Sequence[Response]) -> ResponseReturnValue:
    """What is safe now; 409 when an id came with another content, which is kept for a person."""
    stored = {row.public_id for row in rows}
    conflicts = [answer.id for answer in answers if answer.id not in stored]
    receipt = {"stored": [a.id for a in answers if a.id in stored], "conflicts": conflicts}
    return jsonify(receipt), 409 if conflicts else 200


def _answer(one: object) -> Answer:
    if not isinstance(one, dict) or not set(one) <= FIELDS:
        raise UnknownAnswerError("not an answer")
    value, text, refused = one.get("value"), one.get("text"), one.get("refused", False)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (value is None or is_number) or not isinstance(refused, bool):
        raise UnknownAnswerError("not a value")
    if not (text is None or isinstance(text, str)):
        raise UnknownAnswerError("not a text")
    code, _, item = str(one.get("name")).partition(".")
    return Answer(
        instrument_code=code,
        item_code=item,
        value=value,
        text=text,
        refused=refused,
        id=_uuid(one.get("id")),
        answered_at=_moment(one.get("at")),
    )


def _uuid(said: object) -> str:
    try:
        return str(uuid.UUID(str(said)))
    except ValueError as error:
        raise UnknownAnswerError("an answer needs an id") from error


def _moment(said: object) -> datetime | None:
    """What the device's clock said, in milliseconds; advice, so a mad one is left out."""
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    try:
        return datetime.fromtimestamp(said / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None

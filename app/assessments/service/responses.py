"""Answers become rows: only ever added, each once however often sent, checked by the plan."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_

from app.access.actor import sitting_actor
from app.assessments import queries
from app.assessments.domain import (
    CLOSING,
    MAX_TEXT,
    Answer,
    AssessmentState,
    ResponsesStored,
    UnknownAnswerError,
)
from app.assessments.given import SELECT_GIVEN, Given, Stored
from app.assessments.kinds import Way, way_of
from app.assessments.models import Assessment, Response
from app.assessments.plan import NEUTRAL, Plan
from app.assessments.service.typed import is_day
from app.instruments.items import Item
from app.platform import audit, clock, events
from app.platform.db import db, hold_row

#: Free answers of the closing page; the last two only where they are asked.
CLOSING_TEXTS = frozenset({"message", "not_by", "contact"})

#: Built once: every tap asks the one and adds by the other.
_EARLIER = SELECT_GIVEN.where(
    or_(
        Response.public_id.in_(bindparam("sent", expanding=True)),
        and_(
            Response.assessment_id == bindparam("sitting"),
            Response.item_code.in_(bindparam("items", expanding=True)),
        ),
    )
)
_OF_ID = SELECT_GIVEN.where(Response.public_id == bindparam("sent"))
_ADD = insert(Response)


@dataclass(frozen=True, kw_only=True)
class Kept(Answer):
    """An answer in the row that it has just got; the row itself is not read back."""

    public_id: str
    assessment_id: int
    received_at: datetime

    @property
    def shown_ms(self) -> int | None:
        """As the row calls it."""
        return self.ms


def store_responses(
    *, assessment: Assessment, answers: Sequence[Answer], stored: Stored | None = None
) -> list[Given | Kept]:
    """Add the answers and tell who must know now; the rows come back in the order of the answers.

    An id that was stored before returns its row. The same id with another content is kept as a row
    under an id of its own, so that a person can look: the caller sees it by the differing id.
    Answers to neutral questions get rows that are never added: their receipts look the same.
    `stored` is what the sitting has answered so far, where a form has read it; its answers have no
    ids.
    """
    rows, new = add_responses(assessment=assessment, answers=answers, stored=stored)
    if new:
        events.publish(ResponsesStored(assessment.id, tuple(new)))
    return rows


def add_responses(
    *, assessment: Assessment, answers: Sequence[Answer], stored: Stored | None = None
) -> tuple[list[Given | Kept], list[Kept]]:
    """The rows of the answers, and those of them that are new, without telling anybody yet."""
    plan = queries.plan_for(assessment)
    for answer in answers:
        check_answer(plan, answer)
    # The same answer may come twice at once: the later transaction waits for the earlier.
    is_later = hold_row(Assessment, assessment.id)
    # `stored` was read before the wait; and what was taken back has a number too, and is not in it.
    if is_later or stored is None or plan.branches:
        earlier = _read_earlier(assessment, answers)
    else:
        earlier = _flat(stored)
    known: dict[str, Given | Kept] = {row.public_id: row for row in earlier}
    rows: list[Given | Kept] = []
    new: list[Kept] = []
    for answer in answers:
        row = _find(assessment, answer, known)
        if row is None:
            row = _keep(assessment, answer, known)
            if answer.instrument_code != NEUTRAL:
                new.append(row)
        rows.append(row)
    _add(assessment, new, _numbers(assessment, earlier))
    return rows, new + _withdraw(assessment, plan, new)


def _withdraw(assessment: Assessment, plan: Plan, new: Sequence[Kept]) -> list[Kept]:
    """Take back what was answered on a branch that these answers have left.

    What is asked again is answered again: an answer given under other circumstances never scores.
    What was handed in stands, and scoring leaves out by itself what should not have been asked.
    """
    branches = plan.branches
    is_news = any(
        row.instrument_code in branches and branches[row.instrument_code].concerns(row.item_code)
        for row in new
    )
    if not is_news or assessment.state is AssessmentState.SUBMITTED:
        return []
    stored = queries.current_responses(assessment.id)
    left = [
        stored[code][item] for code, item in plan.hidden(stored) if item in stored.get(code, {})
    ]
    taken_back = [_taking_back(assessment, answered) for answered in left]
    _add(assessment, taken_back, _numbers(assessment, left))
    return taken_back


def _taking_back(assessment: Assessment, answered: Given) -> Kept:
    return Kept(
        instrument_code=answered.instrument_code,
        item_code=answered.item_code,
        public_id=str(uuid.uuid4()),
        assessment_id=assessment.id,
        received_at=clock.now(),
    )


def check_answer(plan: Plan, answer: Answer) -> None:
    """Refuse what this sitting never asked; the device's word counts for nothing here."""
    if answer.instrument_code == CLOSING and answer.item_code in CLOSING_TEXTS:
        allowed = answer.text is not None and len(answer.text) <= MAX_TEXT
    else:
        item = plan.item(answer.instrument_code, answer.item_code)
        allowed = item is not None and _fits(item, answer)
    filled = [answer.value is not None, answer.text is not None, answer.refused]
    if not allowed or sum(filled) != 1:
        raise UnknownAnswerError(f"{answer.instrument_code}.{answer.item_code}")


def _fits(item: Item, answer: Answer) -> bool:
    way = way_of(item)
    if answer.refused or way is Way.INFO:
        return way is not Way.INFO
    if way.is_words:
        text = answer.text or ""
        return is_day(text) if way is Way.DATE else 0 < len(text) <= MAX_TEXT
    return answer.value is not None and isfinite(answer.value) and item.allows(answer.value)


def _flat(stored: Stored) -> list[Given]:
    return [response for items in stored.values() for response in items.values()]


def _read_earlier(assessment: Assessment, answers: Sequence[Answer]) -> Sequence[Given]:
    """What was stored under these ids or for these items: a tap does not read the whole sitting."""
    asked = {
        "sitting": assessment.id,
        "items": list({answer.item_code for answer in answers}),
        "sent": list({answer.id for answer in answers if answer.id}),
    }
    return [Given._make(row) for row in db.session.connection().execute(_EARLIER, asked)]


def _numbers(assessment: Assessment, rows: Iterable[Given]) -> dict[tuple[str, str], int]:
    """How often each item of the sitting was answered already."""
    numbers: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.assessment_id == assessment.id:
            key = row.instrument_code, row.item_code
            numbers[key] = max(numbers.get(key, 0), row.seq)
    return numbers


def _find(
    assessment: Assessment, answer: Answer, known: Mapping[str, Given | Kept]
) -> Given | Kept | None:
    """The row that holds this answer already, under its own id or as a conflict that was kept."""
    earlier = known.get(answer.id) if answer.id else None
    if earlier is None or _says_the_same(earlier, assessment, answer):
        return earlier
    row_id = _conflict_id(assessment, answer)
    row = db.session.connection().execute(_OF_ID, {"sent": row_id}).first()
    return known.get(row_id) or (Given._make(row) if row else None)


def _keep(assessment: Assessment, answer: Answer, known: dict[str, Given | Kept]) -> Kept:
    """A new row for the answer; an id that holds another content stays what it is."""
    row_id = answer.id or str(uuid.uuid4())
    if row_id in known:
        row_id = _conflict_id(assessment, answer)
        audit.record(sitting_actor(assessment.public_id), "keep_conflict", assessment)
    known[row_id] = row = Kept(
        **vars(answer), public_id=row_id, assessment_id=assessment.id, received_at=clock.now()
    )
    return row


def _add(assessment: Assessment, new: Sequence[Kept], numbers: dict[tuple[str, str], int]) -> None:
    rows: list[dict[str, Any]] = []
    for kept in new:
        key = kept.instrument_code, kept.item_code
        numbers[key] = numbers.get(key, 0) + 1
        rows.append(values_of(assessment, kept, kept.public_id, numbers[key], kept.received_at))
    if rows:
        db.session.connection().execute(_ADD, rows)


def values_of(
    assessment: Assessment, answer: Answer, row_id: str, seq: int, received_at: datetime
) -> dict[str, Any]:
    """The columns of an answer; who places it counts its `seq`."""
    return {
        "public_id": row_id,
        "campaign_id": assessment.campaign_id,
        "site_id": assessment.site_id,
        "assessment_id": assessment.id,
        "instrument_code": answer.instrument_code,
        "item_code": answer.item_code,
        "value": answer.value,
        "text_sealed": Response.text.seal(Response, row_id, answer.text),
        "refused": answer.refused,
        "seq": seq,
        "mode": assessment.mode,
        "answered_at": answer.answered_at,
        "received_at": received_at,
        "shown_ms": answer.ms,
    }


def _says_the_same(row: Given | Kept, assessment: Assessment, answer: Answer) -> bool:
    return (
        row.assessment_id == assessment.id
        and (row.instrument_code, row.item_code) == (answer.instrument_code, answer.item_code)
        and (row.value, row.text, row.refused) == (answer.value, answer.text, answer.refused)
    )


def _conflict_id(assessment: Assessment, answer: Answer) -> str:
    """The same for the same content, so that a conflict sent twice is kept once."""
    content = (assessment.public_id, answer.instrument_code, answer.item_code)
    said = (answer.value, answer.text, answer.refused)
    return str(uuid.uuid5(uuid.UUID(answer.id), repr((content, said))))

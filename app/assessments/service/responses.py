"""Answers become rows: only ever added, each once however often sent, checked by the plan."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from app.access.actor import sitting_actor
from app.assessments import queries
from app.assessments.domain import CLOSING, MAX_TEXT, Answer, ResponsesStored, UnknownAnswerError
from app.assessments.models import Assessment, Response
from app.assessments.plan import NEUTRAL, Plan
from app.assessments.queries import Stored
from app.platform import audit, clock, events
from app.platform.db import db, only

#: Free answers of the closing page; the last two only where they are asked.
CLOSING_TEXTS = frozenset({"message", "not_by", "contact"})


def store_responses(
    *, assessment: Assessment, answers: Sequence[Answer], stored: Stored | None = None
) -> list[Response]:
    """Add the answers and tell who must know now; the rows come back in the order of the answers.

    An id that was stored before returns its row. The same id with another content is kept as a row
    under an id of its own, so that a person can look: the caller sees it by the differing id.
    Answers to neutral questions get rows that are never added: their receipts look the same.
    `stored` is what the sitting has answered so far, where the caller has read it already.
    """
    plan = queries.plan_for(assessment)
    for answer in answers:
        check_answer(plan, answer)
    # The same answer may come twice at once: the later transaction waits for the earlier.
    db.session.get_one(Assessment, assessment.id, with_for_update=only(Assessment))
    known = _known(assessment, {answer.id for answer in answers if answer.id})
    numbers = _numbers(stored) if stored is not None else _read_numbers(assessment, answers)
    rows: list[Response] = []
    new: list[Response] = []
    for answer in answers:
        row, is_new = _place(assessment, answer, known, numbers)
        rows.append(row)
        if is_new and answer.instrument_code != NEUTRAL:
            new.append(row)
    if new:
        db.session.add_all(new)
        db.session.flush()
        events.publish(ResponsesStored(assessment.id, tuple(row.id for row in new)))
    return rows


def check_answer(plan: Plan, answer: Answer) -> None:
    """Refuse what this sitting never asked; the device's word counts for nothing here."""
    if answer.instrument_code == CLOSING and answer.item_code in CLOSING_TEXTS:
        allowed = answer.text is not None and len(answer.text) <= MAX_TEXT
    else:
        item = plan.items_of(answer.instrument_code).get(answer.item_code)
        allowed = item is not None and (
            answer.refused if answer.value is None else answer.value in item.values
        )
    filled = [answer.value is not None, answer.text is not None, answer.refused]
    if not allowed or sum(filled) != 1:
        raise UnknownAnswerError(f"{answer.instrument_code}.{answer.item_code}")


def _known(assessment: Assessment, ids: Collection[str]) -> dict[str, Response]:
    if not ids:
        return {}
    rows = db.session.scalars(select(Response).where(Response.public_id.in_(ids)))
    return {row.public_id: row for row in rows}


def _numbers(stored: Stored) -> dict[tuple[str, str], int]:
    """How often each item of the sitting was answered already."""
    return {
        (code, item): response.seq
        for code, items in stored.items()
        for item, response in items.items()
    }


def _read_numbers(assessment: Assessment, answers: Sequence[Answer]) -> dict[tuple[str, str], int]:
    """The same for these answers only: a tap does not read the whole sitting."""
    query = (
        select(Response.instrument_code, Response.item_code, func.max(Response.seq).label("seq"))
        .where(
            Response.assessment_id == assessment.id,
            Response.item_code.in_({answer.item_code for answer in answers}),
        )
        .group_by(Response.instrument_code, Response.item_code)
    )
    return {(row.instrument_code, row.item_code): row.seq for row in db.session.execute(query)}


def _place(
    assessment: Assessment,
    answer: Answer,
    known: dict[str, Response],
    numbers: dict[tuple[str, str], int],
) -> tuple[Response, bool]:
    """The row that holds this answer, and whether it is new."""
    row_id = answer.id or str(uuid.uuid4())
    if answer.id and answer.id in known:
        earlier = known[answer.id]
        if _says_the_same(earlier, assessment, answer):
            return earlier, False
        row_id = _conflict_id(assessment, answer)
        if row_id in known or (kept := _known(assessment, [row_id])):
            return known.get(row_id) or kept[row_id], False
        audit.record(sitting_actor(assessment.public_id), "keep_conflict", assessment)
    row = row_of(assessment, answer, row_id)
    key = (answer.instrument_code, answer.item_code)
    row.seq = numbers[key] = numbers.get(key, 0) + 1
    known[row_id] = row
    return row, True


def row_of(assessment: Assessment, answer: Answer, row_id: str) -> Response:
    """The row of an answer, received now; who places it counts its `seq`."""
    return Response(
        public_id=row_id,
        campaign_id=assessment.campaign_id,
        site_id=assessment.site_id,
        assessment_id=assessment.id,
        instrument_code=answer.instrument_code,
        item_code=answer.item_code,
        value=answer.value,
        text=answer.text,
        refused=answer.refused,
        mode=assessment.mode,
        answered_at=answer.answered_at,
        received_at=clock.now(),
        shown_ms=answer.ms,
    )


def _says_the_same(row: Response, assessment: Assessment, answer: Answer) -> bool:
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

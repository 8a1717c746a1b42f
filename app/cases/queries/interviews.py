"""Reads of interviews: drafts of their author, signed records, and the texts made from them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.authoring.queries import instrument_of
from app.cases.domain.interviews import (
    FACTS,
    LASTING,
    Answers,
    Line,
    headed,
    lines_of,
)
from app.cases.models import Case, InterviewDraft, InterviewRecord
from app.cases.queries.cases import visible_to
from app.instruments.model import Instrument
from app.platform.db import db

_COLON = {"zh_Hans": "："}


@dataclass(frozen=True)
class Part:
    """A section of the interview as it is read: its title and its lines."""

    title: str
    lines: list[Line]


def draft_of(
    actor: Actor, case: Case, corrects: InterviewRecord | None = None
) -> InterviewDraft | None:
    """What the actor has keyed in for this case (or for that correction) and not signed."""
    query = select(InterviewDraft).where(
        InterviewDraft.user_id == actor.user_id, InterviewDraft.case_id == case.id
    )
    if corrects is None:
        return db.session.scalar(query.where(InterviewDraft.contact_id.is_(None)))
    return db.session.scalar(query.where(InterviewDraft.contact_id == corrects.contact_id))


def find_record(actor: Actor, public_id: str) -> InterviewRecord | None:
    """One signed interview of a case that the actor may see."""
    query = select(InterviewRecord).where(
        InterviewRecord.public_id == public_id,
        InterviewRecord.case_id.in_(visible_to(actor).with_only_columns(Case.id)),
    )
    return db.session.scalar(query)


def records_of(case: Case) -> Sequence[InterviewRecord]:
    """The signed interviews of a case, each in its last revision, the newest first."""
    last = (
        select(func.max(InterviewRecord.id))
        .where(InterviewRecord.case_id == case.id)
        .group_by(InterviewRecord.contact_id)
    )
    query = (
        select(InterviewRecord)
        .where(InterviewRecord.id.in_(last))
        .options(joinedload(InterviewRecord.contact), joinedload(InterviewRecord.user))
    )
    return sorted(db.session.scalars(query), key=lambda each: each.contact.held_at, reverse=True)


def revisions_of(record: InterviewRecord) -> Sequence[InterviewRecord]:
    """Every revision of the same interview, the first one first."""
    query = (
        select(InterviewRecord)
        .where(InterviewRecord.contact_id == record.contact_id)
        .order_by(InterviewRecord.revision)
        .options(joinedload(InterviewRecord.user))
    )
    return db.session.scalars(query).all()


def latest_record(case: Case) -> InterviewRecord | None:
    """The interview held last, as it stands now."""
    return next(iter(records_of(case)), None)


def known_of(case: Case, locale: str) -> Answers:
    """What a new interview can begin with: why the student waits, and what lasts."""
    reasons = [_first_sentence(entry.reasons.get(locale, "")) for entry in case.entries]
    known: Answers = {"occasion": reasons[-1]} if reasons and reasons[-1] else {}
    before = latest_record(case)
    lasting = before.answers if before else {}
    return known | {code: lasting[code] for code in LASTING if code in lasting}


def parts_of(instrument: Instrument, answers: Answers, locale: str) -> list[Part]:
    """The whole interview in its sections, without what was left open."""
    parts = (
        Part(
            section.title.get(locale) if section.title else "",
            lines_of(instrument, answers, headed(instrument, section.items), locale),
        )
        for section in instrument.shown_sections
    )
    return [part for part in parts if part.lines]


def note_text(instrument: Instrument, answers: Answers, locale: str) -> str:
    """The contact note that the answers make, for the counsellor to read, change and sign."""
    parts = parts_of(instrument, answers, locale)
    return _written((line for part in parts for line in part.lines), locale)


def referral_facts(case: Case, locale: str) -> str:
    """What a hospital needs from the last interview; empty where there was none.

    What was said about thoughts, plan, means and past acts in the counsellor's words, what was done
    and who was told: no score, no level, nothing that the student confided besides.
    """
    record = latest_record(case)
    if record is None:
        return ""
    instrument = instrument_of(record.instrument_version)
    return _written(lines_of(instrument, record.answers, FACTS, locale), locale)


def _first_sentence(text: str) -> str:
    """What was answered; the rest of a reason says what it does not mean and what to do."""
    return re.split(r"(?<=。)|(?<=\.) ", text, maxsplit=1)[0]


def _written(lines: Iterable[Line], locale: str) -> str:
    colon = _COLON.get(locale, ": ")
    return "\n".join(f"{line.heading}{colon}{line.text}" for line in lines)

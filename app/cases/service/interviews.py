"""Writes of interviews: drafts kept at every pause; a signature makes contact and record one."""

import json
from datetime import date, datetime

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.queries import current_version, instrument_of
from app.cases.domain.cases import CaseState, Modality
from app.cases.domain.errors import StepError, UnansweredError
from app.cases.domain.interviews import CODE, Answers, StaleDraftError, is_feared, unanswered
from app.cases.domain.story import Happening
from app.cases.models import Case, Contact, InterviewDraft, InterviewRecord
from app.cases.queries import interviews as queries
from app.cases.service.contacts import record_contact
from app.cases.service.guardians import note_fear
from app.cases.service.story import tell
from app.instruments.model import Instrument
from app.platform import audit, clock
from app.platform.db import db
from app.triage.domain import RiskLevel


def open_interview(
    *, actor: Actor, case: Case, corrects: InterviewRecord | None, writer: str
) -> tuple[Instrument, InterviewDraft | None]:
    """The form, and the draft that goes on: from now on `writer` is the page that keeps it."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over and corrects is None:
        raise StepError
    draft = queries.draft_of(actor, case, corrects)
    if draft is not None:
        draft.writer = writer
        version = draft.instrument_version
    else:
        version = corrects.instrument_version if corrects else current_version(CODE)
    audit.record(actor, "open_interview", case, draft=draft is not None)
    return instrument_of(version), draft


def keep_draft(
    *,
    actor: Actor,
    case: Case,
    corrects: InterviewRecord | None,
    writer: str,
    answers: Answers,
) -> InterviewDraft:
    """Seal what is keyed in so far; a page that another one has overtaken is refused."""
    require(actor, Permission.WORK_CASE, case)
    draft = queries.draft_of(actor, case, corrects) or _begin(actor, case, corrects, writer)
    if draft.writer != writer:
        raise StaleDraftError
    if draft.content_sealed is None or draft.answers != answers:
        draft.keep(answers, note=None)
    draft.kept_at = clock.now()
    db.session.add(draft)
    db.session.flush()
    return draft


def keep_note(*, actor: Actor, case: Case, draft: InterviewDraft, writer: str, note: str) -> None:
    """Seal the note as the person has changed it so far."""
    require(actor, Permission.WORK_CASE, case)
    if draft.writer != writer:
        raise StaleDraftError
    draft.keep(draft.answers, note)
    draft.kept_at = clock.now()


def discard_draft(*, actor: Actor, case: Case, draft: InterviewDraft) -> None:
    """Throw away what was never signed."""
    require(actor, Permission.WORK_CASE, case)
    db.session.delete(draft)
    audit.record(actor, "discard_interview", case)


def sign_interview(
    *,
    actor: Actor,
    case: Case,
    draft: InterviewDraft,
    note: str,
    modality: Modality,
    held_at: datetime,
    risk_level: RiskLevel,
    state: CaseState,
    next_on: date,
) -> InterviewRecord:
    """Contact, record and what follows from them, in one: nothing of it stands alone."""
    require(actor, Permission.WORK_CASE, case)
    _require_answered(draft)
    contact = record_contact(
        actor=actor,
        case=case,
        modality=modality,
        held_at=held_at,
        reached=True,
        note=note,
        risk_level=risk_level,
        state=state,
        next_on=next_on,
    )
    if is_feared(draft.answers):
        note_fear(actor=actor, case=case)
    return _sign(actor, contact, draft, note, revision=1)


def sign_correction(
    *, actor: Actor, record: InterviewRecord, draft: InterviewDraft, note: str
) -> InterviewRecord:
    """A further revision; what was signed before stays as it is."""
    require(actor, Permission.WORK_CASE, record)
    _require_answered(draft)
    revision = queries.revisions_of(record)[-1].revision + 1
    if is_feared(draft.answers):
        note_fear(actor=actor, case=record.case)
    tell(record.case, Happening.INTERVIEW_CORRECTED, actor, revision=revision)
    return _sign(actor, record.contact, draft, note, revision=revision)


def see_interview(*, actor: Actor, record: InterviewRecord) -> None:
    """Reading an interview, or printing it, is kept in the log."""
    require(actor, Permission.WORK_CASE, record)
    audit.record(actor, "see_interview", record)


def _begin(
    actor: Actor, case: Case, corrects: InterviewRecord | None, writer: str
) -> InterviewDraft:
    if case.state.is_over and corrects is None:
        raise StepError
    version = corrects.instrument_version if corrects else current_version(CODE)
    audit.record(actor, "begin_interview", case, version=version.version)
    return InterviewDraft(
        site_id=case.site_id,
        case_id=case.id,
        user_id=actor.user_id,
        contact_id=corrects.contact_id if corrects else None,
        instrument_version=version,
        writer=writer,
        started_at=clock.now(),
    )


def _require_answered(draft: InterviewDraft) -> None:
    if missing := unanswered(draft.answers):
        raise UnansweredError(missing)


def _sign(
    actor: Actor, contact: Contact, draft: InterviewDraft, note: str, *, revision: int
) -> InterviewRecord:
    record = InterviewRecord(
        site_id=draft.site_id,
        case_id=draft.case_id,
        contact=contact,
        revision=revision,
        instrument_version_id=draft.instrument_version_id,
        user_id=actor.user_id,
        signed_at=clock.now(),
        answers_text=json.dumps(draft.answers, ensure_ascii=False),
        note=note,
    )
    db.session.add(record)
    db.session.delete(draft)
    audit.record(actor, "sign_interview", record, revision=revision)
    return record

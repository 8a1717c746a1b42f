"""Writes of an author: a draft is started, saved with all its errors, and handed in."""

import json
import re

from app.access.actor import Actor
from app.access.guards import DeniedError, require
from app.access.permissions import Permission
from app.authoring.checking import check_files
from app.authoring.domain import (
    NEXT,
    DraftChangedError,
    DraftOrigin,
    DraftState,
    DraftStateError,
    Files,
    GatesClosedError,
)
from app.authoring.gates import closed_gates
from app.authoring.models import InstrumentDraft, InstrumentVersion
from app.instruments.loader import INSTRUMENT_FILE
from app.platform import audit, clock
from app.platform.db import db, hold_row

_CODE = re.compile(r"^code:[ ]*([a-z][a-z0-9_]{0,39})[ ]*(?:#.*)?$", re.MULTILINE)


def start_draft(
    *,
    actor: Actor,
    files: Files,
    origin: DraftOrigin,
    title: str,
    licence_proof: str = "",
    base: InstrumentVersion | None = None,
) -> InstrumentDraft:
    """Begin a draft of the actor's own; its files may still be full of errors."""
    require(actor, Permission.WRITE_INSTRUMENTS)
    if actor.user_id is None:
        raise DeniedError(Permission.WRITE_INSTRUMENTS)
    now = clock.now()
    draft = InstrumentDraft(
        title=title,
        origin=origin,
        author_id=actor.user_id,
        base_version_id=base.id if base else None,
        created_at=now,
        saved_at=now,
    )
    draft.licence_proof = licence_proof
    _keep(draft, files)
    db.session.add(draft)
    audit.record(actor, "start_draft", draft, origin=origin.value)
    return draft


def save_draft(
    *,
    actor: Actor,
    draft: InstrumentDraft,
    files: Files,
    revision: int,
    licence_proof: str | None = None,
    pathway: str | None = None,
) -> InstrumentDraft:
    """Keep what was typed over revision `revision`; `DraftChangedError` where that is not the last.

    What is None stays as it is.
    """
    require(actor, Permission.WRITE_INSTRUMENTS, draft)
    hold(draft, revision)
    if not draft.is_open:
        raise DraftStateError(draft.state)
    _keep(draft, draft.with_texts(files))
    if licence_proof is not None:
        draft.licence_proof = licence_proof
    if pathway is not None:
        draft.pathway = pathway
    draft.revision += 1
    draft.saved_at = clock.now()
    audit.record(actor, "save_draft", draft, revision=draft.revision)
    return draft


def submit_draft(*, actor: Actor, draft: InstrumentDraft, revision: int) -> None:
    """Hand the draft to a reviewer; only what passes every gate but theirs can be handed in."""
    require(actor, Permission.WRITE_INSTRUMENTS, draft)
    hold(draft, revision)
    if gates := closed_gates(draft):
        raise GatesClosedError(gates)
    move(draft, DraftState.IN_REVIEW)
    draft.submitted_at = clock.now()
    audit.record(actor, "submit_draft", draft, revision=draft.revision)


def take_back_draft(*, actor: Actor, draft: InstrumentDraft) -> None:
    """The author goes on writing before anybody has decided."""
    require(actor, Permission.WRITE_INSTRUMENTS, draft)
    hold(draft)
    move(draft, DraftState.DRAFT)
    audit.record(actor, "take_back_draft", draft)


def withdraw_draft(*, actor: Actor, draft: InstrumentDraft) -> None:
    """Nothing will come of it; it can still be read."""
    require(actor, Permission.WRITE_INSTRUMENTS, draft)
    hold(draft)
    move(draft, DraftState.WITHDRAWN)
    audit.record(actor, "withdraw_draft", draft)


def hold(draft: InstrumentDraft, revision: int | None = None) -> None:
    """Hold the draft until the transaction ends, and refuse a decision about an older text."""
    hold_row(InstrumentDraft, draft.id)
    db.session.refresh(draft)
    if revision is not None and draft.revision != revision:
        raise DraftChangedError(draft.public_id)


def move(draft: InstrumentDraft, state: DraftState) -> None:
    """Lead the draft on, or refuse: it has been decided about meanwhile."""
    if state not in NEXT[draft.state]:
        raise DraftStateError(draft.state)
    draft.state = state


def _keep(draft: InstrumentDraft, files: Files) -> None:
    """Take the texts as they are, and from them what lists show."""
    texts = {name: text.replace("\r\n", "\n") for name, text in files.items() if text.strip()}
    draft.source = json.dumps(texts, ensure_ascii=False)
    found = _CODE.search(texts.get(INSTRUMENT_FILE, ""))
    draft.code = found[1] if found else ""
    if (instrument := check_files(texts).instrument) is not None:
        draft.title = instrument.title.get()[:200]

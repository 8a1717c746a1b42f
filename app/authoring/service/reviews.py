"""Writes of a reviewer: a draft goes back with a reason or into service; a version retires."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.checking import check_files
from app.authoring.domain import (
    NEEDED,
    DraftState,
    DraftStateError,
    Gate,
    GatesClosedError,
    NeededError,
)
from app.authoring.gates import closed_gates
from app.authoring.models import InstrumentDraft, InstrumentVersion
from app.authoring.queries.versions import versions_of
from app.authoring.service.drafts import hold, move
from app.authoring.service.versions import put_into_service
from app.platform import audit, clock
from app.platform.db import hold_row


def return_draft(*, actor: Actor, draft: InstrumentDraft, reason: str, revision: int) -> None:
    """Give the draft back to its author, saying why."""
    _require_other(actor, draft)
    hold(draft, revision)
    move(draft, DraftState.RETURNED)
    draft.reason = reason
    _decide(actor, draft)
    audit.record(actor, "return_draft", draft, revision=revision)


def publish_draft(*, actor: Actor, draft: InstrumentDraft, revision: int) -> InstrumentVersion:
    """Put exactly the revision that was read into service, if it passes every gate."""
    _require_other(actor, draft)
    hold(draft, revision)
    gates = closed_gates(draft, reviewer=actor)
    instrument = check_files(draft.files).instrument
    if gates or instrument is None:
        raise GatesClosedError(gates)
    version = put_into_service(actor, instrument)
    move(draft, DraftState.PUBLISHED)
    draft.published_version = version
    _decide(actor, draft)
    audit.record(actor, "publish_draft", draft, version=version.public_id, revision=revision)
    return version


def retire_version(*, actor: Actor, version: InstrumentVersion) -> None:
    """Keep the version from new batteries; those that have it keep it, and so do their results."""
    require(actor, Permission.REVIEW_INSTRUMENTS)
    for one in versions_of(version.code):  # two that are the last but one would leave none
        hold_row(InstrumentVersion, one.id)
    if version.retired_at is not None:
        raise DraftStateError(version.code)
    in_service = [one for one in versions_of(version.code) if one.retired_at is None]
    if version.code in NEEDED and in_service == [version]:
        raise NeededError(version.code)
    version.retired_at = clock.now()
    audit.record(actor, "retire_instrument", version, code=version.code, version=version.version)


def _require_other(actor: Actor, draft: InstrumentDraft) -> None:
    """A second person decides: nobody waves their own work through, in whatever role."""
    require(actor, Permission.REVIEW_INSTRUMENTS)
    if actor.user_id is None or actor.user_id == draft.author_id:
        raise GatesClosedError((Gate.SECOND_PERSON,))


def _decide(actor: Actor, draft: InstrumentDraft) -> None:
    draft.reviewer_id = actor.user_id
    draft.decided_at = clock.now()

"""Past results scored again by a version in service: proposed, approved by another, then done.

Nothing of before is touched: each new result is a row of its own that names the row whose place it
takes. Flags that are new go the ordinary way into the queue, in the same transaction. Flags that
the new version would not raise stand all the same: the ledger shows them, and a person decides.
"""

from typing import Any

from app.access.actor import SYSTEM, Actor
from app.access.guards import DeniedError, require
from app.access.permissions import Permission
from app.access.policy import can
from app.assessments.models import Assessment
from app.assessments.queries import current_responses
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.people.models import Site
from app.platform import audit, clock, jobs
from app.platform.db import begin_write, db, hold_row, only
from app.results import past
from app.results.domain import (
    MOST_TRIES,
    OPEN,
    DecidedAlreadyError,
    NotInServiceError,
    NotYoursError,
    RescoringState,
    SecondPersonError,
    WeighingState,
)
from app.results.ledger import open_rescoring, revisions_of, serving_version
from app.results.models import Administration, Rescoring, Weighing
from app.results.service.flags import FlagRegister
from app.results.service.scores import norms_of, person_of, register_new, scored, store
from app.results.service.weighings import add_moves
from app.scoring import ENGINE_VERSION, CompiledInstrument

WORK = "rescore"
#: So few sittings in one transaction: each may call somebody, and answers wait meanwhile.
BATCH = 20


def propose_rescoring(*, actor: Actor, weighing: Weighing, site: Site, reason: str) -> Rescoring:
    """Propose that the site's past results are scored again by what was weighed."""
    require(actor, Permission.PROPOSE_RESCORING)
    if actor.user_id is None or not (actor.everywhere or site.id in actor.site_ids):
        raise DeniedError(Permission.PROPOSE_RESCORING)
    version = serving_version(weighing)
    if version is None or weighing.state is not WeighingState.READY:
        raise NotInServiceError(weighing.instrument_code)
    # Held is the school: another weighing of the same instrument must not be proposed beside it.
    hold_row(Site, site.id)
    if open_rescoring(weighing.instrument_code, site.id) is not None:
        raise DecidedAlreadyError(weighing.instrument_code)
    rescoring = Rescoring(
        site_id=site.id,
        weighing_id=weighing.id,
        instrument_version_id=version.id,
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    rescoring.reason = reason
    db.session.add(rescoring)
    audit.record(actor, "propose_rescoring", rescoring, version=version.public_id)
    return rescoring


def approve_rescoring(*, actor: Actor, rescoring: Rescoring, reason: str) -> None:
    """A second person approves; the worker begins as soon as this is committed."""
    _decide(actor, rescoring, RescoringState.APPROVED, reason)
    audit.record(actor, "approve_rescoring", rescoring)
    jobs.enqueue(WORK, rescoring_id=rescoring.id)


def refuse_rescoring(*, actor: Actor, rescoring: Rescoring, reason: str) -> None:
    """A second person says no: every result stays as it is."""
    _decide(actor, rescoring, RescoringState.REFUSED, reason)
    rescoring.ended_at = clock.now()
    audit.record(actor, "refuse_rescoring", rescoring)


def rescore_on(*, rescoring_id: int) -> None:
    """Score the next few sittings again and ask for those behind them; commits.

    Done twice it does nothing new: a result that the version gave already is passed over. What
    cannot be scored is tried a few times, the job resting longer in between; then it has failed.
    """
    try:
        begin_write()
        rescoring = _held(rescoring_id)
        if rescoring.state is RescoringState.APPROVED:
            _rescore(rescoring)
        db.session.commit()
    except jobs.LeaseLostError:
        raise
    except Exception as error:
        db.session.rollback()
        if not _has_failed(rescoring_id, type(error).__name__):
            raise


def retry_rescoring(*, actor: Actor, rescoring: Rescoring) -> None:
    """Try a failed one again, after its cause was mended; it goes on where it stopped."""
    _may_end(actor, rescoring)
    rescoring = _held(rescoring.id)
    if rescoring.state is not RescoringState.FAILED:
        raise DecidedAlreadyError(rescoring.public_id)
    rescoring.state, rescoring.tries, rescoring.ended_at = RescoringState.APPROVED, 0, None
    audit.record(actor, "retry_rescoring", rescoring, done=rescoring.done)
    jobs.enqueue(WORK, rescoring_id=rescoring.id)


def withdraw_rescoring(*, actor: Actor, rescoring: Rescoring, reason: str) -> None:
    """Take it back by name, decided or not; results that were scored again by then stay."""
    _may_end(actor, rescoring)
    rescoring = _held(rescoring.id)
    if rescoring.state not in OPEN:
        raise DecidedAlreadyError(rescoring.public_id)
    rescoring.state, rescoring.ended_at = RescoringState.WITHDRAWN, clock.now()
    rescoring.withdrawn_by_id, rescoring.withdrawal = actor.user_id, reason
    audit.record(actor, "withdraw_rescoring", rescoring, done=rescoring.done)


def may_end(actor: Actor, rescoring: Rescoring) -> bool:
    """Whether the actor proposed or decided it, or as crisis lead answers for the school."""
    concerned = {rescoring.proposed_by_id, rescoring.decided_by_id}
    return actor.user_id in concerned or can(actor, Permission.APPROVE_RESCORING, rescoring)


def _may_end(actor: Actor, rescoring: Rescoring) -> None:
    require(actor, Permission.PROPOSE_RESCORING, rescoring)
    if actor.user_id is None or not may_end(actor, rescoring):
        raise NotYoursError(rescoring.public_id)


def _held(rescoring_id: int) -> Rescoring:
    hold_row(Rescoring, rescoring_id)
    return db.session.get_one(Rescoring, rescoring_id, populate_existing=True)


def _has_failed(rescoring_id: int, error: str) -> bool:
    """Count a try in vain; whether it was the last, or nobody wants it any more. Commits."""
    begin_write()
    rescoring = _held(rescoring_id)
    if rescoring.state is RescoringState.APPROVED:
        rescoring.tries, rescoring.error = rescoring.tries + 1, error[:80]
        if rescoring.tries >= MOST_TRIES:
            rescoring.state, rescoring.ended_at = RescoringState.FAILED, clock.now()
            audit.record(SYSTEM, "fail_rescoring", rescoring, error=error, done=rescoring.done)
    is_over = rescoring.state is not RescoringState.APPROVED
    db.session.commit()
    return is_over


def _decide(actor: Actor, rescoring: Rescoring, state: RescoringState, reason: str) -> None:
    require(actor, Permission.APPROVE_RESCORING, rescoring)
    hold_row(Rescoring, rescoring.id)
    db.session.refresh(rescoring)
    if actor.user_id is None or actor.user_id == rescoring.proposed_by_id:
        raise SecondPersonError(rescoring.public_id)
    if rescoring.state is not RescoringState.PROPOSED:
        raise DecidedAlreadyError(rescoring.public_id)
    rescoring.state, rescoring.decision = state, reason
    rescoring.decided_by_id, rescoring.decided_at = actor.user_id, clock.now()


def _rescore(rescoring: Rescoring) -> None:
    version = rescoring.instrument_version
    compiled = compiled_of(version)
    left = past.results_of_others(version, site_id=rescoring.site_id, limit=BATCH)
    add_moves(
        past.weigh(left, compiled), weighing_id=rescoring.weighing_id, rescoring_id=rescoring.id
    )
    for result in left:
        _rescore_one(rescoring, version, compiled, result)
    rescoring.done += len(left)
    rescoring.tries, rescoring.error = 0, None
    if len(left) == BATCH:
        jobs.enqueue(WORK, rescoring_id=rescoring.id)
        return
    rescoring.state, rescoring.ended_at = RescoringState.DONE, clock.now()
    audit.record(SYSTEM, "rescore", rescoring, results=rescoring.done)


def _rescore_one(
    rescoring: Rescoring,
    version: InstrumentVersion,
    compiled: CompiledInstrument,
    result: past.Result,
) -> None:
    """Add the new result beside the old one, and raise what is new."""
    sitting = db.session.get_one(Assessment, result.assessment_id, with_for_update=only(Assessment))
    scores = scored(
        compiled,
        current_responses(sitting.id).get(compiled.instrument.code, {}),
        person_of(sitting),
        past.context_of_one(compiled, result),
    )
    before = db.session.get_one(Administration, result.administration_id)
    store([(_new_result(rescoring, version, compiled, before), scores)])
    register = FlagRegister(sitting)
    register_new(register, compiled, scores)
    register.publish()


def _new_result(
    rescoring: Rescoring,
    version: InstrumentVersion,
    compiled: CompiledInstrument,
    before: Administration,
) -> dict[str, Any]:
    return {
        "campaign_id": before.campaign_id,
        "site_id": before.site_id,
        "assessment_id": before.assessment_id,
        "student_id": before.student_id,
        "instrument_version_id": version.id,
        "instrument_code": before.instrument_code,
        "revision": revisions_of(before.assessment_id, version.id) + 1,
        "engine_version": ENGINE_VERSION,
        "norm_version": norms_of(compiled.instrument),
        "quality": dict(before.quality),
        "scored_at": clock.now(),
        "rescoring_id": rescoring.id,
        "supersedes_id": before.id,
    }

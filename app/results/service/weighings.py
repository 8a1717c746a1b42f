"""A changed instrument is weighed against past results, batch by batch."""

import json
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import insert

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.access.policy import can
from app.instruments.loader import stored_instrument
from app.platform import audit, clock, jobs
from app.platform.db import begin_write, db, hold_row
from app.results import past
from app.results.domain import NotYoursError, WeighingState
from app.results.models import ScoreMove, Weighing
from app.scoring.change import Move

WORK = "weigh_change"

_ADD_MOVES = insert(ScoreMove)


def ask_weighing(
    *, actor: Actor, files: Mapping[str, str], draft_ref: str | None = None
) -> Weighing:
    """Ask what the text in `files` would change; `InstrumentError` where it is no instrument."""
    require(actor, Permission.WEIGH_CHANGES)
    instrument = stored_instrument(files)
    weighing = Weighing(
        instrument_code=instrument.code,
        content_hash=instrument.content_hash,
        source=json.dumps(dict(files), ensure_ascii=False),
        draft_ref=draft_ref,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        total=past.count_results(instrument.code),
    )
    db.session.add(weighing)
    audit.record(actor, "weigh_change", weighing, content_hash=instrument.content_hash)
    jobs.enqueue(WORK, weighing_id=weighing.id)
    return weighing


def cancel_weighing(*, actor: Actor, weighing: Weighing) -> None:
    """Stop the work; what was counted so far is no answer and is not shown."""
    require(actor, Permission.WEIGH_CHANGES)
    if not may_cancel(actor, weighing):
        raise NotYoursError(weighing.public_id)
    hold_row(Weighing, weighing.id)
    db.session.refresh(weighing)
    if weighing.state is WeighingState.WAITING:
        weighing.state, weighing.ended_at = WeighingState.CANCELLED, clock.now()
        audit.record(actor, "cancel_weighing", weighing)


def may_cancel(actor: Actor, weighing: Weighing) -> bool:
    """Who asked, a reviewer, who decides about instruments, and the machine's operator."""
    is_own = actor.user_id is not None and actor.user_id == weighing.asked_by_id
    return is_own or can(actor, Permission.REVIEW_INSTRUMENTS)


def weigh_on(*, weighing_id: int) -> None:
    """Weigh the next batch and ask for the one behind it; commits.

    Scoring is done outside the write transaction, so that no student's answer waits for it. A
    batch that was counted already (by a worker that died before it could say so) is left out.
    """
    weighing = db.session.get_one(Weighing, weighing_id)
    if weighing.state is not WeighingState.WAITING:
        return
    cursor = weighing.cursor
    found = past.results_after(weighing.instrument_code, cursor)
    weighed = past.weigh(found, past.candidate_of(weighing))
    begin_write()
    hold_row(Weighing, weighing_id)
    weighing = db.session.get_one(Weighing, weighing_id, populate_existing=True)
    if weighing.state is WeighingState.WAITING and weighing.cursor == cursor:
        _count(weighing, found, weighed)
    db.session.commit()


def _count(weighing: Weighing, found: list[past.Result], weighed: past.Weighed) -> None:
    weighing.done += len(found)
    weighing.counts = _added(weighing.counts, weighed.counts)
    add_moves(weighed, weighing_id=weighing.id)
    if len(found) < past.BATCH:
        weighing.state, weighing.ended_at = WeighingState.READY, clock.now()
        return
    weighing.cursor = found[-1].administration_id
    jobs.enqueue(WORK, weighing_id=weighing.id)


def add_moves(weighed: past.Weighed, *, weighing_id: int, rescoring_id: int | None = None) -> None:
    """Keep who moves, foreseen or (with `rescoring_id`) done."""
    rows = [
        {
            "weighing_id": weighing_id,
            "rescoring_id": rescoring_id,
            "site_id": result.site_id,
            "assessment_id": result.assessment_id,
            "kind": kind,
            "code": code,
            "was": was,
            "now": now,
        }
        for result, (kind, code, was, now) in weighed.moves
    ]
    if rows:
        db.session.execute(_ADD_MOVES, rows)


def _added(
    counts: Mapping[str, list[list[object]]], more: Mapping[int, Counter[Move]]
) -> dict[str, list[list[object]]]:
    total: dict[str, Counter[Move]] = {}
    for site, rows in counts.items():
        total[site] = Counter({(k, c, w, n): int(p) for k, c, w, n, p in rows})  # type: ignore[misc,call-overload]  # as JSON kept them
    for site_id, moves in more.items():
        total.setdefault(str(site_id), Counter()).update(moves)
    return {
        site: [[*move, people] for move, people in sorted(each.items())]
        for site, each in total.items()
    }

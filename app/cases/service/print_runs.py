"""Printing a release: asked for, stopped, fetched, over; every step is in the log."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.printing import (
    FETCH_LASTS,
    FILE_LASTS,
    UNDER_WAY,
    EnvelopeOrder,
    ReleaseOverError,
    Rendering,
    RunState,
    RunStateError,
)
from app.cases.models import PrintRun, SummaryRelease
from app.cases.piles import files
from app.cases.queries.guardians import may_be_written_home
from app.cases.queries.releases import held_run, released_students, runs_past
from app.platform import audit, clock, jobs
from app.platform.db import db

STEP = "print_step"


def start_run(
    *, actor: Actor, release: SummaryRelease, order: EnvelopeOrder = EnvelopeOrder.ROLL
) -> PrintRun:
    """Use up one copy and let the worker print it; whose sheets it holds is recorded first.

    Sheets without names are never laid by name: their place would tell it.
    """
    require(actor, Permission.PRINT_RELEASED, release)
    if not release.is_open_at(clock.now()):
        raise ReleaseOverError
    if order is EnvelopeOrder.NAME and not release.has_names:
        order = EnvelopeOrder.ROLL
    students = released_students(release, order)
    if release.rendering is Rendering.GUARDIAN:
        students = may_be_written_home(students)
    if not students:
        raise ReleaseOverError
    release.copies_left -= 1
    now = clock.now()
    run = PrintRun(
        site_id=release.site_id,
        release_id=release.id,
        user_id=actor.user_id,
        state=RunState.GATHERING,
        envelope_order=order,
        student_ids=[student.id for student in students],
        batches=[],
        fronts=[],
        asked_at=now,
        expires_at=now + FILE_LASTS,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(
        actor,
        "print_release",
        release,
        rendering=release.rendering.value,
        run=run.public_id,
        order=order.value,
        students=run.student_ids,
    )
    ask_for_step(run)
    return run


def ask_for_step(run: PrintRun) -> None:
    """Let the worker go on with it."""
    jobs.enqueue(STEP, key=f"{STEP}:{run.id}", run_id=run.id)


def cancel_run(*, actor: Actor, run: PrintRun) -> None:
    """Stop it; what was written is gone, and the copy can be printed again."""
    require(actor, Permission.PRINT_RELEASED, run)
    run = held_run(run.id)
    if run.state not in UNDER_WAY:
        raise RunStateError
    audit.record(actor, "cancel_print", run)
    _stop(actor, run, RunState.CANCELLED)


def fail_run(*, actor: Actor, run: PrintRun) -> None:
    """The engine failed and no paper came out: the copy can be printed again."""
    audit.record(actor, "fail_print", run)
    _stop(actor, run, RunState.FAILED)


def fetch_run(*, actor: Actor, run: PrintRun) -> bytes:
    """Hand over the file; for a quarter of an hour it may be fetched again, then it is gone."""
    require(actor, Permission.PRINT_RELEASED, run)
    run = held_run(run.id)
    now = clock.now()
    if run.state is not RunState.READY or run.expires_at <= now:
        raise RunStateError
    run.expires_at = min(run.expires_at, now + FETCH_LASTS)
    audit.record(actor, "fetch_print", run, students=run.student_ids)
    return files.read(run.public_id, files.WHOLE)


def end_run(run: PrintRun) -> None:
    """Its time is over, or its release was taken back: what was written is gone."""
    run.state = RunState.OVER
    files.remove(run.public_id)


def expire_runs(*, actor: Actor) -> None:
    """End what has waited long enough."""
    for run in runs_past(clock.now()):
        audit.record(actor, "expire_print", run)
        end_run(run)


def _stop(actor: Actor, run: PrintRun, state: RunState) -> None:
    run.state = state
    files.remove(run.public_id)
    run.release.copies_left += 1
    audit.record(actor, "give_back_copy", run.release)

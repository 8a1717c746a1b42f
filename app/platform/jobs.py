"""Work that must happen after a change, however often the machine falls over in between.

A job is a row, written in the transaction of the change that asks for it: both stand or neither.
A worker takes a due job under a lease, does it, and marks it done. A worker that is killed leaves a
lease that runs out, and the job is done again: so handlers are idempotent, and what leaves the
house leaves at least once. Arguments are ids and numbers, never names or words.

Long work keeps its lease: each of its writing transactions renews it, and the worker's second
thread does in between. Whoever has lost it all the same (the machine slept, the clock jumped) finds
that out at its next `begin_write`, before anything is written, and stops.

Work that comes round again (`every`) is the same row: when one is done the next is asked for in
the same transaction, so the clock of a periodic job cannot be lost either.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    Index,
    Row,
    String,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.platform import clock
from app.platform.db import Base, UtcDateTime, begin_write, db, fenced
from app.platform.rows import add_row, change_row

#: How long a worker that is heard of no more holds a job before another may take it.
LEASE = timedelta(seconds=60)
#: A job that has written nothing for so long is taken for hung: its lease is no longer kept.
LONGEST_STRETCH = timedelta(minutes=10)
#: The wait after a failure doubles up to this; a job is never given up.
LONGEST_PAUSE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=5)
#: How long done jobs are kept, so that somebody can look what happened.
KEPT = timedelta(days=30)

#: Every so many turns what has been due longest has its turn, also behind what goes first.
FAIR_TURN = 10

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
#: Kinds that are quick and may not wait behind slow ones.
_quick: set[str] = set()
_turns = count(1)
_periods: dict[str, timedelta] = {}
_log = logging.getLogger(__name__)

_WAITING = text("done_at IS NULL AND leased_until IS NULL")


class Job(Base):
    """One piece of work; `key` names work that is pointless to do twice."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "done_at", "run_at"),
        Index(
            "uq_jobs_waiting_key",
            "key",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(120))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Until then nobody else takes it: a worker is at it, or it rests after a failure.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The kind of the last failure, never its message: messages may carry what people said.
    error: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


_ADD = insert(Job)
_WAITING_JOB = (
    select(Job.id, Job.run_at)
    .where(Job.key == bindparam("key"), Job.done_at.is_(None), Job.leased_until.is_(None))
    .with_for_update()
)


class LeaseLostError(Exception):
    """Another worker has the job by now: this one stops and writes nothing more."""


@dataclass
class Lease:
    """One taking of a job; `turn` tells it from every other taking of the same one."""

    job_id: int
    turn: int
    is_quick: bool
    moved_at: float = field(default_factory=time.monotonic)

    @property
    def holds(self) -> ColumnElement[bool]:
        """The condition on a job's row that nobody has taken it since."""
        return and_(Job.id == self.job_id, Job.attempts == self.turn, Job.done_at.is_(None))

    def renew(self) -> None:
        """Renew it in this transaction, under whose lock nobody takes it; or it is lost."""
        again = update(Job).where(self.holds).values(leased_until=clock.now() + LEASE)
        renewed: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]  # an UPDATE
            again, execution_options={"synchronize_session": False}
        )
        if not renewed.rowcount:
            db.session.rollback()
            raise LeaseLostError
        self.moved_at = time.monotonic()


def handle(kind: str, handler: Handler, *, is_quick: bool = False) -> None:
    """Let `handler` do the jobs of this kind; it is called with the job's arguments.

    What is quick goes before the others: nobody is called later because a gateway is slow.
    It is called outside any transaction: it opens its own with `begin_write` and commits it.
    """
    _handlers[kind] = handler
    if is_quick:
        _quick.add(kind)


def every(kind: str, period: timedelta, handler: Handler) -> None:
    """Let `handler` be called again and again, `period` after it was last done."""
    handle(kind, handler)
    _periods[kind] = period


def enqueue(
    kind: str, *, run_at: datetime | None = None, key: str | None = None, **args: Any
) -> None:
    """Ask for work in this transaction; with a `key`, what waits already is only hastened."""
    now = clock.now()
    run_at = run_at or now
    waiting = _waiting(key) if key else None
    if waiting is None:
        asked = {"kind": kind, "key": key, "args": args, "run_at": run_at, "created_at": now}
        add_row(Job, asked)
    elif run_at < waiting.run_at:
        change_row(Job, waiting.id, run_at=run_at)


def enqueue_new(kind: str, wanted: Iterable[tuple[datetime, str, dict[str, Any]]]) -> None:
    """Ask at once for several pieces of work whose keys nobody can have asked for before.

    Each is its moment, its key and its arguments.
    """
    now = clock.now()
    rows = [
        {"kind": kind, "key": key, "args": args, "run_at": run_at, "created_at": now}
        for run_at, key, args in wanted
    ]
    if rows:
        db.session.connection().execute(_ADD, rows)


def ask_for_periodic() -> None:
    """See to it that each kind of periodic work waits or is under way; commits.

    One that waits longer than its period was asked for by a clock that has been set back since.
    """
    begin_write()
    now = clock.now()
    _pull_forward(now)
    asked = select(Job).where(Job.kind.in_(_periods), Job.done_at.is_(None))
    found = {job.kind: job for job in db.session.scalars(asked)}
    for kind, period in _periods.items():
        if kind not in found:
            enqueue(kind, key=kind)
        elif found[kind].run_at > now + period:
            found[kind].run_at = now
    db.session.commit()


def _pull_forward(now: datetime) -> None:
    """What was asked for in the future, by a clock set back since, keeps its wait and no more."""
    ahead = select(Job).where(Job.done_at.is_(None), Job.created_at > now)
    # A few may be under way at this moment; they come right in the next round.
    for job in db.session.scalars(ahead.with_for_update(skip_locked=True)):
        wait = max(job.run_at - job.created_at, timedelta())
        job.created_at, job.run_at = now, min(job.run_at, now + wait)


def take() -> Lease | None:
    """Lease the job that has been due longest, quick ones first; None when none is due. Commits."""
    begin_write()
    now = clock.now()
    is_free = or_(
        Job.leased_until.is_(None),
        Job.leased_until <= now,
        # No lease is so long: it was written by a clock that has been set back since.
        Job.leased_until > now + 2 * max(LEASE, LONGEST_PAUSE),
    )
    waits_its_turn = case((Job.kind.in_(_quick), 0), else_=1)
    first = [] if next(_turns) % FAIR_TURN == 0 else [waits_its_turn]
    query = (
        select(Job)
        .where(Job.done_at.is_(None), Job.run_at <= now, is_free, Job.kind.in_(_handlers))
        .order_by(*first, Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = db.session.scalar(query)
    if job is None:
        db.session.rollback()
        return None
    job.leased_until, job.attempts = now + LEASE, job.attempts + 1
    lease = Lease(job.id, job.attempts, job.kind in _quick)
    db.session.commit()
    return lease


def work(lease: Lease) -> None:
    """Do the job that was taken; what it writes stands only while the lease is held."""
    job = db.session.get_one(Job, lease.job_id)
    kind, args = job.kind, dict(job.args)
    db.session.rollback()
    try:
        with fenced(lease.renew):
            _do(lease, kind, args)
    except LeaseLostError:
        _log.warning("job %s (%s) was taken over by another worker", lease.job_id, kind)


def keep(lease: Lease) -> None:
    """Renew the lease of a job that is being worked at, from beside it; commits.

    Not of a quick one: an alarm must not wait behind a worker that hangs. Nor of one that seems to
    hang. One that is just writing holds its row, and renews the lease itself.
    """
    if lease.is_quick or time.monotonic() - lease.moved_at > LONGEST_STRETCH.total_seconds():
        return
    begin_write()
    job = db.session.scalar(select(Job).where(lease.holds).with_for_update(skip_locked=True))
    if job is not None:
        job.leased_until = clock.now() + LEASE
    db.session.commit()


def purge_done() -> None:
    """Forget jobs that were done long ago; commits."""
    begin_write()
    db.session.execute(delete(Job).where(Job.done_at < clock.now() - KEPT))
    db.session.commit()


every("purge_done_jobs", timedelta(days=1), purge_done)


def _waiting(key: str) -> Row[int, datetime] | None:
    """The job of that key that nobody has taken yet, held; its `id` and `run_at`."""
    return db.session.connection().execute(_WAITING_JOB, {"key": key}).first()


def _do(lease: Lease, kind: str, args: dict[str, Any]) -> None:
    try:
        _handlers[kind](**args)
    except LeaseLostError:
        raise
    except Exception as error:
        db.session.rollback()
        _log.error("job %s (%s) failed: %s", lease.job_id, kind, type(error).__name__)
        _rest(lease, type(error).__name__)
        return
    db.session.rollback()
    _mark_done(lease.job_id)


def _mark_done(job_id: int) -> None:
    """Done, and what comes round again is asked for anew in the same breath."""
    begin_write()
    done = db.session.get_one(Job, job_id)
    done.done_at, done.error = clock.now(), None
    db.session.flush()
    if done.kind in _periods:
        enqueue(done.kind, key=done.kind, run_at=clock.now() + _periods[done.kind])
    db.session.commit()


def _rest(lease: Lease, error: str) -> None:
    """Let a failed job rest, longer every time."""
    pause = min(FIRST_PAUSE * 2 ** min(lease.turn - 1, 10), LONGEST_PAUSE)
    begin_write()
    job = db.session.get_one(Job, lease.job_id)
    job.leased_until, job.error = clock.now() + pause, error[:80]
    db.session.commit()

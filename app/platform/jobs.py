"""Work that must happen after a change, however often the machine falls over in between.

A job is a row, written in the transaction of the change that asks for it: both stand or neither.
A worker takes a due job under a lease, does it, and marks it done. A worker that is killed leaves a
lease that runs out, and the job is done again: so handlers are idempotent, and what leaves the
house leaves at least once. Arguments are ids and numbers, never names or words.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.platform import clock
from app.platform.db import Base, UtcDateTime, begin_write, db

#: How long a worker has for one job before another may take it.
LEASE = timedelta(seconds=60)
#: The wait after a failure doubles up to this; a job is never given up.
LONGEST_PAUSE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=5)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
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


def handle(kind: str, handler: Handler) -> None:
    """Let `handler` do the jobs of this kind; it is called with the job's arguments.

    It is called outside any transaction: it opens its own with `begin_write` and commits it.
    """
    _handlers[kind] = handler


def enqueue(
    kind: str, *, run_at: datetime | None = None, key: str | None = None, **args: Any
) -> Job:
    """Ask for work in this transaction; with a `key`, what waits already is only hastened."""
    now = clock.now()
    run_at = run_at or now
    waiting = _waiting(key) if key else None
    if waiting is not None:
        waiting.run_at = min(waiting.run_at, run_at)
        return waiting
    job = Job(kind=kind, key=key, args=args, run_at=run_at, created_at=now)
    db.session.add(job)
    db.session.flush()
    return job


def run_due() -> int:
    """Do everything that is due now, one job after the other; how many were tried."""
    tried = 0
    while (job_id := _take()) is not None:
        _run(job_id)
        tried += 1
    return tried


def _waiting(key: str) -> Job | None:
    query = select(Job).where(Job.key == key, Job.done_at.is_(None), Job.leased_until.is_(None))
    return db.session.scalar(query.with_for_update())


def _take() -> int | None:
    """Lease the job that has been due longest, in a transaction of its own."""
    begin_write()
    now = clock.now()
    query = (
        select(Job)
        .where(
            Job.done_at.is_(None),
            Job.run_at <= now,
            or_(Job.leased_until.is_(None), Job.leased_until <= now),
            Job.kind.in_(_handlers),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = db.session.scalar(query)
    if job is None:
        db.session.rollback()
        return None
    job.leased_until, job.attempts = now + LEASE, job.attempts + 1
    job_id = job.id
    db.session.commit()
    return job_id


def _run(job_id: int) -> None:
    job = db.session.get_one(Job, job_id)
    kind, args, attempts = job.kind, dict(job.args), job.attempts
    db.session.rollback()
    try:
        _handlers[kind](**args)
    except Exception as error:
        db.session.rollback()
        _log.error("job %s (%s) failed: %s", job_id, kind, type(error).__name__)
        _rest(job_id, attempts, type(error).__name__)
        return
    db.session.rollback()
    begin_write()
    done = db.session.get_one(Job, job_id)
    done.done_at, done.error = clock.now(), None
    db.session.commit()


def _rest(job_id: int, attempts: int, error: str) -> None:
    """Let a failed job rest, longer every time."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    begin_write()
    job = db.session.get_one(Job, job_id)
    job.leased_until, job.error = clock.now() + pause, error[:80]
    db.session.commit()

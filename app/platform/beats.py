"""The dead man's switch: the worker says that it is alive, everybody else notices when it is not.

A worker that is dead, hung or cut off raises no alarm; only its silence can. Its beat is a row with
the moment of its last progress, and whoever reads it compares with its own clock. A beat far in the
future counts as silence as well: the clock has been set back since, and a living worker corrects it
with its next beat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.platform import clock, events
from app.platform.db import Base, UtcDateTime, begin_write, db

#: Without a beat for so long the alarm service counts as silent (safety promise P17).
SILENT_AFTER = timedelta(seconds=120)
#: Rows of workers that ended long ago are cleared away when another one starts.
FORGOTTEN_AFTER = timedelta(days=1)


class WorkerBeat(Base):
    """When a worker last made progress; one row each."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class WorkerNeeded:
    """A question to the rooms: does anybody rely on the alarms now? Who does answers `True`."""


@dataclass(frozen=True)
class Silence:
    """No worker has beaten for too long; without `since` there never was one."""

    since: datetime | None


def beat(name: str) -> None:
    """Say that this worker makes progress; commits."""
    begin_write()
    row = db.session.get(WorkerBeat, name) or WorkerBeat(name=name)
    row.at = clock.now()
    db.session.add(row)
    db.session.commit()


def forget_old_beats() -> None:
    """Clear away the rows of workers that are long gone; commits."""
    begin_write()
    gone = WorkerBeat.at < clock.now() - FORGOTTEN_AFTER
    db.session.execute(delete(WorkerBeat).where(gone))
    db.session.commit()


def silence() -> Silence | None:
    """Whether the alarm service is silent, and since when; None while a worker beats."""
    beats = db.session.scalars(select(WorkerBeat.at)).all()
    if beats:
        return _silence_after(beats)
    return Silence(None) if events.ask(WorkerNeeded()) else None


def silence_to_show() -> Silence | None:
    """The same for a page's banner, which must never be the reason that a page fails."""
    try:
        return silence()
    except SQLAlchemyError:
        return None


def _silence_after(beats: Iterable[datetime]) -> Silence | None:
    now = clock.now()
    if any(abs(now - at) <= SILENT_AFTER for at in beats):
        return None
    return Silence(max((at for at in beats if at <= now), default=now))

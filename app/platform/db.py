"""The database: one metadata, honest UTC, and writers that take turns.

On SQLite a transaction that reads first and then writes fails at once when another writer was
quicker, and waiting writers are served in no order. So every writing transaction is opened by
`begin_write`: it takes its place in one fair queue of the process, then its process takes turns
with the others (the web and the worker), and it starts with BEGIN IMMEDIATE; a write outside it is
refused.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from sqlite3 import SQLITE_BUSY, SQLITE_LOCKED
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    DateTime,
    MetaData,
    String,
    event,
)
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from app.platform import ids, postgres

WRITES = "xinqiao_writes"
WRITING = frozenset({"INSERT", "UPDATE", "DELETE"})
BUSY_SECONDS = 12

_fence: ContextVar[Callable[[], None] | None] = ContextVar("write_fence", default=None)


class WriteOutsideTransactionError(RuntimeError):
    """A statement tried to write in a transaction that was opened for reading."""


class Base(DeclarativeBase):
    """Tables name their constraints, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class OneDatabaseSession(Session):
    """There is one database: which one a statement goes to is not worked out every time."""

    _engine: Engine | None = None

    def get_bind(self, *_args: Any, bind: Any = None, **_named: Any) -> Any:
        """The engine of the application, in whose context a session begins and ends."""
        if self._engine is None:
            self._engine = self._db.engine
        return bind or self._engine


db = SQLAlchemy(model_class=Base, session_options={"class_": OneDatabaseSession})


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone: they mean different times on different machines."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always UTC: SQLite forgets the zone, PostgreSQL answers in the zone of its session."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PublicId:
    """Mixin: the opaque name of a row in URLs, and what its encrypted values are bound to."""

    #: Chosen here, so that many new rows are told apart when one statement stores them.
    public_id: Mapped[str] = mapped_column(
        String(22), unique=True, insert_sentinel=True, default=ids.new_public_id
    )


class FairLock:
    """A lock that serves its waiters in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn; False when it did not come within `timeout` seconds."""
        with self._guard:
            if not self._held and not self._waiting:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # the turn came in the very moment of giving up
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the lock to whoever waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


class ProcessTurns:
    """Two locked files by which processes take turns: who has just written lets the other pass.

    Whoever wants to write goes through a gate first and holds it until the turn is free. A process
    that has just written finds the gate held by the one that waits, and cannot overtake it. The
    files are opened anew each time, so that a killed process or a fork leaves no lock behind.
    """

    PAUSE = 0.001

    def __init__(self, database: Path) -> None:
        self._gate = database.with_name(f"{database.name}-gate")
        self._turn = database.with_name(f"{database.name}-turn")

    def acquire(self, timeout: float) -> int | None:
        """Wait for the turn; the open file that holds it, or None when it did not come."""
        until = time.monotonic() + timeout
        gate = self._lock(self._gate, until)
        if gate is None:
            return None
        try:
            return self._lock(self._turn, until)
        finally:
            os.close(gate)

    @staticmethod
    def release(turn: int) -> None:
        """Let the next process pass."""
        os.close(turn)

    def _lock(self, path: Path, until: float) -> int | None:
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return opened
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(opened)
                    return None
                time.sleep(self.PAUSE)
            except OSError:
                os.close(opened)
                raise


def only(table: type[Base]) -> dict[str, Any]:
    """For `with_for_update`: lock the rows of this table, not those that are loaded beside them.

    PostgreSQL refuses to lock the empty side of an outer join, which eager loading brings. The
    weaker lock, FOR NO KEY UPDATE: who only refers to a held row (a sitting of this school) need
    not wait.
    """
    return {"of": table, "key_share": True}


def hold_row(table: type[Base], row_id: int) -> bool:
    """Hold a row until the transaction ends: who comes for it later waits, and sees what was done.

    Whether somebody may have been here since this transaction began. On SQLite nobody: the writer
    has the whole database to itself since `begin_write`, and there is nothing to ask.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return False
    db.session.flush()  # the row is read anew, with what this transaction has changed in it
    db.session.get_one(table, row_id, with_for_update=only(table), populate_existing=True)
    return True


#: deadlock_detected, unique_violation
_OVERTAKEN = frozenset({"40P01", "23505"})


def is_overtaken(error: Exception) -> bool:
    """Whether another writer was quicker, so that the work begun anew finds what that one did.

    PostgreSQL stops one of two who wait for each other, and the later of two who add the same; a
    row with a version says itself that it was changed meanwhile. On SQLite writers take turns.
    """
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return isinstance(error, StaleDataError) or state in _OVERTAKEN


def is_out_of_reach(error: Exception) -> bool:
    """Whether the database is not there or does not get round to it; asked later, it may.

    SQLite calls much else by the same name, a full disk or a mistake of ours: that is none of this.
    """
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in {SQLITE_BUSY, SQLITE_LOCKED}
    return isinstance(error, OperationalError | PoolTimeoutError | TimeoutError)


def end_write() -> None:
    """Give the write lock up where nothing was written: what follows takes long, answers wait."""
    db.session.rollback()


def begin_write() -> None:
    """Open this session's transaction for writing; call before the first read of a change.

    A transaction that was only reading is ended first: what is decided must be read under the
    write lock.
    """
    session = db.session()
    if session.in_transaction():
        if session.connection().get_execution_options().get(WRITES):
            return
        session.rollback()
    session.connection(execution_options={WRITES: True})
    if (ask := _fence.get()) is not None:
        ask()


@contextmanager
def fenced(ask: Callable[[], None]) -> Iterator[None]:
    """Let every writing transaction in here begin with `ask`, which raises where it may not go on.

    It is asked inside the transaction: what it has read under a lock stands until the commit.
    """
    token = _fence.set(ask)
    try:
        yield
    finally:
        _fence.reset(token)


def init_app(app: Flask) -> None:
    """Bind the database, and teach SQLite connections durability and turns."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A failed statement must not carry what people said into the log.
    options: dict[str, Any] = {"hide_parameters": True}
    if sqlite:
        options["connect_args"] = {"timeout": BUSY_SECONDS}
    else:
        options |= postgres.OPTIONS
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        _refuse_stray_writes(db.engine)
        (_prepare_sqlite if sqlite else postgres.prepare)(db.engine)


def _prepare_sqlite(engine: Engine) -> None:
    turns, processes = FairLock(), _turns_of_processes(engine)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        # FULL, not NORMAL: an acknowledged answer survives a power cut (safety promise P1).
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES):
            _say(connection, "BEGIN")
            return
        if not turns.acquire(BUSY_SECONDS):
            raise TimeoutError("the database was busy for too long")
        connection.info["turn"] = True  # from here on the check-in gives back whatever was taken
        if processes is not None:
            held = connection.info["file"] = processes.acquire(BUSY_SECONDS)
            if held is None:
                raise TimeoutError("another process wrote for too long")
        _say(connection, "BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        if (held := record.info.pop("file", None)) is not None:
            ProcessTurns.release(held)
        if record.info.pop("turn", False):
            turns.release()


def _say(connection: Connection, words: str) -> None:
    """To the driver itself: a word without a result needs none of the layers above it."""
    connection.connection.execute(words)


def _turns_of_processes(engine: Engine) -> ProcessTurns | None:
    """Turns with other processes; a database in memory has none."""
    file = engine.url.database
    return ProcessTurns(Path(file).resolve()) if file and file != ":memory:" else None


def _refuse_stray_writes(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def refuse_stray_writes(
        connection: Connection, _cursor: Any, statement: str, *_rest: Any
    ) -> None:
        verb = _verb_of(statement)
        if verb in WRITING and not connection.get_execution_options().get(WRITES):
            raise WriteOutsideTransactionError(f"{verb} without begin_write()")


@lru_cache(maxsize=4_000)
def _verb_of(statement: str) -> str:
    return statement.lstrip()[:6].upper()

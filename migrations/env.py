"""How Alembic reaches the database, and what it compares: the tables of every room."""

import importlib
import re
from datetime import date
from pathlib import Path
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from sqlalchemy import Connection, Enum, create_engine, event
from sqlalchemy.pool import NullPool

import app
from app.config import Settings
from app.platform import audit, beats, jobs  # noqa: F401  (their tables)
from app.platform.db import Base, UtcDateTime

VERSION_LENGTH = 32  # of Alembic's own column

for models in sorted(Path(app.__file__).parent.glob("*/models*")):
    importlib.import_module(f"app.{models.parent.name}.models")


def render_plainly(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our types as the database knows them: a migration outlives the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def name_by_day(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    """A revision is called by its day and what it does: 20261122_initial."""
    script = scripts[0]
    slug = re.sub(r"\W+", "_", script.message or "change").strip("_").lower()
    script.rev_id = f"{date.today():%Y%m%d}_{slug}"[:VERSION_LENGTH]


def migrate(connection: Connection) -> None:
    """Run what was asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
        render_item=render_plainly,
        process_revision_directives=name_by_day,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def connect() -> None:
    """On a connection of our own: no keyring is needed to change tables."""
    engine = create_engine(Settings.from_environ().sqlalchemy_url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        event.listen(engine, "connect", _leave_begin_to_us)
        event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        migrate(connection)


def _leave_begin_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")


if "connection" in context.config.attributes:
    migrate(context.config.attributes["connection"])
else:
    connect()

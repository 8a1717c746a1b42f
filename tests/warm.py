"""What every application works out anew and always alike, worked out once in a process of tests.

Nearly every test has an application of its own. Without this, half of their time goes into
compiling the same routes, templates and statements a thousand times.
"""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


def keep() -> None:
    """From now on, in this process."""
    _keep_routes()
    Flask.jinja_options = {"bytecode_cache": _Templates()}
    _keep_statements()


def _keep_routes() -> None:
    """Werkzeug compiles two functions for each route: most of what an application costs."""
    compile_builder, built = Rule._compile_builder, {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in built:
            built[key] = compile_builder(rule, append_unknown)
        return built[key]

    Rule._compile_builder = once  # type: ignore[method-assign]


class _Templates(BytecodeCache):
    """Compiled templates by their name and their text."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


def _keep_statements() -> None:
    """SQLAlchemy keeps compiled statements by engine, and we have one for each test's database.

    They are the same ones: all engines of a dialect speak through one SQLite, or to one server.
    """
    make_engine = SQLAlchemy._make_engine
    compiled: dict[type[Dialect], LRUCache[Any, Any]] = {
        dialect: LRUCache(5_000) for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg)
    }

    def made(extension: SQLAlchemy, *chosen: Any) -> Engine:
        engine = make_engine(extension, *chosen)
        engine._compiled_cache = compiled[type(engine.dialect)]
        return engine

    SQLAlchemy._make_engine = made  # type: ignore[method-assign]
    for dialect in compiled:
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]

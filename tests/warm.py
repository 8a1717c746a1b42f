"""What every application works out anew and always alike, worked out once in a process of tests.

Nearly every test has an application of its own. Without this, half of their time goes into
compiling the same routes, templates and statements a thousand times. And nearly every commit would
wait for the disk.
"""

from functools import wraps
from typing import Any

from babel.support import Translations
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.platform import db as platform_db


def keep() -> None:
    """From now on, in this process."""
    _keep_routes()
    Flask.jinja_options = {"bytecode_cache": _Templates()}
    _keep_words()
    _keep_statements()
    _wait_for_no_disk()


def _keep_routes() -> None:
    """Werkzeug writes two functions for each address: most of what an application costs."""
    compile_rule, compiled = Rule.compile, {}

    def once(rule: Rule) -> None:
        kinds = frozenset(rule.map.converters.items())
        place = rule.subdomain, rule.host, rule.map.host_matching, rule.merge_slashes
        key = rule.rule, repr(rule.defaults), place, kinds
        if key not in compiled:
            compile_rule(rule)
            made = rule._parts, rule._trace, rule._converters, frozenset(rule.arguments)
            compiled[key] = *made, rule._build.__func__, rule._build_unknown.__func__
        parts, trace, converters, arguments, build, build_unknown = compiled[key]
        rule._parts, rule._trace, rule._converters = parts, trace, converters
        rule.arguments = set(arguments)
        rule._build = build.__get__(rule, None)
        rule._build_unknown = build_unknown.__get__(rule, None)

    Rule.compile = once  # type: ignore[method-assign]


class _Templates(BytecodeCache):
    """Compiled templates by their name and their text."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


def _keep_words() -> None:
    """Babel reads the whole catalogue for each application; what is read is copied from."""
    load, read = Translations.load, {}

    def once(folder: str, locales: list[Any], domain: str) -> Any:
        key = folder, str(locales), domain
        if key not in read:
            read[key] = load(folder, locales, domain)
        return read[key]

    Translations.load = once  # type: ignore[method-assign]


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


def _wait_for_no_disk() -> None:
    """No test's database has to survive a power cut; who tests that asks for `durable`."""
    prepare = platform_db._prepare_sqlite

    @wraps(prepare)
    def hurried(engine: Engine) -> None:
        prepare(engine)

        @event.listens_for(engine, "connect")
        def hurry(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    platform_db._prepare_sqlite = hurried

"""Migrations lead to the models, and back, without losing what stands in the tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from app.config import ROOT
from app.platform.db import Base
from tests.databases import PostgresDatabases

SITE = "INSERT INTO sites (code, name, kind, consent_age, opens_at, closes_at, public_id) VALUES "
A_SCHOOL = f"{SITE}('zy1', '第一中学', 'school', 14, '08:00:00', '17:30:00', 'x')"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    yield engine
    engine.dispose()


def alembic(connection: Connection) -> Config:
    config = Config(ROOT / "migrations" / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def test_models_match_head(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(alembic(connection), "head")

        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_up_down_up_leaves_the_same_tables_and_no_rests(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(alembic(connection), "head")
        once = set(inspect(connection).get_table_names())
        connection.execute(text(A_SCHOOL))

        command.downgrade(alembic(connection), "base")
        none = set(inspect(connection).get_table_names())
        command.upgrade(alembic(connection), "head")
        again = set(inspect(connection).get_table_names())

    assert none == {"alembic_version"}
    assert again == once == {*Base.metadata.tables, "alembic_version"}


def test_upgrading_twice_keeps_the_rows(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(alembic(connection), "head")
        connection.execute(text(A_SCHOOL))

        command.upgrade(alembic(connection), "head")

        assert connection.scalar(text("SELECT name FROM sites")) == "第一中学"


@pytest.mark.postgres
def test_postgresql_gets_the_same_tables_and_gives_them_back(postgres: PostgresDatabases) -> None:
    postgres.server.sql("CREATE DATABASE migrated")
    engine = create_engine(postgres.server.url("migrated"))
    with engine.begin() as connection:
        command.upgrade(alembic(connection), "head")
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        command.downgrade(alembic(connection), "base")
        left = inspect(connection).get_table_names()
    engine.dispose()

    assert (differences, left) == ([], ["alembic_version"])

"""What every test may ask for: an app on its own database, clients in a role, a held clock."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.access.permissions import Role
from app.config import Settings
from app.people.models import Cohort, Site, User
from app.platform import clock
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from tests.factories import people

#: A Monday in term, ten in the morning in Shanghai.
NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keyring and an empty database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("installation")
    Keyring.create(folder / "keyring.json")
    app = create_app(_settings(folder))
    with app.app_context():
        begin_write()
        db.session.rollback()
        db.create_all()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder


@pytest.fixture
def settings(empty_installation: Path, tmp_path: Path) -> Settings:
    """Settings of this test's own installation."""
    shutil.copy(empty_installation / "xinqiao.db", tmp_path / "xinqiao.db")
    return _settings(tmp_path, keyring=empty_installation / "keyring.json")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a database of its own."""
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """Inside an application context, in a transaction that may write (services flush, tests commit)."""
    with app.app_context():
        begin_write()
        yield app
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a log-in."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[..., FlaskClient]:
    """A browser logged in as a new person in `role`: `as_(Role.COUNSELLOR, site=site)`.

    Opens (and commits) its own transaction, so call it before `begin_write()` in the test.
    """

    def log_in(
        role: Role,
        *,
        site: Site | None = None,
        cohort: Cohort | None = None,
        user: User | None = None,
    ) -> FlaskClient:
        with app.app_context():
            begin_write()
            token = people.logged_in(
                role=role,
                site_id=site.id if site else None,
                cohort_id=cohort.id if cohort else None,
                user_id=user.id if user else None,
            )
            db.session.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session["ticket"] = token
        return client

    return log_in


@pytest.fixture
def fixed_clock() -> Iterator[Callable[[datetime], AbstractContextManager[None]]]:
    """The clock stands at NOW; `with fixed_clock(moment):` moves it."""
    with clock.frozen(NOW):
        yield clock.frozen


def _settings(folder: Path, keyring: Path | None = None) -> Settings:
    return Settings(data_dir=folder, keyring_file=keyring or folder / "keyring.json")

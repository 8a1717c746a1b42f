"""What every test may ask for: an app on its own database, clients in a role, a held clock."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from app import create_app
from app.access.permissions import Role
from app.config import Settings
from app.people.models import Cohort, Site, User
from app.platform import clock
from app.platform import db as platform_db
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from app.platform.pdf import render
from tests.databases import (
    Databases,
    PostgresDatabases,
    PostgresServer,
    SqliteFiles,
    postgres_programs,
)
from tests.factories import people
from tests.factories.numbers import numbers
from tests.warm import keep

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Property tests and state machines try the same things every time, here and in CI, and are not
# timed: the machine may be busy. For the same reason a slow example is no fault of health.
hypothesis.register_profile(
    "xinqiao",
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis.load_profile("xinqiao")
keep()

#: Begun first, or in the end one worker would wait some minutes for the other.
LONG = ("tests/e2e/", "tests/fault/", "tests/property/", "tests/architecture/")

#: A Monday in term, ten in the morning in Shanghai.
NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="module", autouse=True)
def _numbered_from_one() -> None:
    """Names and numbers on a page do not hang on what the worker ran before."""
    numbers.restart()


@pytest.fixture(scope="session")
def keyring_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys for the whole run."""
    path = tmp_path_factory.mktemp("keys") / "keyring.json"
    Keyring.create(path)
    return path


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, keyring_file: Path
) -> Iterator[PostgresDatabases]:
    """Databases of a private PostgreSQL server, or a visible skip."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    # Not under pytest's own folder: that one is closed to the user postgres.
    with tempfile.TemporaryDirectory(prefix="xq-pg-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(programs, Path(folder))
        server.start()
        try:
            yield PostgresDatabases(server, keyring_file)
        finally:
            server.stop()


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keyring_file: Path
) -> Databases:
    """SQLite, or with XINQIAO_TEST_DATABASE=postgresql the whole suite on PostgreSQL."""
    if os.environ.get("XINQIAO_TEST_DATABASE") == "postgresql":
        chosen: Databases = request.getfixturevalue("postgres")
        return chosen
    return SqliteFiles(tmp_path_factory.mktemp("installation"), keyring_file)


@pytest.fixture
def durable(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits for the disk as in production, where others are in a hurry."""
    as_shipped = platform_db._prepare_sqlite.__wrapped__
    monkeypatch.setattr(platform_db, "_prepare_sqlite", as_shipped)


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Settings:
    """Settings of this test's own installation."""
    return databases.fresh(tmp_path)


@pytest.fixture
def command_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """`xinqiao` finds this test's installation, on whichever database it is."""
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("XINQIAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(settings.keyring_file))


@pytest.fixture(autouse=True)
def _no_line_left_open() -> Iterator[None]:
    """A test may open applications beside `app`: whoever comes later is not told of their lines."""
    yield
    for engines in list(db._app_engines.values()):  # no public list of them
        for engine in engines.values():
            engine.dispose()


@pytest.fixture
def blank_engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An engine without a browser: one blank sheet for every page frame; what it was given."""
    given: list[str] = []

    def engine(html: str) -> bytes:
        given.append(html)
        with pikepdf.new() as pdf:
            for _page in range(html.count('<div class="page">')):
                pdf.add_blank_page()
            target = io.BytesIO()
            pdf.save(target)
        return target.getvalue()

    monkeypatch.setattr(render, "engine_of_this_machine", lambda: engine)
    return given


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
    """Inside an application context, in a writing transaction that is rolled back."""
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


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real Chromium, one for all: two would each want the thread's event loop."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()

"""The application on a PostgreSQL of the tests', whatever the others run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.platform.db import db
from tests.databases import PostgresDatabases


@pytest.fixture
def app(postgres: PostgresDatabases, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(postgres.fresh(tmp_path), TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

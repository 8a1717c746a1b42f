"""A held clock and slips in hand for every test of the students' pages."""

import pytest

from app.platform import events
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings


@pytest.fixture(autouse=True)
def _today(fixed_clock):
    """The campaigns of the factories run on this day."""


@pytest.fixture
def made(app):
    """Make something in the database and keep one thing of it: `made(invited, "token")`."""

    def make(factory, attribute, *args, **chosen):
        with app.app_context():
            begin_write()
            kept = getattr(factory(*args, **chosen), attribute)
            db.session.commit()
        return kept

    return make


@pytest.fixture
def slip(made):
    """The token of a slip for PHQ-9."""
    return made(sittings.invited, "token")


@pytest.fixture
def heard(monkeypatch):
    """What the rooms downstream would have been told, in order."""
    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told

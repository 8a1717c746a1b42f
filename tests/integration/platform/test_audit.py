"""The audit chain holds, and shows where it was touched."""

import pytest
from sqlalchemy import text

from app.access.actor import OPERATOR
from app.platform import audit
from app.platform.db import db


@pytest.fixture
def chain(in_app):
    for n in range(5):
        audit.record(OPERATOR, "test", n=n)


def test_untouched_chain_holds(chain):
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_events SET detail = '{}' WHERE seq = 3", 3),
        ("DELETE FROM audit_events WHERE seq = 2", 2),
        ("UPDATE audit_events SET actor_ref = 'nobody' WHERE seq = 1", 1),
    ],
)
def test_tampering_is_found_where_it_was_done(chain, tampering, broken_at):
    db.session.execute(text(tampering))
    db.session.expire_all()

    assert audit.verify().seq == broken_at

"""The audit chain holds, and shows where it was touched."""

import pytest
from sqlalchemy import event, text

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


def test_link_after_one_that_was_undone_hangs_on_what_stands(chain):
    savepoint = db.session.begin_nested()
    audit.record(OPERATOR, "undone")
    savepoint.rollback()

    audit.record(OPERATOR, "stands")

    assert audit.verify() is None


def test_transaction_reads_the_end_of_the_chain_once(chain):
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    for n in range(3):
        audit.record(OPERATOR, "test", n=n)
    event.remove(db.engine, "before_cursor_execute", note)

    assert not [statement for statement in sent if statement.startswith("SELECT")]

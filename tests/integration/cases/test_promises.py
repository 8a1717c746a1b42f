"""A promise to who asked for a talk: kept first, and never silent when it is broken."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.access.actor import OPERATOR
from app.cases.models import QueueEntry
from app.cases.queries.queue import open_entries
from app.cases.queries.stale import broken_promises
from app.cases.service.queue import claim
from app.cli import main
from app.platform import clock
from app.platform.db import db
from tests.conftest import NOW
from tests.factories import people, results

IN_A_WEEK = NOW + timedelta(days=7)


def _waits(alice, answer, instrument, **given):
    """A classmate of alice who waits for this answer; the entry."""
    student = people.student(alice.cohort)
    answer(results.sitting(results.campaign("phq9"), student), instrument, **given)
    return db.session.query(QueueEntry).filter_by(student_id=student.id).one()


@pytest.fixture
def waiting(alice, answer):
    """Somebody of every kind; who asked for this week came last."""
    imminent = _waits(alice, answer, "closing", company=2)
    critical = _waits(alice, answer, "phq9", q9=1)
    noticed = _waits(alice, answer, "closing", company=1)
    noticed.flags.clear()  # as low, as late, and nobody asked
    noticed.is_asked_for = False
    noticed.due_at -= timedelta(hours=1)
    asked = _waits(alice, answer, "closing", talk=2)
    db.session.flush()
    return imminent, critical, noticed, asked


def _order():
    return db.session.scalars(open_entries(OPERATOR)).all()


def test_while_the_time_runs_the_due_time_orders_a_level(waiting):
    imminent, critical, noticed, asked = waiting

    assert _order() == [imminent, critical, noticed, asked]


def test_broken_promise_comes_before_others_of_its_level_and_never_before_danger(
    waiting, fixed_clock
):
    imminent, critical, noticed, asked = waiting

    with fixed_clock(IN_A_WEEK):
        assert _order() == [imminent, critical, asked, noticed]


def test_claiming_keeps_no_promise(waiting, bob, fixed_clock):
    *_others, asked = waiting
    claim(actor=bob, entry=asked)

    with fixed_clock(IN_A_WEEK):
        late = broken_promises(OPERATOR, clock.now())
    assert f"entry:{asked.public_id}" in {row.ref for row in late}
    assert broken_promises(OPERATOR, NOW) == []


def test_command_names_the_command():
    assert "promise" in CliRunner().invoke(main, ["queue", "stale", "--help"]).output

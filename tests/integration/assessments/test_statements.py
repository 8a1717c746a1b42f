"""How often the path of an answer asks the database: a number that is fixed, whatever was before.

Nothing here is timed. A statement more is a decision: it is paid at every tap of every student.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.platform.db import db
from tests.factories import assessments as sittings

SUBMITS_CALMLY, SUBMITS_FLAGGED = 12, 20


@pytest.fixture
def asked(app):
    """Statements meanwhile, as they were sent; locks that only PostgreSQL takes are left out."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            if "FOR NO KEY UPDATE" not in statement and "advisory" not in statement:
                sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return listening


@pytest.fixture
def tap(client, slip):
    """Save one answer of a sitting that was begun and agreed to."""
    sittings.walk_in(client, slip)
    sittings.agree(client)

    def send(item, value):
        answer = {"id": str(uuid.uuid4()), "name": f"phq9.{item}", "value": value}
        assert client.post("/s/responses", json={"answers": [answer]}).status_code == 200

    return send


def kinds(statements):
    """SELECT, INSERT … of the statements, without the BEGIN of SQLite."""
    return [verb for each in statements if (verb := re.match(r"\w+", each)[0]) != "BEGIN"]


def test_tap_reads_the_sitting_and_its_item_and_writes_one_row(tap, asked):
    tap("q1", 0)  # what is read once a process is read now

    for number in range(2, 9):
        with asked() as sent:
            tap(f"q{number}", 1)
        assert kinds(sent) == ["SELECT", "SELECT", "INSERT"], number


def test_several_answers_at_once_cost_as_many_statements_as_one(client, tap, asked):
    tap("q1", 0)
    answers = [
        {"id": str(uuid.uuid4()), "name": f"phq9.q{number}", "value": 1} for number in range(2, 9)
    ]

    with asked() as sent:
        client.post("/s/responses", json={"answers": answers})

    assert kinds(sent) == ["SELECT", "SELECT", "INSERT"]


def _visit(client, address, asked, answers, closing):
    """Statements of the two pages of an open link."""
    page = client.get(address).text
    form = {"visit": sittings.hidden(page, "visit"), "page": "1", "assent": "yes", "next": "1"}
    with asked() as first:
        client.post(address, data={**form, **answers})
    with asked() as last:
        said = client.post(address, data={**form, "page": "2", **closing})
    assert said.status_code == 200
    return len(kinds(first)), len(kinds(last))


@pytest.mark.parametrize(
    ("chosen", "at_most"),
    [
        pytest.param({"q9": 0}, (9, SUBMITS_CALMLY), id="calm"),
        pytest.param({f"q{n}": 3 for n in range(1, 10)}, (19, SUBMITS_FLAGGED), id="flagged"),
    ],
)
def test_visit_costs_the_same_for_the_first_and_the_tenth_visitor(
    client, made, asked, chosen, at_most
):
    address = f"/o/{made(sittings.open_link, 'token')}"
    closing = sittings.closing(company=2 if len(chosen) > 1 else 0)
    answers = sittings.phq9(**chosen)
    _visit(client, address, asked, answers, closing)

    costs = {_visit(client, address, asked, answers, closing) for _ in range(5)}

    assert len(costs) == 1, costs
    first, last = costs.pop()
    assert first <= at_most[0]
    assert last <= at_most[1]

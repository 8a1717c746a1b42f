"""Two who come for the same rows at the same moment: nothing is done twice, nobody is sent away."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.access.guards import public
from app.assessments.domain import Mode
from app.assessments.models import Assessment
from app.assessments.service import responses, sittings, start, store_responses, submit
from app.campaigns.models import Invitation
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db, hold_row
from app.results.models import Administration
from tests.factories import assessments
from tests.factories.work import at_once, outcome_in

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("fixed_clock")]


@pytest.fixture
def sitting_id(app: Flask) -> int:
    """A sitting of which only the end is missing."""
    with app.app_context():
        begin_write()
        sitting = assessments.sitting("phq9")
        values = {f"q{n}": 1 for n in range(1, 10)}
        store_responses(assessment=sitting, answers=assessments.answers("phq9", values))
        db.session.commit()
        return sitting.id


def test_a_sitting_handed_in_twice_at_once_is_handed_in_once(app, sitting_id):
    """Both have read it as under way before the first is through."""
    both = threading.Barrier(2, timeout=60)
    outcomes: list[str] = []

    def hand_in() -> None:
        sitting = db.session.get_one(Assessment, sitting_id)
        both.wait()
        submit(assessment=sitting)

    at_once(app, [outcome_in(outcomes, hand_in)] * 2)

    assert outcomes == ["done", "done"]
    with app.app_context():
        said = select(AuditEvent).where(AuditEvent.action == "submit_assessment")
        assert len(db.session.scalars(said).all()) == 1
        assert db.session.query(Administration).count() == 1


def test_handing_in_and_going_on_with_another_device_do_not_block_each_other(
    app, sitting_id, monkeypatch
):
    """Both come for the sitting and for its slip, and once came for them in opposite orders."""
    another_device_is_here, sitting_is_held = threading.Event(), threading.Event()
    latest_sitting = sittings.queries.latest_sitting
    outcomes: list[str] = []

    def look(invitation: Invitation) -> Assessment | None:
        another_device_is_here.set()
        sitting_is_held.wait(60)
        return latest_sitting(invitation)

    def hold(table: type[Any], row_id: int) -> bool:
        is_later = hold_row(table, row_id)
        if table is Assessment:
            sitting_is_held.set()
        return is_later

    monkeypatch.setattr(sittings.queries, "latest_sitting", look)
    for module in (sittings, responses):
        monkeypatch.setattr(module, "hold_row", hold)

    def go_on() -> None:
        slip = db.session.get_one(Assessment, sitting_id).invitation
        start(invitation=slip, mode=Mode.PHONE, locale="zh_Hans")

    def hand_in() -> None:
        sitting = db.session.get_one(Assessment, sitting_id)
        another_device_is_here.wait(60)
        submit(assessment=sitting)

    at_once(app, [outcome_in(outcomes, deed) for deed in (go_on, hand_in)])

    assert sorted(outcomes) == ["SittingOverError", "done"]


def test_a_request_that_the_database_stops_for_another_is_heard_once_more(app):
    """Of two who wait for each other PostgreSQL stops one, whose work is undone and begun anew."""
    both, tries = threading.Barrier(2, timeout=60), []

    @public
    def cross(first: int, second: int) -> str:
        db.session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        _hold(first)
        tries.append(first)
        if tries.count(first) == 1:
            both.wait()
        _hold(second)
        return "through"

    app.add_url_rule("/cross/<int:first>/<int:second>", view_func=cross, methods=["POST"])
    answers: list[str] = []

    def send(address: str) -> None:
        db.session.remove()  # the request brings its own
        answers.append(app.test_client().post(address).text)

    at_once(app, [lambda: send("/cross/1/2"), lambda: send("/cross/2/1")])

    assert (answers, len(tries)) == (["through"] * 2, 3)


def _hold(number: int) -> None:
    db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

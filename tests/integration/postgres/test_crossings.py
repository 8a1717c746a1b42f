"""Two who come for the same rows at the same moment: nothing is done twice, nobody is sent away."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.access.actor import OPERATOR
from app.access.guards import public
from app.assessments import queries
from app.assessments.domain import AssessmentState, Mode
from app.assessments.models import Assessment
from app.assessments.service import (
    decline,
    expire_overdue,
    responses,
    sittings,
    start,
    store_responses,
    submit,
)
from app.campaigns.models import Campaign, Invitation
from app.campaigns.service import close_campaign
from app.cases.models import QueueEntry
from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db, hold_row
from app.results.models import Administration, ScaleScore
from tests.factories import assessments
from tests.factories.work import at_once, elsewhere, outcome_in

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


def test_an_answer_that_comes_while_the_last_page_is_read_is_scored_with_it(app, sitting_id):
    """The page has read the answers of the sitting before it waits for its turn."""

    def tap() -> None:
        begin_write()
        sitting = db.session.get_one(Assessment, sitting_id)
        store_responses(assessment=sitting, answers=assessments.answers("phq9", {"q8": 3}))
        db.session.commit()

    with app.app_context():
        begin_write()
        sitting = db.session.get_one(Assessment, sitting_id)
        stored = queries.current_responses(sitting_id)
        elsewhere(app, clock.now(), tap)
        submit(assessment=sitting, stored=stored)
        db.session.commit()

        assert db.session.query(ScaleScore).filter_by(scale="total").one().score == 11


def _hand_in(sitting_id: int) -> None:
    begin_write()
    submit(assessment=db.session.get_one(Assessment, sitting_id))
    db.session.commit()


def test_what_was_handed_in_is_not_declined_on_the_other_device(app, sitting_id):
    """Its page has read the sitting as under way."""
    with app.app_context():
        begin_write()
        sitting = db.session.get_one(Assessment, sitting_id)
        elsewhere(app, clock.now(), lambda: _hand_in(sitting_id))
        decline(assessment=sitting)
        db.session.commit()

        assert sitting.state is AssessmentState.SUBMITTED


def _close() -> None:
    close_campaign(actor=OPERATOR, campaign=db.session.query(Campaign).one())


def _run_out() -> None:
    expire_overdue(now=clock.now() + timedelta(days=15))


@pytest.mark.parametrize("end", [_close, _run_out])
def test_who_hands_in_as_the_time_is_over_has_handed_in(app, sitting_id, end):
    """Whoever closes finds the sitting under way until the other transaction is through."""
    outcomes: list[str] = []
    handed_in = threading.Event()

    def hand_in() -> None:
        submit(assessment=db.session.get_one(Assessment, sitting_id))
        handed_in.set()
        _wait_until_somebody_waits()

    def close() -> None:
        handed_in.wait(60)
        end()

    at_once(app, [outcome_in(outcomes, deed) for deed in (hand_in, close)])

    assert outcomes == ["done", "done"]
    with app.app_context():
        assert db.session.get_one(Assessment, sitting_id).state is AssessmentState.SUBMITTED
        assert db.session.query(Administration).count() == 1


def _wait_until_somebody_waits() -> None:
    """For a row that this transaction holds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + 60
    while not db.session.scalar(waiting) and time.monotonic() < until:
        time.sleep(0.01)


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
    def cross(number: int) -> str:
        tries.append(number)
        db.session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        _hold(number)
        if tries.count(number) == 1:
            both.wait()
        _hold(3 - number)
        return "through"

    assert _asked_twice_at_once(app, cross) == ["through"] * 2
    assert len(tries) == 3


def test_a_request_whose_row_was_changed_meanwhile_is_heard_once_more(app):
    """Two have read the same version of an entry; the later reads it again."""
    with app.app_context():
        begin_write()
        sitting = assessments.sitting("phq9")
        store_responses(assessment=sitting, answers=assessments.answers("phq9", {"q9": 1}))
        due_at = db.session.query(QueueEntry).one().due_at
        db.session.commit()
    both, tries = threading.Barrier(2, timeout=60), []

    @public
    def change(number: int) -> str:
        tries.append(number)
        entry = db.session.query(QueueEntry).one()
        if tries.count(number) == 1:
            both.wait()
        entry.due_at += timedelta(minutes=number)
        db.session.flush()
        return "changed"

    assert _asked_twice_at_once(app, change) == ["changed"] * 2
    assert len(tries) == 3
    with app.app_context():
        assert db.session.query(QueueEntry).one().due_at == due_at + timedelta(minutes=3)


def _asked_twice_at_once(app: Flask, view: Callable[[int], str]) -> list[str]:
    app.add_url_rule("/asked/<int:number>", view_func=view, methods=["POST"])
    answers: list[str] = []

    def ask(number: int) -> None:
        db.session.remove()  # the request brings its own
        answers.append(app.test_client().post(f"/asked/{number}").text)

    at_once(app, [lambda: ask(1), lambda: ask(2)])
    return answers


def _hold(number: int) -> None:
    db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

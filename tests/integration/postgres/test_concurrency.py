"""What only PostgreSQL shows: claims, the audit chain and answers under real concurrency."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.alarms.domain import AlertNow
from app.alarms.models import Alert
from app.alarms.service import alerts
from app.assessments.domain import Answer
from app.assessments.models import Assessment, Response
from app.assessments.service import sittings, store_responses, submit
from app.cases.domain.queue import AlreadyClaimedError, EntryNow, EntryState
from app.cases.jobs import watch_silence
from app.cases.models import QueueEntry
from app.cases.service import queue
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform import audit, clock, jobs
from app.platform.db import begin_write, db
from app.results.models import ScaleScore
from tests.factories import assessments, people, results
from tests.factories.devices import Device, answer
from tests.factories.work import at_once, elsewhere, outcome_in, run_due

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("fixed_clock")]


@pytest.fixture
def critical_sitting(app: Flask) -> int:
    """A sitting whose item 9 was answered with 2."""
    with app.app_context():
        begin_write()
        sitting = assessments.sitting("phq9")
        answers = [Answer("phq9", f"q{n}", value=2) for n in range(1, 10)]
        store_responses(assessment=sitting, answers=answers)
        submit(assessment=sitting)
        db.session.commit()
        return sitting.id


def test_line_from_answer_to_queue_runs(app, critical_sitting):
    with app.app_context():
        entry = db.session.query(QueueEntry).one()
        score = db.session.query(ScaleScore).filter_by(scale="total").one()

        assert {flag.code for flag in entry.flags} >= {"critical_q9", "cutoff_total"}
        assert (score.scale, score.score, score.band) == ("total", 18, "moderately_severe")


def test_of_two_counsellors_who_claim_at_once_one_wins(app, critical_sitting):
    outcomes = []
    with app.app_context():
        begin_write()
        site_id = db.session.query(QueueEntry).one().site_id
        names = [people.user(Role.COUNSELLOR, site_id).login for _ in range(2)]
        db.session.commit()

    def claim(login: str) -> None:
        user = db.session.query(User).filter_by(login=login).one()
        entry = db.session.query(QueueEntry).one()
        try:
            queue.claim(actor=actor_of(user, Role.COUNSELLOR), entry=entry)
            db.session.commit()
            outcomes.append("won")
        except AlreadyClaimedError:
            db.session.rollback()
            outcomes.append("told")

    at_once(app, [lambda login=login: claim(login) for login in names])

    assert sorted(outcomes) == ["told", "won"]


def test_audit_chain_holds_in_whatever_zone_the_server_answers(app):
    with app.app_context():
        begin_write()
        audit.record(OPERATOR, "test")
        db.session.commit()
        db.session.execute(text("SET TIME ZONE 'Asia/Shanghai'"))

        assert audit.verify() is None


def test_audit_chain_holds_under_eight_writers(app):
    def record_twenty() -> None:
        for n in range(20):
            begin_write()
            audit.record(OPERATOR, "test", n=n)
            db.session.commit()

    at_once(app, [record_twenty] * 8)

    with app.app_context():
        assert audit.verify() is None
        assert db.session.query(audit.AuditEvent).count() == 160


def test_answer_sent_twice_at_once_is_stored_once(app):
    with app.app_context():
        begin_write()
        sitting_id = assessments.sitting("phq9").id
        db.session.commit()
    answer = Answer("phq9", "q1", value=1, id=str(uuid4()))

    def send() -> None:
        store_responses(assessment=db.session.get_one(Assessment, sitting_id), answers=[answer])
        db.session.commit()

    at_once(app, [send] * 2)

    with app.app_context():
        assert db.session.query(Response).count() == 1


def test_two_workers_share_the_jobs_and_each_is_done_once(app, monkeypatch):
    done = []

    def do(number: int) -> None:
        done.append(number)

    monkeypatch.setattr(jobs, "_handlers", {"test": do})
    with app.app_context():
        begin_write()
        for number in range(20):
            jobs.enqueue("test", number=number)
        db.session.commit()

    at_once(app, [run_due] * 2)

    assert sorted(done) == list(range(20))


def test_job_that_is_writing_is_not_taken_and_its_lease_is_kept_without_waiting(app, monkeypatch):
    """Its row is held from its first write to the commit, however long that takes."""
    found = []

    def write_long() -> None:
        begin_write()
        found.append(elsewhere(app, clock.now() + 2 * jobs.LEASE, jobs.take))
        elsewhere(app, clock.now(), lambda: jobs.keep(lease))
        db.session.commit()

    monkeypatch.setattr(jobs, "_handlers", {"test": write_long})
    with app.app_context():
        begin_write()
        jobs.enqueue("test")
        db.session.commit()
        lease = jobs.take()
        assert lease is not None

        jobs.work(lease)

        assert (found, db.session.query(jobs.Job).one().attempts) == ([None], 1)


def test_a_tap_and_an_acknowledgement_at_once_wait_for_each_other_in_one_order(app, monkeypatch):
    """Entry, alert, log: with the log before the alert these two stood in each other's way."""
    with app.app_context():
        begin_write()
        sitting = assessments.sitting("phq9")
        store_responses(assessment=sitting, answers=[Answer("phq9", "q9", value=3)])
        login, sitting_id = people.user(Role.COUNSELLOR, sitting.site_id).login, sitting.id
        db.session.commit()
    outcomes: list[str] = []
    held, reached = threading.Event(), threading.Event()
    hold, last_fast_alert = alerts._hold, alerts.queries.last_fast_alert

    def hold_and_wait(alert: Alert) -> None:
        hold(alert)
        held.set()
        reached.wait(60)

    def reach(entry: EntryNow) -> AlertNow | None:
        reached.set()
        return last_fast_alert(entry)

    monkeypatch.setattr(alerts, "_hold", hold_and_wait)
    monkeypatch.setattr(alerts.queries, "last_fast_alert", reach)

    def acknowledge() -> None:
        user = db.session.query(User).filter_by(login=login).one()
        actor = actor_of(user, Role.COUNSELLOR)
        alerts.acknowledge(actor=actor, alert=db.session.query(Alert).one())

    def tap() -> None:
        held.wait(60)
        sitting = db.session.get_one(Assessment, sitting_id)
        store_responses(assessment=sitting, answers=[Answer("closing", "company", value=2)])

    at_once(app, [outcome_in(outcomes, acknowledge), outcome_in(outcomes, tap)])

    assert (outcomes, held.is_set(), reached.is_set()) == (["done", "done"], True, True)


def test_watch_over_silence_and_a_tap_of_the_next_student_do_not_block_each_other(app, monkeypatch):
    """With both students in one transaction it held the log and waited for who waited for it."""
    with app.app_context():
        begin_write()
        sittings = [assessments.sitting("phq9") for _ in range(2)]
        for sitting in sittings:
            store_responses(assessment=sitting, answers=[Answer("phq9", "q9", value=1)])
        long_ago = clock.now() - timedelta(minutes=10)
        db.session.execute(update(Response).values(received_at=long_ago))
        second_id, second_student_id = sittings[1].id, sittings[1].student_id
        db.session.commit()
    outcomes: list[str] = []
    first_is_done, second_is_held = threading.Event(), threading.Event()
    flag_silence, take_turn = queue.flag_silence, queue._take_turn

    def flag_and_wait(*, assessment_id: int) -> None:
        flag_silence(assessment_id=assessment_id)
        first_is_done.set()
        second_is_held.wait(60)

    def hold(student_id: int | None) -> None:
        take_turn(student_id)
        if student_id == second_student_id:
            second_is_held.set()

    monkeypatch.setattr(queue, "flag_silence", flag_and_wait)
    monkeypatch.setattr(queue, "_take_turn", hold)

    def tap() -> None:
        first_is_done.wait(60)
        sitting = db.session.get_one(Assessment, second_id)
        store_responses(assessment=sitting, answers=[Answer("closing", "company", value=2)])

    at_once(app, [outcome_in(outcomes, watch_silence), outcome_in(outcomes, tap)])

    assert (outcomes, second_is_held.is_set()) == (["done", "done"], True)


def test_two_visitors_of_one_school_who_cry_at_once_do_not_block_each_other(app, monkeypatch):
    """Each refers to the school in new rows before it waits for the school's turn."""
    with app.app_context():
        begin_write()
        site_id = people.site().id
        campaign = results.campaign("phq9")
        ids = [results.sitting(campaign, None, site_id=site_id).id for _ in range(2)]
        db.session.commit()
    outcomes: list[str] = []
    both, take_turn = threading.Barrier(2, timeout=60), alerts._take_turn

    def take_turn_together(entry: QueueEntry) -> None:
        both.wait()
        take_turn(entry)

    monkeypatch.setattr(alerts, "_take_turn", take_turn_together)

    def cry(sitting_id: int) -> None:
        sitting = db.session.get_one(Assessment, sitting_id)
        store_responses(assessment=sitting, answers=[Answer("phq9", "q9", value=1)])

    at_once(app, [outcome_in(outcomes, lambda each=each: cry(each)) for each in ids])

    assert outcomes == ["done", "done"]
    with app.app_context():
        assert len(db.session.query(Alert).one().entries) == 2


def test_two_first_answers_of_one_visit_at_once_are_one_sitting(app, monkeypatch):
    """Both find no sitting of the visit yet, and both would begin it."""
    with app.app_context():
        begin_write()
        link = assessments.open_link("phq9").token
        db.session.commit()
    device = Device.with_page(app.test_client().get(f"/o/{link}").text, assent="yes")
    letters = [device.seal(answer(f"phq9.q{n}", value=1)) for n in (1, 2)]
    both, new = threading.Barrier(2, timeout=60), sittings._new

    def begin_together(*door: Any) -> Assessment:
        both.wait()
        return new(*door)

    monkeypatch.setattr(sittings, "_new", begin_together)
    receipts = []

    def send(letter: dict[str, str]) -> None:
        db.session.remove()  # the request brings its own
        receipts.append(app.test_client().post("/s/sealed", json={"sealed": [letter]}).json)

    at_once(app, [lambda letter=letter: send(letter) for letter in letters])

    assert sorted(id for receipt in receipts for id in receipt["stored"]) == sorted(
        letter["id"] for letter in letters
    )
    with app.app_context():
        assert db.session.query(Response).count() == 2
        assert db.session.query(Assessment).count() == 1
        assert audit.verify() is None


def test_counsellor_claims_from_the_page(app, as_, critical_sitting):
    with app.app_context():
        entry = db.session.query(QueueEntry).one()
        address, site = f"/queue/{entry.public_id}/claim", entry.site
    counsellor = as_(Role.COUNSELLOR, site=site)

    answer = counsellor.post(address)

    assert answer.status_code == 302
    with app.app_context():
        assert db.session.query(QueueEntry).one().state == EntryState.CLAIMED

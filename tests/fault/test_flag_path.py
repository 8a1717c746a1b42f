"""Kill -9 at every statement from the answer to the queue: nothing is half there afterwards (P12).

A child is forked that does one request and dies at the n-th statement or commit, for n = 1, 2, …
until it lives. Each time what it leaves behind is opened like after a power-on: every flag has its
entry, every critical answer its flag, the audit chain holds, and sending the answer again, as the
device does that got no receipt, ends with exactly one of everything.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from app import create_app
from app.assessments.models import Assessment, Response
from app.cases.models import QueueEntry
from app.cases.queries.queue import flags_without_entry
from app.platform import audit, clock, jobs
from app.platform.db import begin_write, db
from app.results.models import Flag, ScaleScore
from tests.databases import SqliteFiles
from tests.factories import assessments as sittings
from tests.factories.work import run_due

KILLED = 137
#: Far more than any of these requests needs: the loop ends.
MOST_POINTS = 400
ANSWER_ID = "11111111-2222-4333-8444-555555555555"
TAP = {"answers": [{"id": ANSWER_ID, "name": "phq9.q9", "value": 2}]}

CRITICAL_WITHOUT_FLAG = """
SELECT count(*) FROM responses
WHERE (instrument_code = 'phq9' AND item_code = 'q9' AND value >= 1
       OR instrument_code = 'closing' AND item_code = 'company' AND value >= 1)
  AND NOT EXISTS (SELECT 1 FROM flags WHERE flags.assessment_id = responses.assessment_id
                  AND flags.instrument_code = responses.instrument_code)
"""
SUBMITTED_WITHOUT_SCORE = """
SELECT count(*) FROM assessments WHERE state = 'submitted'
  AND NOT EXISTS (SELECT 1 FROM administrations WHERE assessment_id = assessments.id)
"""


class Installation:
    """A database file that is put back before each crash."""

    def __init__(self, app: Flask, file: Path) -> None:
        self.app, self.file = app, file
        self.kept = file.with_name("kept.db")

    def keep(self) -> None:
        """What every crash starts from."""
        self.close()
        shutil.copy(self.file, self.kept)

    def put_back(self) -> None:
        self.close()
        for rest in ("-wal", "-shm"):
            self.file.with_name(self.file.name + rest).unlink(missing_ok=True)
        shutil.copy(self.kept, self.file)

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def crashes(
        self, deed: Callable[[], None], sabotage: Callable[[], None] | None = None
    ) -> Iterator[int]:
        """Do the deed in a child that dies at the n-th point; stops at the n that it survives."""
        for n in range(1, MOST_POINTS):
            self.put_back()
            child = os.fork()
            if child == 0:
                self._live_and_die(n, deed, sabotage)
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            assert code in (0, KILLED), f"the child failed by itself at point {n}: {code}"
            yield n
            if code == 0:
                return
        raise AssertionError("the deed has no end")

    def _live_and_die(
        self, n: int, deed: Callable[[], None], sabotage: Callable[[], None] | None
    ) -> None:
        """The child's whole life; whatever happens, it does not go on with the tests."""
        try:
            self._die_at(n)
            if sabotage:
                sabotage()
            deed()
            os._exit(0)
        finally:
            os._exit(1)

    def _die_at(self, n: int) -> None:
        passed = 0

        def point(*_args: object, **_named: object) -> None:
            nonlocal passed
            passed += 1
            if passed == n:
                os._exit(KILLED)

        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", point)
            event.listen(db.engine, "after_cursor_execute", point)
            event.listen(db.engine, "commit", point)
            event.listen(db.session, "after_commit", point)


@pytest.fixture
def installation(tmp_path: Path, keyring_file: Path, durable: None) -> Iterator[Installation]:
    """SQLite as in production (WAL, synchronous=FULL), whatever the other tests run on."""
    (tmp_path / "template").mkdir()
    settings = SqliteFiles(tmp_path / "template", keyring_file).fresh(tmp_path)
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        assert db.session.execute(text("PRAGMA synchronous")).scalar() == 2
    installation = Installation(app, tmp_path / "xinqiao.db")
    yield installation
    installation.close()


@pytest.fixture
def client(installation: Installation, fixed_clock: object) -> FlaskClient:
    """A student on the first page of PHQ-9."""
    with installation.app.app_context():
        begin_write()
        token = sittings.invited().token
        db.session.commit()
    client = installation.app.test_client()
    sittings.walk_in(client, token)
    assert sittings.agree(client) == "/s/1"
    installation.keep()
    return client


def problems(app: Flask) -> list[str]:
    """What must not be, ever."""
    with app.app_context():
        found = {
            "a flag without an entry": len(flags_without_entry()),
            "a critical answer without a flag": db.session.scalar(text(CRITICAL_WITHOUT_FLAG)),
            "a submitted sitting without a score": db.session.scalar(text(SUBMITTED_WITHOUT_SCORE)),
            "a broken audit chain": int(audit.verify() is not None),
        }
        db.session.remove()
    return [what for what, count in found.items() if count]


def counts(app: Flask) -> tuple[int, int, int]:
    """Answers to item 9, flags of it, and entries."""
    with app.app_context():
        answers = db.session.query(Response).filter_by(item_code="q9").count()
        flags = db.session.query(Flag).filter_by(code="critical_q9").count()
        entries = db.session.query(QueueEntry).count()
        db.session.remove()
    return answers, flags, entries


def test_tap_killed_anywhere_leaves_nothing_half_done(installation, client):
    def tap() -> None:
        client.post("/s/responses", json=TAP)

    points = 0
    for points in installation.crashes(tap):
        assert problems(installation.app) == [], points
        assert counts(installation.app) in {(0, 0, 0), (1, 1, 1)}, points
        receipt = client.post("/s/responses", json=TAP)
        assert receipt.json == {"stored": [ANSWER_ID], "conflicts": []}
        assert (counts(installation.app), problems(installation.app)) == ((1, 1, 1), []), points

    assert points > 30


def test_page_killed_anywhere_leaves_nothing_half_done(installation, client):
    page = sittings.phq9(q9=2)

    points = 0
    for points in installation.crashes(lambda: client.post("/s/1", data=page)):
        assert problems(installation.app) == [], points
        assert client.post("/s/1", data=page).location == "/s/2"
        assert (counts(installation.app), problems(installation.app)) == ((1, 1, 1), []), points

    assert points > 30


def test_submit_killed_anywhere_leaves_nothing_half_done(installation, client):
    client.post("/s/1", data=sittings.phq9(q9=2))
    installation.keep()
    last = sittings.closing(talk=3, company=2)

    points = 0
    for points in installation.crashes(lambda: client_copy(client).post("/s/2", data=last)):
        assert problems(installation.app) == [], points
        again = client_copy(client).post("/s/2", data=last)
        assert again.status_code == 303
        assert problems(installation.app) == [], points
        with installation.app.app_context():
            assert db.session.scalar(select(Assessment.state)) == "submitted"
            totals = db.session.query(ScaleScore).filter_by(scale="total").count()
            lanes = [entry.lane for entry in db.session.query(QueueEntry)]
        assert (totals, lanes) == (1, ["fast"]), points

    assert points > 40


def test_harness_sees_a_commit_half_way(installation, client):
    """The sabotage switch: where the answer is committed before its flag, the test turns red."""

    def commit_after_the_answer() -> None:
        with installation.app.app_context():

            @event.listens_for(db.engine, "after_cursor_execute")
            def commit_early(connection, _cursor, statement, *_rest):
                if statement.startswith("INSERT INTO responses"):
                    connection.connection.dbapi_connection.execute("COMMIT")
                    connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE")

    seen = set()
    for _ in installation.crashes(
        lambda: client.post("/s/responses", json=TAP), commit_after_the_answer
    ):
        seen.update(problems(installation.app))

    assert "a critical answer without a flag" in seen


def test_job_killed_anywhere_is_done_at_least_once_and_at_most_once_more(
    installation, fixed_clock, tmp_path, monkeypatch
):
    """Claim, do, mark: what leaves the house leaves again when the mark was lost, never less."""
    sent = tmp_path / "sent"
    monkeypatch.setattr(jobs, "_periods", {})
    monkeypatch.setattr(jobs, "_handlers", {"send": lambda number: append(sent, number)})
    with installation.app.app_context():
        begin_write()
        jobs.enqueue("send", number=7)
        db.session.commit()
    installation.keep()

    def work() -> None:
        with installation.app.app_context():
            run_due()

    outcomes = []
    for point in installation.crashes(work):
        with clock.frozen(clock.now() + jobs.LEASE + timedelta(seconds=1)):
            work()
        outcomes.append(len(sent.read_text().splitlines()))
        sent.unlink()
        with installation.app.app_context():
            undone = db.session.query(jobs.Job).filter(jobs.Job.done_at.is_(None)).count()
        assert undone == 0, point

    assert set(outcomes) == {1, 2}


def append(file: Path, number: int) -> None:
    with file.open("a") as opened:
        opened.write(f"{number}\n")


def client_copy(client: FlaskClient) -> FlaskClient:
    """The same browser as it was before it pressed: the cookie is not yet taken back."""
    copied = client.application.test_client()
    for cookie in client._cookies.values():
        copied._cookies[cookie._storage_key] = cookie
    return copied

"""The server is restarted while we serve: nobody is sent away, and nothing is half done."""

import threading

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.access.actor import OPERATOR
from app.access.guards import public
from app.access.permissions import Role
from app.assessments.models import Assessment, Response
from app.assessments.service import ticket_for
from app.platform import audit, clock
from app.platform import postgres as neighbour
from app.platform.beats import WorkerBeat
from app.platform.db import begin_write, db, hold_row
from tests.databases import PostgresDatabases
from tests.factories import assessments
from tests.factories.devices import answer
from tests.factories.work import elsewhere

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("fixed_clock")]


@pytest.fixture
def served(app: Flask) -> Flask:
    """The application as it is served: what fails becomes a page."""
    app.testing = False
    return app


class Outage:
    """What happens to everybody's connections to one database."""

    def __init__(self, databases: PostgresDatabases, app: Flask) -> None:
        self.sql = databases.server.sql
        self.name = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database

    def cut(self) -> None:
        self.sql(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
            f"WHERE datname = '{self.name}'"
        )

    def begin(self) -> None:
        """As in a restart: connections end, and there are no new ones."""
        self.sql(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        self.cut()

    def end(self) -> None:
        self.sql(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")


@pytest.fixture
def outage(postgres: PostgresDatabases, served: Flask) -> Outage:
    return Outage(postgres, served)


@pytest.fixture
def ticket(served: Flask) -> str:
    """Of a sitting that was begun; its page has been read, so that connections lie in the pool."""
    with served.app_context():
        begin_write()
        sitting = assessments.sitting()
        db.session.commit()
        return ticket_for(sitting)


def _tap(app: Flask, ticket: str) -> int:
    said = {"answers": [answer("phq9.q1", value=1)], "ticket": ticket}
    return app.test_client().post("/s/responses", json=said).status_code


def _stored(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Response).count()


def test_connections_that_died_in_the_pool_are_noticed_before_they_are_used(
    served, outage, ticket, monkeypatch
):
    monkeypatch.setattr(neighbour, "is_cut_off", lambda _error: False)  # nobody is heard again
    outage.cut()

    assert _tap(served, ticket) == 200
    assert _stored(served) == 1


def test_who_loses_the_connection_midway_is_heard_once_more_and_nothing_is_done_twice(served):
    tries = []

    @public
    def write() -> str:
        audit.record(OPERATOR, "test")
        tries.append(1)
        if len(tries) == 1:
            db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "written"

    served.add_url_rule("/write", view_func=write, methods=["POST"])

    assert served.test_client().post("/write").text == "written"
    with served.app_context():
        assert db.session.query(audit.AuditEvent).count() == 1


def test_who_taps_while_the_server_starts_again_waits_and_is_heard(served, outage, ticket):
    outage.begin()
    back = threading.Timer(0.5, outage.end)
    back.start()

    status = _tap(served, ticket)

    back.join()
    assert (status, _stored(served)) == (200, 1)


def test_a_server_that_stays_away_is_waited_for_once_and_not_by_everybody(
    served, as_, outage, ticket, monkeypatch
):
    monkeypatch.setattr(neighbour, "PATIENCE_SECONDS", 0.2)
    desk = as_(Role.COUNSELLOR)
    pauses = []
    monkeypatch.setattr(neighbour.time, "sleep", pauses.append)
    outage.begin()

    first, had = _tap(served, ticket), len(pauses)
    second = _tap(served, ticket)
    slip = served.test_client().get("/i/2WtmL3pQ9sXzY4bNcD7fGh", headers={"Accept-Language": "en"})
    queue = desk.get("/queue", headers={"Accept-Language": "en"})
    outage.end()

    assert (first, second, slip.status_code, queue.status_code) == (503, 503, 503, 503)
    assert "Please wait a moment and try again." in slip.text
    assert "look whether what you have just done is there" in queue.text
    assert had > 0
    assert len(pauses) == had
    assert _tap(served, ticket) == 200


def test_who_waits_for_somebody_who_hangs_is_asked_to_come_again(served, ticket, monkeypatch):
    """Like on SQLite: the phone keeps the answer and sends it later."""
    monkeypatch.setitem(neighbour.LIMITS, "lock_timeout", "50ms")
    with served.app_context():
        db.engine.dispose()  # what is opened from now on has the new limit
        begin_write()
        hold_row(Assessment, db.session.query(Assessment).one().id)
        status = elsewhere(served, clock.now(), lambda: _tap(served, ticket))
        db.session.rollback()

    assert (status, _tap(served, ticket), _stored(served)) == (503, 200, 1)


@pytest.mark.parametrize(("counts_once", "heard", "told"), [(True, 2, 200), (False, 1, 503)])
def test_where_the_connection_dies_in_the_commit_answers_are_heard_again_and_others_are_asked(
    served, counts_once, heard, told
):
    """Nobody knows what was kept: an answer said twice counts once, a case opened twice is two."""
    tries = []

    def write() -> str:
        tries.append(1)
        begin_write()
        if len(tries) == 1:
            _die_in_the_commit()
        return "written"

    write.required = None
    write.counts_once = counts_once
    served.add_url_rule("/write", view_func=write, methods=["POST"])

    reply = served.test_client().post("/write")

    assert (len(tries), reply.status_code) == (heard, told)


def _die_in_the_commit() -> None:
    """What is only asked at the end of the transaction, and ends its server."""
    db.session.execute(
        text(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
    )
    db.session.execute(
        text(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON worker_beats "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
        )
    )
    db.session.add(WorkerBeat(name="test", at=clock.now()))
    db.session.flush()

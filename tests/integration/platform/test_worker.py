"""The dead man's switch: who is alive beats, who is silent is noticed by everybody."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app import create_app
from app.access.permissions import Role
from app.config import ROOT, Settings
from app.platform import beats, clock, jobs
from app.platform.beats import SILENT_AFTER, Silence, WorkerBeat
from app.platform.db import begin_write, db
from app.platform.worker import Worker
from tests.conftest import NOW
from tests.factories import campaigns, people
from tests.factories.work import elsewhere

SECOND = timedelta(seconds=1)


@pytest.fixture
def opened(app, fixed_clock):
    """A school whose campaign is open: somebody relies on the alarms."""
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site())
        campaigns.running(cohort)
        db.session.commit()
        yield cohort.site


def banner(client):
    return 'role="alert"' in client.get("/campaigns").text


def test_living_worker_makes_no_noise(app, opened, client, as_):
    desk = as_(Role.SITE_STAFF, site=opened)
    beats.beat("w")

    with clock.frozen(NOW + SILENT_AFTER):
        health = client.get("/healthz")
        shown = banner(desk)

    assert (health.status_code, health.json, shown) == (200, {"status": "ok"}, False)


@pytest.mark.parametrize("role", [Role.SITE_STAFF, Role.ADMINISTRATOR, Role.COUNSELLOR])
def test_silence_is_shown_to_everybody_at_the_desk_and_to_the_watcher(
    app, opened, client, as_, role
):
    desk = as_(role, site=opened)
    beats.beat("w")

    with clock.frozen(NOW + SILENT_AFTER + SECOND):
        health = client.get("/healthz")
        shown = banner(desk)

    assert (health.status_code, health.json["silent"], shown) == (503, ["worker"], True)
    assert health.json["since"] == NOW.isoformat(timespec="seconds")


def test_worker_that_never_was_is_missed_as_soon_as_a_campaign_is_open(app, opened, client):
    assert client.get("/healthz").status_code == 503
    assert beats.silence() == Silence(since=None)


def test_worker_that_never_was_is_not_missed_where_nobody_answers(app, client):
    assert client.get("/healthz").status_code == 200


def test_one_living_worker_is_enough(app, fixed_clock):
    with app.app_context():
        beats.beat("dead")
        with clock.frozen(NOW + 10 * SILENT_AFTER):
            beats.beat("alive")

            assert beats.silence() is None


def test_beat_from_a_clock_set_back_is_silence_until_the_next_beat(app, fixed_clock):
    """A dead worker's beat from the future must not pass for life; a living one corrects it."""
    with app.app_context():
        with clock.frozen(NOW + timedelta(hours=1)):
            beats.beat("w")
        before = beats.silence()
        beats.beat("w")

        assert (before, beats.silence()) == (Silence(since=NOW), None)


def test_clock_a_little_apart_is_no_silence(app, fixed_clock):
    with app.app_context():
        with clock.frozen(NOW + SILENT_AFTER):
            beats.beat("w")

        assert beats.silence() is None


def test_hung_job_stops_the_beat_and_the_ping(app, monkeypatch):
    pings = []
    monkeypatch.setattr(Worker, "_ping", lambda self: pings.append(1))
    hanging, release = threading.Event(), threading.Event()
    monkeypatch.setattr(jobs, "_handlers", {"hang": lambda: hanging.set() or release.wait(60)})
    with app.app_context():
        begin_write()
        jobs.enqueue("hang")
        db.session.commit()
    worker = Worker(app)
    stepping = threading.Thread(target=worker.step)

    first = worker.beat()
    stepping.start()
    hanging.wait(60)
    while_hanging = worker.beat()
    release.set()
    stepping.join()

    assert (first, while_hanging, worker.beat(), len(pings)) == (True, False, True, 2)


def test_two_workers_do_a_long_job_once(app, fixed_clock, monkeypatch):
    """It takes a minute and a half, and writes nothing before its end."""
    done, one, other = [], Worker(app), Worker(app)

    def long():
        done.append(1)
        for second in (30, 60, 90):
            elsewhere(app, NOW + timedelta(seconds=second), one.keep_lease)  # its beating thread
            elsewhere(app, NOW + timedelta(seconds=second + 29), other.step)

    monkeypatch.setattr(jobs, "_handlers", {"long": long})
    with app.app_context():
        begin_write()
        jobs.enqueue("long")
        db.session.commit()

    one.step()

    with app.app_context():
        job = db.session.query(jobs.Job).one()
        assert (done, job.attempts, job.done_at) == ([1], 1, NOW)


def test_beating_thread_keeps_the_lease_of_the_job_under_way(app, monkeypatch):
    for name in ("BEAT_SECONDS", "PAUSE_SECONDS"):
        monkeypatch.setattr(f"app.platform.worker.{name}", 0.02)
    kept = threading.Event()
    keep = jobs.keep
    monkeypatch.setattr(jobs, "keep", lambda lease: (keep(lease), kept.set()))
    worker, seen = Worker(app), []

    def long():
        before = db.session.query(jobs.Job.leased_until).scalar()
        db.session.rollback()
        for _ in range(2):  # the first may have begun before we looked
            kept.clear()
            kept.wait(30)
        seen.append(db.session.query(jobs.Job.leased_until).scalar() > before)
        worker.stop()

    monkeypatch.setattr(jobs, "_handlers", {"long": long})
    monkeypatch.setattr(jobs, "_periods", {})
    with app.app_context():
        begin_write()
        jobs.enqueue("long")
        db.session.commit()

    worker.run()

    assert seen == [True]


def test_database_out_of_reach_is_no_progress(app, monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setattr(jobs, "take", fail)
    worker = Worker(app)
    worker.beat()

    worker.step()

    assert worker.beat() is False


def test_ping_goes_out_once_a_minute_after_progress(app, settings):
    asked = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Watcher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        worker = Worker(app)
        worker.ping_url = f"http://127.0.0.1:{server.server_port}/alive"
        for _ in range(3):
            worker.step()
            worker.beat()
        server.shutdown()

    assert asked == ["/alive"]


def test_watcher_out_of_reach_does_not_stop_the_beat(app):
    worker = Worker(app)
    worker.ping_url = "http://127.0.0.1:9/"

    assert worker.beat() is True


def test_real_worker_beats_is_killed_and_missed_and_ends_when_asked(settings: Settings):
    """The real process, with the real command: kill -9 it, and the silence is there."""
    app = create_app(settings)
    with app.app_context():
        killed = start_worker(settings)
        first = wait_for_beat()
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(60)
        alive = beats.silence()
        with clock.frozen(first + SILENT_AFTER + 20 * SECOND):
            dead = beats.silence()

        asked = start_worker(settings)
        wait_for_beat(after=first)
        asked.send_signal(signal.SIGTERM)
        ended = asked.wait(60)
        db.session.remove()
        db.engine.dispose()

    assert (alive, ended) == (None, 0)
    assert dead is not None


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    chosen = {
        "XINQIAO_DATABASE_URL": settings.sqlalchemy_url,
        "XINQIAO_KEYRING_FILE": str(settings.keyring_file),
        "PYTHONPATH": str(ROOT),
    }
    code = "from app.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "worker"],
        env=os.environ | chosen,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_beat(after=None):
    """The newest beat, as soon as there is one."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        at = db.session.query(db.func.max(WorkerBeat.at)).scalar()
        db.session.rollback()
        if at is not None and (after is None or at > after):
            return at
        time.sleep(0.1)
    raise AssertionError("no beat came")

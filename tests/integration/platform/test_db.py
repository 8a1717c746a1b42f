"""Writers take turns, and nobody writes outside a turn."""

import os
import signal
import statistics
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.people.models import Site
from app.platform.db import FairLock, ProcessTurns, WriteOutsideTransactionError, begin_write, db


def test_write_without_begin_write_is_refused(app):
    with app.app_context():
        db.session.add(Site(code="x", name="x"))

        with pytest.raises(WriteOutsideTransactionError):
            db.session.flush()

        db.session.rollback()


def test_eight_writers_lose_nothing(app):
    def write(n):
        with app.app_context():
            for m in range(20):
                begin_write()
                db.session.add(Site(code=f"{n}-{m}", name="x"))
                db.session.commit()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with app.app_context():
        assert db.session.query(Site).count() == 160


def test_fair_lock_gives_up_after_its_time_and_still_serves_the_next():
    lock = FairLock()
    lock.acquire(1)

    gave_up = lock.acquire(0.01)
    lock.release()

    assert (gave_up, lock.acquire(0.01)) == (False, True)


def test_failed_statement_keeps_what_was_said_to_itself(in_app):
    with pytest.raises(DBAPIError) as failure:
        db.session.execute(text("SELECT :said FROM no_such_table"), {"said": "不想活了"})

    assert "不想活了" not in str(failure.value)


def test_process_that_writes_without_pause_lets_the_other_pass(tmp_path):
    """A child writes again and again; each of our waits is a turn of its, never a row of them."""
    turns, counted = ProcessTurns(tmp_path / "x.db"), tmp_path / "count"
    child = os.fork()
    if child == 0:
        for n in range(100_000):
            held = turns.acquire(10)
            counted.write_text(str(n))
            time.sleep(0.002)  # about what a commit takes
            turns.release(held)
        os._exit(0)
    try:
        while not counted.exists():
            os.sched_yield()
        passed = [_turns_while_waiting(turns, counted) for _ in range(50)]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    assert statistics.median(passed) <= 1


def _turns_while_waiting(turns: ProcessTurns, counted: Path) -> int:
    """How often the other process wrote between our asking, while it writes, and our turn."""
    start = _read(counted)
    while (before := _read(counted)) == start:
        time.sleep(0.0005)
    held = turns.acquire(10)
    passed = _read(counted) - before
    turns.release(held)
    return passed


def _read(counted: Path) -> int:
    while not (text := counted.read_text()):
        pass
    return int(text)


def test_turn_of_a_killed_process_is_free_again(tmp_path):
    turns = ProcessTurns(tmp_path / "x.db")
    child = os.fork()
    if child == 0:
        turns.acquire(10)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    held = turns.acquire(60)

    assert held is not None


def test_turn_that_does_not_come_is_given_up_and_leaves_the_gate_open(tmp_path):
    turns = ProcessTurns(tmp_path / "x.db")
    held = turns.acquire(1)

    gave_up = turns.acquire(0.01)
    turns.release(held)

    assert gave_up is None
    assert turns.acquire(60) is not None

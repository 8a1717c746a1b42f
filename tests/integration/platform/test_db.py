"""Writers take turns, and nobody writes outside a turn."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.people.models import Site
from app.platform.db import FairLock, WriteOutsideTransactionError, begin_write, db


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

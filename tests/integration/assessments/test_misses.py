"""What opened nothing is forgotten once no limit counts it any more."""

from datetime import timedelta

from app.assessments.jobs import forget_old_misses
from app.assessments.models import EntryMiss, PinMiss
from app.assessments.service import doors, pins
from app.platform import clock
from app.platform.db import begin_write, db
from tests.conftest import NOW

A_MOMENT = timedelta(seconds=1)


def test_misses_are_forgotten_when_they_no_longer_count(app, fixed_clock):
    now = clock.now()
    with app.app_context():
        begin_write()
        for kind, window in ((EntryMiss, doors.MISS_WINDOW), (PinMiss, pins.MISS_WINDOW)):
            index = "address_index" if kind is EntryMiss else "code_index"
            for age in (window, window - A_MOMENT):
                db.session.add(kind(at=now - age, **{index: b"0" * 16}))
        db.session.commit()

        forget_old_misses()

        kept = [db.session.query(kind.at).all() for kind in (EntryMiss, PinMiss)]
    assert now == NOW
    assert kept == [
        [(now - doors.MISS_WINDOW + A_MOMENT,)],
        [(now - pins.MISS_WINDOW + A_MOMENT,)],
    ]

"""What this room does by the clock, with nobody at the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.access.permissions import Role
from app.alarms.models import AlertEntry
from app.cases import jobs
from app.cases.models import QueueEntry, QueueEntryFlag
from app.cases.queries.queue import flags_without_entry
from app.observations.models import ObservationReport
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.results.models import Flag
from tests.conftest import NOW
from tests.factories import people, results


@pytest.fixture
def critical(app, fixed_clock):
    """A sitting with item 9 at 1, then left."""
    with app.app_context():
        begin_write()
        student = people.student(people.cohort(people.site()))
        sitting = results.sitting(results.campaign("phq9"), student)
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))
        db.session.commit()
        yield sitting


def test_sitting_that_goes_silent_becomes_urgent_without_anybody_looking(critical):
    before = db.session.query(QueueEntry).one().lane
    db.session.rollback()

    with clock.frozen(NOW + timedelta(minutes=6)):
        jobs.watch_silence()

    assert (before, db.session.query(QueueEntry).one().lane) == ("same_day", "fast")


def test_flag_without_entry_is_counted_reported_and_mended(critical, client, caplog):
    begin_write()
    db.session.query(AlertEntry).delete()
    db.session.query(QueueEntryFlag).delete()
    db.session.query(QueueEntry).delete()
    db.session.commit()
    flag_id = db.session.query(Flag.id).scalar()
    unchecked = client.get("/readyz").json["flags_without_entry"]

    jobs.check_flags()
    found = client.get("/readyz").json["flags_without_entry"]
    with clock.frozen(NOW + timedelta(hours=25)):
        later = client.get("/readyz").json["flags_without_entry"]

    assert (unchecked, found, later) == (0, 1, 0)
    assert (flags_without_entry(), db.session.query(QueueEntry).count()) == ([], 1)
    assert f"[{flag_id}]" in caplog.text


def test_report_without_entry_is_mended_too(critical, client):
    begin_write()
    report = ObservationReport(
        site_id=critical.site_id,
        student_id=critical.student_id,
        reporter_id=people.user(Role.CLASS_TEACHER, critical.site_id).id,
        signs=["tired"],
        reported_at=NOW,
        due_at=NOW,
        form_token="t" * 22,
    )
    db.session.add(report)
    db.session.commit()

    jobs.check_flags()

    assert db.session.query(QueueEntry).one().reports == [report]
    assert client.get("/readyz").json["reports_without_entry"] == 1


def test_readiness_is_told_without_looking_through_all_flags(critical, client):
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    client.get("/readyz")

    assert not [statement for statement in seen if "FROM flags" in statement]


def test_check_of_sound_flags_writes_nothing(critical, caplog):
    jobs.check_flags()

    assert caplog.text == ""

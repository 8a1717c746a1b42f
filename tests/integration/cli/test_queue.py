"""`xinqiao queue`: what a script reads about who waits and what would fall silent."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.access.permissions import Role
from app.assessments.domain import ResponsesStored
from app.cases.models import QueueEntry
from app.cases.service import queue as service
from app.cases.service.cases import open_case
from app.cli.queue import queue
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import people, results


@pytest.fixture
def run(command_line, fixed_clock):
    """Call the command as a shell would, on this test's installation."""
    return lambda *words: CliRunner().invoke(queue, words, catch_exceptions=False)


@pytest.fixture
def waiting(app, fixed_clock):
    """A student with item 9 at 1, in the queue."""
    with app.app_context():
        begin_write()
        student = people.student(people.cohort(people.site(code="eastbridge")))
        sitting = results.sitting(results.campaign("phq9", code="autumn"), student)
        rows = results.answers(sitting, "phq9", {"q9": 1.0})
        events.publish(ResponsesStored(sitting.id, tuple(rows)))
        db.session.commit()
        return student.public_id


def _claimed(app, *, with_case):
    with app.app_context():
        begin_write()
        entry = db.session.query(QueueEntry).one()
        actor = actor_of(people.user(Role.COUNSELLOR, entry.site_id), Role.COUNSELLOR)
        service.claim(actor=actor, entry=entry)
        if with_case:
            open_case(actor=actor, entry=entry, risk_level=RiskLevel.HIGH, next_on=clock.today())
        db.session.commit()


def test_list_prints_one_array_with_the_named_keys(run, waiting):
    result = run("list", "--json")

    (row,) = json.loads(result.output)
    assert result.exit_code == 0
    assert {
        key: row[key]
        for key in ("student", "site", "campaign", "risk_level", "lane", "claimed_by", "state")
    } == {
        "student": waiting,
        "site": "eastbridge",
        "campaign": "autumn",
        "risk_level": "high",
        "lane": "same_day",
        "claimed_by": None,
        "state": "waiting",
    }
    assert (row["raised_at"], row["due_at"]) == (
        "2026-10-12T10:00:00+08:00",
        "2026-10-12T17:30:00+08:00",
    )
    assert row["reason"].startswith("PHQ-9第9题")


def test_list_of_nobody_is_an_empty_array(run):
    assert json.loads(run("list", "--json").output) == []
    assert run("list").output == "Nobody waits.\n"


def test_list_names_nobody(run, waiting, app):
    assert "学生" not in run("list").output


def test_stale_begins_when_the_time_has_passed(run, waiting, fixed_clock):
    in_time = json.loads(run("stale", "--json").output)
    with fixed_clock(NOW + timedelta(hours=8)):
        late = json.loads(run("stale", "--json").output)

    assert in_time == []
    assert [(row["stale"], row["student"]) for row in late] == [("no_owner", waiting)]


def test_stale_looks_at_another_day(run, waiting):
    assert json.loads(run("stale", "--json", "--as-of", "2026-10-11").output) == []
    assert len(json.loads(run("stale", "--json", "--as-of", "2026-10-12").output)) == 1


def test_stale_names_who_was_taken_on_and_not_acted_on(run, waiting, app):
    _claimed(app, with_case=False)

    (row,) = json.loads(run("stale", "--json", "--as-of", "2026-10-12").output)

    assert json.loads(run("stale", "--json").output) == []
    assert (row["stale"], row["student"]) == ("not_acted_on", waiting)
    assert row["owner"] is not None


def test_stale_names_a_case_once_its_date_is_past(run, waiting, app):
    _claimed(app, with_case=True)

    today = json.loads(run("stale", "--json", "--as-of", "2026-10-12").output)
    tomorrow = json.loads(run("stale", "--json", "--as-of", "2026-10-13").output)

    assert today == []
    assert [(row["stale"], row["student"], row["since"]) for row in tomorrow] == [
        ("no_next_date", waiting, "2026-10-13T00:00:00+08:00")
    ]

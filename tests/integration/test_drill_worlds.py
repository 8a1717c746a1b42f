"""Two worlds, one of which has held a drill: whoever holds none sees no difference.

The pages are those of `test_two_worlds.py`: students, teachers, proctors and every other role
without the queue, the review figures of a school's head among them.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.alarms.models import Alert, Drill
from app.alarms.queries.drills import entry_of
from app.alarms.service import alerts, drills
from app.assessments.models import Assessment
from app.cases.models import Case
from app.cases.queries.cases import CaseFilter, page_of_cases
from app.cases.queries.queue import count_unseen, student_by_number
from app.cases.service.cases import open_case
from app.cases.service.queue import claim
from app.meetings.domain import SchoolYear
from app.meetings.queries import figures
from app.meetings.queries.figures import figures_of
from app.meetings.queries.supervision import not_looked_at
from app.people.models import Cohort, Site, Student, User
from app.people.queries import class_counts, on_duty, visible_cohorts, visible_students
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import Flag
from tests.conftest import NOW
from tests.databases import SqliteFiles
from tests.integration.test_two_worlds import CALM, World, _build, _live, _open

#: Longer ago than what the page of alerts keeps showing to those who were called.
HELD_AT = NOW - timedelta(days=4)
DRAWN = (
    re.compile(rb'(?<= data-csrf=")[^"]*'),
    re.compile(rb'(?<=name="token" type="hidden" value=")[^"]*'),
)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, keyring_file: Path) -> list[World]:
    """Without a drill, and with one that went as far as a case."""
    with clock.frozen(NOW):
        folder = tmp_path_factory.mktemp("school")
        SqliteFiles(folder, keyring_file)
        school = _build(_open(folder, keyring_file))
        found: list[World] = []
        for rehearses in (False, True):
            copy = tmp_path_factory.mktemp("world")
            shutil.copy(folder / "xinqiao.db", copy / "xinqiao.db")
            world = World(_open(copy, keyring_file), school, known=found[0] if found else None)
            if rehearses:
                _rehearse(world)
            found.append(_live(world, dict(CALM)))
    return found


def _rehearse(world: World) -> None:
    with world.app.app_context():
        begin_write()
        site = db.session.scalars(select(Site)).one()
        with clock.frozen(HELD_AT):
            drill = drills.start_drill(actor=OPERATOR, site=site)
            entry = entry_of(drill)
            assert entry is not None
            bob = actor_of(on_duty(site.id, HELD_AT)[0], Role.COUNSELLOR)
            alert = db.session.scalars(select(Alert)).one()
            alerts.acknowledge(actor=bob, alert=alert)
            claim(actor=bob, entry=entry)
            open_case(actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today())
        with clock.frozen(HELD_AT + timedelta(minutes=30)):
            drills.end_drill(actor=OPERATOR, drill=drill)
        db.session.commit()


def _plain(page: tuple[int, bytes, tuple[str, ...]]) -> tuple[int, bytes, tuple[str, ...]]:
    """Without what the forms of later rooms draw anew."""
    status, body, headers = page
    for token in DRAWN:
        body = token.sub(b"", body)
    return status, body, headers


@pytest.fixture
def rehearsed(worlds: list[World]) -> Iterator[Site]:
    """Inside the world with a drill."""
    with clock.frozen(NOW), worlds[1].app.app_context():
        begin_write()
        yield db.session.scalars(select(Site)).one()
        db.session.rollback()


def test_drill_left_its_traces(rehearsed: Site) -> None:
    """A world without traces proves nothing."""
    assert db.session.query(Drill).filter_by(is_passed=False).count() == 1
    made_up = db.session.scalars(select(Student).where(Student.is_synthetic)).one()
    for table in (Flag, Case, Assessment):
        assert db.session.query(table).filter_by(student_id=made_up.id).count() == 1


def test_who_holds_no_drill_sees_no_difference(worlds: list[World]) -> None:
    calm, other = (world.pages for world in worlds)

    differing = [
        page for page in other if page in calm and _plain(other[page]) != _plain(calm[page])
    ]
    assert [page for page in differing if "/alarms/drills" not in page] == []
    assert len(calm) > 100


def test_no_list_and_no_count_knows_who_is_made_up(rehearsed: Site) -> None:
    made_up = db.session.scalars(select(Student).where(Student.is_synthetic)).one()
    lead = db.session.scalars(
        select(User).where(User.assignments.any(role=Role.CRISIS_LEAD))
    ).first()
    assert lead is not None
    actor = actor_of(lead, Role.CRISIS_LEAD)

    assert made_up not in db.session.scalars(visible_students(OPERATOR)).all()
    assert all(not each.is_synthetic for each in db.session.scalars(visible_cohorts(OPERATOR)))
    assert sum(each.students for each in class_counts(OPERATOR, rehearsed)) == 3
    assert student_by_number(OPERATOR, made_up.student_no or "") is None
    assert page_of_cases(OPERATOR, CaseFilter(whose="closed")) == []
    assert not_looked_at(actor, rehearsed) == []
    assert count_unseen(rehearsed.id) == 0
    # The page shows no count below five, so what is counted is asked for underneath it.
    year = SchoolYear(2026)
    assert figures_of(rehearsed, year).invited == 3
    assert (figures._entries(rehearsed, year), figures._ended(rehearsed, year)) == ([], 0)
    assert db.session.query(Cohort).filter_by(is_synthetic=True).count() == 1

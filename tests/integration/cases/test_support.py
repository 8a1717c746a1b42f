"""A profile tells what was done so far: dates and ways, never notes, and nothing that is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.cases.domain.cases import Counterpart
from app.cases.domain.printing import Rendering
from app.cases.domain.tags import SEALING
from app.cases.models import StudentTag
from app.cases.queries.support import support_of
from app.cases.service.profiles import read_profile, take_summaries
from app.cases.sheets.sides import support_lines
from app.observations.domain import Since
from app.observations.models import ObservationReport
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.factories import people
from tests.integration.cases.conftest import met

NOTE = "金丝雀笔记"


@pytest.fixture
def case(open_for):
    return open_for(RiskLevel.MODERATE)


@pytest.fixture
def told(alice, case, bob):
    """A talk with a note, a call that reached nobody, a call to the teacher, and a report."""
    met(bob, case, note=NOTE, held_at=clock.now() - timedelta(days=2))
    met(bob, case, reached=False)
    met(bob, case, with_whom=Counterpart.CLASS_TEACHER, held_at=clock.now() - timedelta(days=1))
    db.session.add(
        ObservationReport(
            site_id=alice.site_id,
            student_id=alice.id,
            reporter_id=bob.user_id,
            signs=["tired"],
            since=Since.THIS_WEEK,
            reported_at=clock.now(),
            due_at=clock.now(),
            form_token="x",
        )
    )
    db.session.flush()


@pytest.fixture
def sealed(alice, bob, told):
    """Alice's case is sealed: owner and crisis lead open it, nobody else."""
    tag = StudentTag(
        site_id=alice.site_id,
        student_id=alice.id,
        kind=SEALING,
        since_on=clock.today(),
        review_on=clock.today(),
        set_by_id=bob.user_id,
        set_at=clock.now(),
    )
    tag.reason = "x"
    db.session.add(tag)
    db.session.flush()


def test_talks_next_date_and_reports_are_told(alice, case, bob, told):
    support = support_of(bob, [alice.id])[alice.id]

    assert (support.open_case, support.next_on, support.talks) == (case, clock.today(), 1)
    assert [contact.with_whom for contact in support.contacts] == ["class_teacher", "student"]
    assert [report.signs for report in support.reports] == [["tired"]]


def test_note_is_told_nowhere(alice, bob, told):
    assert NOTE not in "".join(support_lines(support_of(bob, [alice.id])[alice.id]))


def test_nothing_of_a_sealed_case_is_told_to_a_colleague(alice, bob, dora, lead, sealed):
    support = support_of(dora, [alice.id])[alice.id]

    assert (support.cases, list(support.contacts), support.reports) == ([], [], [])
    assert [bool(support_of(actor, [alice.id])[alice.id].reports) for actor in (bob, lead)] == [
        True,
        True,
    ]


def test_outsider_is_told_nothing(alice, charlie, told):
    assert support_of(charlie, [alice.id])[alice.id].cases == []


def test_support_stands_on_the_counsellors_paper_only(alice, bob, told):
    page = read_profile(actor=bob, student=alice, locale="en")
    papers = {
        rendering: take_summaries(actor=bob, students=[alice], rendering=rendering, locale="en")
        for rendering in (Rendering.COUNSELLOR, Rendering.REFERRAL, Rendering.STUDENT)
    }

    assert page.support.talks == 1
    assert [rendering for rendering, (one,) in papers.items() if one.support] == ["counsellor"]


def test_many_students_cost_no_more_statements_than_one(alice, bob, told):
    others = [people.student(alice.cohort) for _ in range(3)]
    db.session.flush()
    counts = []
    for ids in ([alice.id], [alice.id, *(other.id for other in others)]):
        sent: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args, s=sent: s.append(args[2]))
        support_of(bob, ids)
        counts.append(len(sent))

    assert counts[0] == counts[1]

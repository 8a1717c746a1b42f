"""Sittings answered by another student: nothing is lost, and nothing counts for the wrong one."""

import pytest

from app.access.actor import OPERATOR, Actor
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.assessments.domain import AssessmentState, AttributionKind
from app.assessments.models import Assessment, Attribution, Response
from app.assessments.queries import wants_to_talk_later
from app.assessments.service import disown
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.cases.queries.profiles import profiles_of, students_with_results
from app.people.domain import Sex
from app.people.models import Student
from app.people.service.logins import actor_of
from app.platform.audit import AuditEvent
from app.platform.db import db
from app.results import queries
from app.results.domain import NothingToReturnError, WrongStudentError
from app.results.models import Administration, Flag
from app.results.service import attributions
from tests.factories import people, results


@pytest.fixture
def bob(alice: Student) -> Student:
    """Alice's classmate, a boy."""
    return people.student(alice.cohort, sex=Sex.MALE)


@pytest.fixture
def counsellor(alice: Student) -> Actor:
    return actor_of(people.user(Role.COUNSELLOR, alice.site_id), Role.COUNSELLOR)


@pytest.fixture
def finished(sitting: Assessment, answer, submit) -> Assessment:
    """Answered with alice's slip, with a positive item 9, and handed in."""
    answer(sitting, "phq9", results.values([2] * 8 + [1]))
    answer(sitting, "closing", {"talk": 1, "company": 0})
    sitting.state = AssessmentState.SUBMITTED
    submit(sitting)
    return sitting


def _scored(student: Student) -> list[str]:
    return [row.instrument_code for row in queries.history(OPERATOR, student_ids=[student.id])]


def _waiting(student: Student) -> list[QueueEntry]:
    found = db.session.query(QueueEntry).filter_by(student_id=student.id).all()
    return [entry for entry in found if entry.state is not EntryState.SETTLED]


def test_detached_sitting_is_in_no_list_of_the_student(alice, finished, counsellor):
    assert _scored(alice) == ["phq9"]
    assert wants_to_talk_later(alice.id)

    attributions.detach(actor=counsellor, sitting=finished, reason="拿错了条")

    assert _scored(alice) == []
    assert queries.flags_of(OPERATOR, student_ids=[alice.id]) == []
    assert profiles_of(OPERATOR, [alice], locale="en") == []
    assert not db.session.scalars(students_with_results(OPERATOR, finished.campaign)).all()
    assert not wants_to_talk_later(alice.id)


def test_detaching_loses_nothing_and_the_alert_stays(alice, finished, counsellor):
    kept = [db.session.query(kind).count() for kind in (Response, Administration, Flag)]
    waiting = _waiting(alice)

    attributions.detach(actor=counsellor, sitting=finished, reason="拿错了条")

    assert [db.session.query(kind).count() for kind in (Response, Administration, Flag)] == kept
    assert _waiting(alice) == waiting
    assert waiting[0].flags


def test_given_sitting_counts_for_who_answered_and_both_wait(alice, bob, finished, counsellor):
    attributions.give(actor=counsellor, sitting=finished, student=bob, reason="两人都确认")

    assert (_scored(alice), _scored(bob)) == ([], ["phq9"])
    assert len(profiles_of(OPERATOR, [bob], locale="en")) == 1
    assert db.session.scalars(students_with_results(OPERATOR, finished.campaign)).all() == [bob]
    assert wants_to_talk_later(bob.id)
    assert len(_waiting(alice)) == len(_waiting(bob)) == 1
    assert {flag.id for flag in _waiting(bob)[0].flags} == {
        flag.id for flag in _waiting(alice)[0].flags
    }


def test_it_can_be_taken_back_and_every_step_stays(alice, bob, finished, counsellor):
    attributions.detach(actor=counsellor, sitting=finished, reason="一")
    attributions.give(actor=counsellor, sitting=finished, student=bob, reason="二")
    attributions.give_back(actor=counsellor, sitting=finished, reason="三")

    said = db.session.query(Attribution).order_by(Attribution.id).all()
    deeds = {row.action for row in db.session.query(AuditEvent)}
    assert (_scored(alice), _scored(bob)) == (["phq9"], [])
    assert [one.kind for one in said] == [
        AttributionKind.DETACHED,
        AttributionKind.GIVEN,
        AttributionKind.RETURNED,
    ]
    assert [one.reason for one in said] == ["一", "二", "三"]
    assert {one.user_id for one in said} == {counsellor.user_id}
    assert {"detach_sitting", "give_sitting", "return_sitting"} <= deeds
    with pytest.raises(NothingToReturnError):
        attributions.give_back(
            actor=counsellor, sitting=results.sitting(finished.campaign, bob), reason="四"
        )


def test_exchange_gives_each_sitting_to_the_other(alice, bob, finished, counsellor, answer, submit):
    other = results.sitting(finished.campaign, bob)
    answer(other, "phq9", results.values([0] * 9))
    submit(other)

    attributions.exchange(actor=counsellor, one=finished, other=other, reason="互相拿错")

    (of_alice,) = queries.history(OPERATOR, student_ids=[alice.id])
    (of_bob,) = queries.history(OPERATOR, student_ids=[bob.id])
    assert (of_alice.assessment_id, of_bob.assessment_id) == (other.id, finished.id)


def test_earlier_scores_of_somebody_else_are_not_compared_with(alice, finished, counsellor):
    later = results.sitting(finished.campaign, alice)
    later.started_at = finished.started_at.replace(year=2027)
    db.session.flush()
    assert queries.scores_before(later, instrument_code="phq9")

    attributions.detach(actor=counsellor, sitting=finished, reason="拿错了条")

    assert queries.scores_before(later, instrument_code="phq9") == {}


def test_later_answers_of_a_given_sitting_call_for_both(alice, bob, sitting, counsellor, answer):
    attributions.give(actor=counsellor, sitting=sitting, student=bob, reason="还在作答")

    answer(sitting, "phq9", {"q9": 2})

    assert len(_waiting(alice)) == len(_waiting(bob)) == 1


def test_only_counsellors_of_the_school_decide(alice, bob, finished):
    far = people.site()
    for actor in (
        actor_of(people.user(Role.COUNSELLOR, far.id), Role.COUNSELLOR),
        actor_of(people.user(Role.SITE_STAFF, alice.site_id), Role.SITE_STAFF),
        actor_of(people.user(Role.PROCTOR, alice.site_id), Role.PROCTOR),
    ):
        with pytest.raises(DeniedError):
            attributions.detach(actor=actor, sitting=finished, reason="x")


def test_nobody_of_another_school_can_have_answered(finished, counsellor):
    stranger = people.student(people.cohort(people.site()))

    with pytest.raises(WrongStudentError):
        attributions.give(actor=counsellor, sitting=finished, student=stranger, reason="x")


def test_disputed_sitting_is_scored_after_a_decision(alice, bob, sitting, counsellor, answer):
    answer(sitting, "phq9", results.values([2] * 8 + [1]))
    disown(assessment=sitting)
    assert _scored(alice) == []

    attributions.give(actor=counsellor, sitting=sitting, student=bob, reason="是他")

    assert (_scored(alice), _scored(bob)) == ([], ["phq9"])


def test_disowned_after_a_critical_answer_is_urgent_at_once(alice, sitting, answer):
    answer(sitting, "phq9", {"q9": 1})
    assert _waiting(alice)[0].lane == "same_day"

    disown(assessment=sitting)

    assert _waiting(alice)[0].lane == "fast"

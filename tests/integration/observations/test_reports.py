"""A report from the corridor: kept once, heard by the counsellors, and silent to everybody else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask

from app.access.permissions import Role
from app.cases.domain.cases import CaseState
from app.cases.domain.queue import EntryRaised, EntryState
from app.cases.domain.story import Happening
from app.cases.models import Case, CaseEvent, QueueEntry
from app.cases.queries.queue import reports_without_entry
from app.observations.models import ObservationReport
from app.people.models import Cohort, Site, Student
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.triage.domain import Lane, RiskLevel
from tests.conftest import NOW
from tests.factories import people, results

pytestmark = pytest.mark.usefixtures("fixed_clock")

TOKENS = re.compile(r'((?:name="(?:csrf_token|token)"[^>]*value|data-csrf)=")[^"]*')


@dataclass
class School:
    app: Flask
    site: Site
    cohort: Cohort
    alice: Student
    dora: Student

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()

    def entries(self) -> list[QueueEntry]:
        with self.app.app_context():
            found = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
            for entry in found:
                assert entry.flags is not None
                assert entry.reports is not None
            return found


@pytest.fixture
def school(app):
    with app.app_context():
        begin_write()
        site = people.site(name="桥东中学")
        cohort = people.cohort(site, name="初二（1）班")
        alice = people.student(cohort, name="爱丽丝")
        dora = people.student(people.cohort(site, name="初二（2）班"), name="朵拉")
        db.session.commit()
        for row in (site, cohort, alice, dora):
            db.session.refresh(row)
    return School(app, site, cohort, alice, dora)


@pytest.fixture
def teacher(as_, school):
    return as_(Role.CLASS_TEACHER, cohort=school.cohort)


@pytest.fixture
def observer(as_, school):
    return as_(Role.STUDENT_OBSERVER, cohort=school.cohort)


@pytest.fixture
def bob(as_, school):
    return as_(Role.COUNSELLOR, site=school.site)


def _form(student, *signs, since="this_week", token="t" * 22):
    return {"student": student.public_id, "signs": list(signs), "since": since, "token": token}


def _report(client, student, *signs, **chosen):
    return client.post("/observations", data=_form(student, *signs, **chosen))


def test_report_stands_in_the_queue_at_once_and_the_receipt_says_until_when(school, teacher, bob):
    received = _report(teacher, school.alice, "tired", "withdrawn")

    (entry,) = school.entries()
    assert (entry.student_id, entry.risk_level, entry.lane) == (
        school.alice.id,
        RiskLevel.LOW,
        None,
    )
    assert (entry.campaign_id, entry.assessment_id) == (None, None)
    receipt = teacher.get(received.location).text
    assert "10月15日" in receipt
    assert "爱丽丝" not in receipt
    page = bob.get(f"/queue/{entry.public_id}").text
    assert "上课打瞌睡，看起来很累" in page
    assert "不再和朋友来往" in page
    assert "爱丽丝" in bob.get("/queue").text


def test_urgent_words_travel_the_same_day(school, teacher):
    _report(teacher, school.alice, "not_live", since="today")

    (entry,) = school.entries()
    assert (entry.risk_level, entry.lane) == (RiskLevel.HIGH, Lane.SAME_DAY)
    assert entry.due_at == NOW.replace(hour=9, minute=30)


def test_pressed_twice_is_one_report(school, teacher):
    first = _report(teacher, school.alice, "tired")
    second = _report(teacher, school.alice, "tired")

    assert first.location == second.location
    (entry,) = school.entries()
    assert len(entry.reports) == 1


def test_many_reports_join_the_entry_and_raise_nothing(school, teacher, observer, monkeypatch):
    raised = []
    publish = events.publish

    def listen(event):
        raised.append(type(event))
        publish(event)

    monkeypatch.setattr(events, "publish", listen)

    _report(teacher, school.alice, "tired", token="a" * 22)
    for letter in "bcdef":
        _report(observer, school.alice, "tired", "irritable", token=letter * 22)

    (entry,) = school.entries()
    assert (entry.risk_level, len(entry.reports)) == (RiskLevel.LOW, 6)
    assert raised.count(EntryRaised) == 1


def test_report_joins_what_a_screening_has_raised_and_never_weakens_it(school, teacher):
    with school.writing():
        sitting = results.sitting(results.campaign("phq9"), db.session.merge(school.alice))
        rows = results.answers(sitting, "phq9", {"q9": 3.0})
        events.publish(results.stored(sitting, rows))
    before = school.entries()[0]

    _report(teacher, school.alice, "schoolwork")

    (entry,) = school.entries()
    assert (entry.risk_level, entry.due_at) == (before.risk_level, before.due_at)
    assert (len(entry.flags), len(entry.reports)) == (1, 1)


def test_calm_screening_blocks_no_report(school, teacher):
    with school.writing():
        sitting = results.sitting(results.campaign("phq9"), db.session.merge(school.alice))
        calm = dict.fromkeys([f"q{n}" for n in range(1, 10)], 0.0)
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", calm)))
        events.publish(results.submitted(sitting))
    assert school.entries() == []

    _report(teacher, school.alice, "tired")

    assert len(school.entries()) == 1


def test_answer_of_a_reported_student_joins_the_report_and_brings_its_campaign(school, teacher):
    _report(teacher, school.alice, "tired")

    with school.writing():
        sitting = results.sitting(results.campaign("phq9"), db.session.merge(school.alice))
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1.0})))
        expected = sitting.campaign_id

    (entry,) = school.entries()
    assert (entry.campaign_id, entry.risk_level) == (expected, RiskLevel.HIGH)


def test_report_about_a_student_with_a_case_joins_the_case(school, teacher, bob, as_):
    with school.writing():
        owner = people.user(Role.COUNSELLOR, school.site.id)
        case = Case(
            site_id=school.site.id,
            student_id=school.alice.id,
            owner_id=owner.id,
            state=CaseState.OPEN,
            risk_level=RiskLevel.LOW,
            next_on=clock.today(),
            opened_at=clock.now(),
        )
        db.session.add(case)
        db.session.flush()
        case_id, address = case.id, case.public_id

    _report(teacher, school.alice, "tearful")

    (entry,) = school.entries()
    assert entry.case_id == case_id
    assert "常常流泪" in bob.get(f"/cases/{address}").text
    with school.app.app_context():
        told = db.session.query(CaseEvent).filter_by(case_id=case_id).one()
        assert told.what == Happening.REPORT_JOINED


@pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.STUDENT_OBSERVER])
def test_only_the_own_class_can_be_reported(school, as_, role):
    client = as_(role, cohort=school.cohort)

    assert "朵拉" not in client.get("/observations/new").text
    assert _report(client, school.dora, "tired").status_code == 404
    assert school.entries() == []


def test_four_ticks_no_tick_and_invented_ticks_are_refused(school, teacher):
    for ticks in (("tired", "absent", "tearful", "irritable"), (), ("is_mad",)):
        assert _report(teacher, school.alice, *ticks).status_code == 422

    assert school.entries() == []


def test_observer_asks_for_a_talk_and_is_named_to_the_counsellor(school, as_, bob):
    with school.writing():
        user = people.user(Role.STUDENT_OBSERVER, None, school.cohort.id, name="小观")
        db.session.refresh(user)
        db.session.expunge(user)
    observer = as_(Role.STUDENT_OBSERVER, user=user)

    received = observer.post("/observations/self", data={"token": "s" * 22})
    observer.post("/observations/self", data={"token": "r" * 22})

    assert "10月15日" in observer.get(received.location).text
    (entry,) = school.entries()
    assert (entry.observer_id, entry.student_id, len(entry.reports)) == (user.id, None, 2)
    page = bob.get("/queue").text
    assert "小观" in page
    assert "一位学生观察员自己想找心理老师聊聊" in page
    bob.post(f"/queue/{entry.public_id}/claim")
    settled = {"settle-reason": "talked_no_need", "settle-note": "聊过了"}
    bob.post(f"/queue/{entry.public_id}/settle", data=settled)
    assert school.entries()[0].state is EntryState.SETTLED


def test_teacher_cannot_ask_in_the_place_of_an_observer(teacher):
    assert teacher.get("/observations/self").status_code == 404
    assert teacher.post("/observations/self", data={"token": "s" * 22}).status_code == 404


def test_receipts_belong_to_who_reported(school, teacher, observer):
    address = _report(teacher, school.alice, "tired").location

    assert teacher.get(address).status_code == 200
    assert observer.get(address).status_code == 404


TEACHERS = ["/observations/new", "/observations", "/campaigns", "/roster"]
OTHERS = {
    Role.CLASS_TEACHER: TEACHERS,
    Role.STUDENT_OBSERVER: ["/observations/new", "/observations"],
    Role.PROCTOR: ["/campaigns", "/roster"],
    Role.SITE_STAFF: ["/campaigns", "/roster", "/releases", "/duty"],
    Role.SCHOOL_HEAD: ["/campaigns", "/duty"],
}


def test_pages_of_everybody_else_are_the_same_with_and_without_a_report(school, as_, teacher):
    people_of = {
        role: as_(role, site=school.site)
        if role not in {Role.CLASS_TEACHER, Role.STUDENT_OBSERVER}
        else as_(role, cohort=school.cohort)
        for role in OTHERS
    }

    def pages():
        return {
            (role, page): TOKENS.sub(r"\1", people_of[role].get(page).text)
            for role, addresses in OTHERS.items()
            for page in addresses
        }

    quiet = pages()
    _report(teacher, school.alice, "not_live")

    assert len(school.entries()) == 1
    assert pages() == quiet


def test_every_report_stands_for_somebody(school, teacher, observer):
    _report(teacher, school.alice, "tired", token="a" * 22)
    observer.post("/observations/self", data={"token": "s" * 22})

    with school.app.app_context():
        assert db.session.query(ObservationReport).count() == 2
        assert reports_without_entry() == []


def test_report_and_entry_come_together_or_not_at_all(school, teacher, monkeypatch):
    def fail(**_words):
        raise RuntimeError("the queue broke")

    monkeypatch.setattr("app.cases.handlers.enqueue_report", fail)
    with pytest.raises(RuntimeError):
        _report(teacher, school.alice, "tired")

    with school.app.app_context():
        assert db.session.query(ObservationReport).count() == 0

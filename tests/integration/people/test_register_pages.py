"""The register as site staff and class teachers meet it."""

from datetime import date

import pytest
from sqlalchemy import event, select

from app.access.permissions import Role
from app.people.domain import ConsentStatus
from app.people.models import Consent, Guardian
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import people

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def school(app):
    """A school with two classes; alice and her classmate are in the first."""
    with app.app_context():
        begin_write()
        site = people.site()
        first, second = people.cohort(site), people.cohort(site)
        alice = people.student(first, name="爱丽丝", position=1, birth_date=date(2013, 5, 20))
        people.student(first, name="白小雨", position=2, birth_date=date(2010, 5, 20))
        people.student(second, name="陈晨")
        db.session.commit()
        for row in (site, first, second, alice):
            db.session.refresh(row)
            db.session.expunge(row)
    return site, first, second, alice


def _logged(app, action):
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.action == action)
        return [(row.object_ref, row.detail) for row in db.session.scalars(query)]


def test_roster_counts_students_and_answers_of_guardians(app, as_, school):
    site, _, _, alice = school
    with app.app_context():
        begin_write()
        for status in (ConsentStatus.GIVEN, ConsentStatus.WITHDRAWN):
            db.session.add(_consent(alice, status))
            db.session.flush()
        db.session.commit()

    page = as_(Role.SITE_STAFF, site=site).get("/roster").text

    numbers = [line.strip() for line in page.splitlines() if 'class="number">' in line]
    totals = [line.partition(">")[2].partition("<")[0] for line in numbers[-4:]]
    assert totals == ["3", "0", "1", "2"]


def test_class_list_is_in_order_and_its_reading_is_kept(app, as_, school):
    site, first, _, _ = school

    page = as_(Role.SITE_STAFF, site=site).get(f"/roster/classes/{first.public_id}").text

    assert page.index("爱丽丝") < page.index("白小雨")
    assert _logged(app, "read_class") == [(first.public_id, '{"students": 2}')]


def test_class_list_asks_as_many_questions_for_many_students_as_for_one(app, as_, school):
    site, first, second, _ = school
    staff = as_(Role.SITE_STAFF, site=site)
    counts = []

    def count(*_):
        counts[-1] += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    for cohort in (first, second):
        counts.append(0)
        staff.get(f"/roster/classes/{cohort.public_id}")
    event.remove(engine, "before_cursor_execute", count)

    assert counts[0] == counts[1]


def test_class_teacher_sees_the_own_class_and_no_other(as_, school):
    _, first, second, _ = school
    teacher = as_(Role.CLASS_TEACHER, cohort=first)

    own = teacher.get(f"/roster/classes/{first.public_id}").status_code
    other = teacher.get(f"/roster/classes/{second.public_id}").status_code

    assert (own, other) == (200, 404)
    assert second.name not in teacher.get("/roster").text


def test_consent_is_a_timeline_whose_last_word_counts(app, as_, school):
    site, _, _, alice = school
    staff = as_(Role.SITE_STAFF, site=site)
    address = f"/roster/students/{alice.public_id}/consents"

    for status, day in (("given", "2026-09-03"), ("withdrawn", "2026-10-01")):
        form = {"status": status, "given_on": day, "given_by": "爱母", "means": "paper"}
        staff.post(address, data=form)

    with app.app_context():
        rows = db.session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [(row.status, row.given_on, row.given_by) for row in rows] == [
            (ConsentStatus.GIVEN, date(2026, 9, 3), "爱母"),
            (ConsentStatus.WITHDRAWN, date(2026, 10, 1), "爱母"),
        ]
    assert [ref for ref, _ in _logged(app, "record_consent")] == [alice.public_id] * 2


def test_consent_without_an_answer_is_asked_again(as_, school):
    site, _, _, alice = school

    answer = as_(Role.SITE_STAFF, site=site).post(
        f"/roster/students/{alice.public_id}/consents", data={"given_on": "2026-09-03"}
    )

    assert (answer.status_code, answer.text.count('class="notice notice--error"')) == (422, 1)


def test_consent_of_a_day_to_come_is_not_recorded(app, as_, school):
    site, _, _, alice = school
    form = {"status": "given", "given_on": "2036-09-03", "means": "paper"}

    answer = as_(Role.SITE_STAFF, site=site).post(
        f"/roster/students/{alice.public_id}/consents", data=form
    )

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Consent)).all() == []


def test_proctor_reads_and_records_nothing(as_, school):
    site, _, _, alice = school
    proctor = as_(Role.PROCTOR, site=site)

    answer = proctor.post(f"/roster/students/{alice.public_id}/consents", data={"status": "given"})

    assert answer.status_code == 404


def _consent(student, status):
    return Consent(
        site_id=student.site_id,
        student_id=student.id,
        status=status,
        given_on=date(2026, 9, 3),
        recorded_by="test",
        recorded_at=people.clock.now(),
    )


def test_number_of_a_guardian_is_asked_for_and_stands_on_no_page_of_the_register(app, as_, school):
    """For everybody alike: a number that one student's page lacks would tell who fears whom."""
    site, _, _, alice = school
    with app.app_context():
        begin_write()
        db.session.add(
            Guardian(site_id=site.id, student_id=alice.id, name="艾建国", phone="13900000001")
        )
        db.session.commit()

    for role in (Role.SITE_STAFF, Role.ADMINISTRATOR):
        page = as_(role, site=site).get(f"/roster/students/{alice.public_id}").text
        assert "艾建国 …0001" in page
        assert "请先问一问心理老师该打给谁" in page
        assert "13900000001" not in page

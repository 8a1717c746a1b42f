"""A roster import brings the register to what the file says: all of it, or nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.actor import OPERATOR, Actor, ActorKind
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.people.domain import ConsentMeans, ConsentStatus
from app.people.models import Cohort, Consent, Guardian, Student
from app.people.queries import latest_consent
from app.people.roster.plan import Outcome
from app.people.roster.reading import read_roster
from app.people.service import consents, rosters
from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import db
from tests.factories import people

HEADER = "学号,姓名,班级,性别,出生日期,监护人姓名,联系电话,知情同意日期\n"
WANG = "1,王芳,初二（3）班,女,2012-05-20,王母,13800000001,2026-09-03"
LI = "2,李娜,初二（3）班,女,2012-06-01,,,"
SUN = "3,孙伟,初三（1）班,男,,,,"


@pytest.fixture
def site(in_app, fixed_clock):
    return people.site()


def _import(site, *lines, actor=OPERATOR, **chosen):
    table = read_roster((HEADER + "\n".join(lines)).encode())
    return rosters.import_roster(actor=actor, site=site, table=table, **chosen)


def _register(site):
    """What the register says, in the order of its lists."""
    query = (
        select(Student)
        .join(Cohort)
        .where(Student.site_id == site.id)
        .order_by(Cohort.grade, Cohort.position, Student.position)
    )
    return [(s.cohort.name, s.position, s.student_no, s.name) for s in db.session.scalars(query)]


def test_guardian_who_said_no_is_not_recorded_as_a_yes(site):
    header = "学号,姓名,班级,知情同意,知情同意日期\n"
    table = read_roster((header + "1,王芳,初二（3）班,不同意,2026-09-03\n").encode())

    rosters.import_roster(actor=OPERATOR, site=site, table=table)

    consent = db.session.scalars(select(Consent)).one()
    assert (consent.status, consent.given_on) == (ConsentStatus.REFUSED, date(2026, 9, 3))


def test_answer_of_a_guardian_without_its_day_is_asked_for(site):
    header = "学号,姓名,班级,知情同意\n"
    table = read_roster((header + "1,王芳,初二（3）班,同意\n").encode())

    plan = rosters.plan_import(actor=OPERATOR, site=site, table=table)

    (row,) = plan.rows
    assert row.outcome is Outcome.REJECTED
    assert str(row.problems[0]) == "Write the day on which the guardian answered."


def test_import_creates_classes_students_guardians_and_consents(site):
    _import(site, WANG, LI, SUN)

    assert _register(site) == [
        ("初二（3）班", 1, "1", "王芳"),
        ("初二（3）班", 2, "2", "李娜"),
        ("初三（1）班", 1, "3", "孙伟"),
    ]
    classes = db.session.execute(select(Cohort.name, Cohort.grade, Cohort.position)).all()
    assert classes == [("初二（3）班", 8, 3), ("初三（1）班", 9, 1)]
    guardian = db.session.scalars(select(Guardian)).one()
    assert (guardian.name, guardian.phone) == ("王母", "13800000001")
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.status, consent.given_on, consent.given_by) == (
        ConsentStatus.GIVEN,
        date(2026, 9, 3),
        "王母",
    )


def test_second_import_of_the_same_file_changes_nothing(site):
    _import(site, WANG, LI, SUN)
    before = _register(site)

    plan = _import(site, WANG, LI, SUN)

    assert [row.outcome for row in plan.rows] == [Outcome.UNCHANGED] * 3
    assert _register(site) == before
    assert [
        db.session.scalar(select(func.count()).select_from(t)) for t in (Guardian, Consent)
    ] == [1, 1]


def test_rejected_row_stops_the_whole_file(site):
    with pytest.raises(rosters.RosterRefusedError) as refused:
        _import(site, WANG, "2,李娜,,,,,,")

    assert refused.value.plan.counts[Outcome.REJECTED] == 1
    assert _register(site) == []


def test_row_left_out_expressly_lets_the_others_in(site):
    _import(site, WANG, "2,李娜,,,,,,", left_out={3})

    assert _register(site) == [("初二（3）班", 1, "1", "王芳")]


def test_student_who_moves_goes_to_the_end_of_the_new_class(site):
    _import(site, WANG, LI, SUN)

    _import(site, "3,孙伟,初二（3）班,男,,,,")

    assert _register(site) == [
        ("初二（3）班", 1, "1", "王芳"),
        ("初二（3）班", 2, "2", "李娜"),
        ("初二（3）班", 3, "3", "孙伟"),
    ]


def test_file_with_the_whole_class_sets_its_order(site):
    _import(site, WANG, LI)

    _import(site, LI, WANG)

    assert [number for _, _, number, _ in _register(site)] == ["2", "1"]


def test_change_keeps_what_the_file_does_not_say(site):
    _import(site, WANG)

    _import(site, "1,王方,初二（3）班,,,,,")

    student = db.session.scalars(select(Student)).one()
    assert (student.name, student.birth_date) == ("王方", date(2012, 5, 20))


def test_old_file_does_not_take_back_a_withdrawal(site):
    _import(site, WANG)
    student = db.session.scalars(select(Student)).one()
    consents.record_consent(
        actor=OPERATOR,
        student=student,
        status=ConsentStatus.WITHDRAWN,
        means=ConsentMeans.PAPER,
        given_on=clock.today(),
    )

    _import(site, WANG)

    assert latest_consent(student).status is ConsentStatus.WITHDRAWN


def test_same_number_at_another_site_is_another_student(site):
    other = people.site()
    _import(site, WANG)

    plan = _import(other, WANG)

    assert plan.counts[Outcome.NEW] == 1


def test_import_is_audited_with_counts_and_without_names(site):
    _import(site, WANG, LI)

    link = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "import_roster")).one()
    assert (link.object_ref, '"new": 2' in link.detail, "王" in link.detail) == (
        site.public_id,
        True,
        False,
    )


def test_outsider_imports_nothing(site):
    elsewhere = people.site()
    charlie = Actor(ActorKind.USER, "charlie", Role.SITE_STAFF, 1, frozenset({elsewhere.id}))

    with pytest.raises(DeniedError):
        _import(site, WANG, actor=charlie)

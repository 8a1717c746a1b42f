"""An appointment tells nobody anything: slips are alike, teachers and students see no change."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest

from app.access.permissions import Role
from app.appointments.domain.appointments import Origin
from app.appointments.models import Appointment, InterviewDay
from app.appointments.queries.days import appointments_of
from app.appointments.queries.placing import proposal
from app.appointments.routes.print_slips import print_slips, slips_html
from app.appointments.service.placing import place_students
from app.campaigns.models import Invitation
from app.people.models import Cohort
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from app.platform.pdf.engine import available
from tests.factories import appointments as make

CSRF = re.compile(r'(name="(?:csrf_token|visit)" value=")[^"]*')
SLIP = re.compile(r'<td><div class="slip">.*?</div></td>', re.DOTALL)
#: What a slip must never say.
TELLING = re.compile(r"心理|咨询|辅导|测评|筛查|关注|随机|健康|危机|情绪|抑郁|PHQ", re.IGNORECASE)


@pytest.fixture
def mixed(app, fixed_clock):
    """A day on which two are there by a flag and two were drawn."""
    with app.app_context():
        begin_write()
        world = make.world(name="青禾中学")
        for student in make.students_of(world.cohorts[0])[:2]:
            make.waits(world, student)
        day = make.interview_day(world, random_every=2)
        make.placed(world, day)
        db.session.commit()
        return day.id


def _slip_of(app, appointment: Appointment) -> str:
    with app.test_request_context():
        return slips_html([appointment])


def test_slip_of_a_flagged_and_of_a_drawn_student_differ_in_name_and_time_only(app, mixed):
    with app.app_context():
        invited = appointments_of(db.session.get_one(InterviewDay, mixed))
        flagged = next(each for each in invited if each.origin is Origin.ENTRY)
        drawn = next(each for each in invited if each.origin is Origin.RANDOM)

        first, second = _slip_of(app, flagged), _slip_of(app, drawn)

        def neutral(html: str, each: Appointment) -> str:
            ends = each.slot.starts_at + timedelta(minutes=25)
            hours = f"{make.at(each.slot)}–{ends.astimezone(make.SHANGHAI):%H:%M}"
            assert html.count(each.student.name) == html.count(hours) == 1
            return html.replace(each.student.name, "NAME").replace(hours, "TIME")

        assert first != second
        assert neutral(first, flagged) == neutral(second, drawn)


def test_everybody_has_one_slip_in_class_order_and_none_says_why(app, mixed):
    with app.app_context():
        invited = appointments_of(db.session.get_one(InterviewDay, mixed))
        with app.test_request_context():
            html = slips_html(invited)

        seats = [each.student.position for each in invited]
        assert len(SLIP.findall(html)) == len(invited) == 4
        assert seats == sorted(seats)
        assert TELLING.search(html) is None
        assert "想请你来聊一聊" in html


def test_slips_are_printed_eight_a_sheet(app, mixed):
    if not (state := available()):
        pytest.skip(state.reason)
    with app.app_context():
        day = db.session.get_one(InterviewDay, mixed)
        invited = list(appointments_of(day)) * 3

        with app.test_request_context():
            pdf = print_slips(day, invited[:9])

    with pikepdf.open(io.BytesIO(pdf)) as printed:
        assert len(printed.pages) == 2


def test_pages_of_class_teacher_proctor_and_student_do_not_change(app, as_, fixed_clock):
    with app.app_context():
        begin_write()
        world = make.world()
        student = make.students_of(world.cohorts[0])[0]
        make.waits(world, student)
        day_id = make.interview_day(world, random_every=2).id
        invitation = db.session.query(Invitation).filter_by(student_id=student.id).one()
        token, campaign = invitation.token, world.campaign.public_id
        cohort_id, cohort, person = world.cohorts[0].id, world.cohorts[0].public_id, student
        pages = [
            "/",
            "/campaigns",
            f"/campaigns/{campaign}",
            f"/roster/classes/{cohort}",
            f"/roster/students/{person.public_id}",
        ]
        site = world.site
        db.session.commit()
        teacher = as_(Role.CLASS_TEACHER, cohort=db.session.get_one(Cohort, cohort_id))
        proctor = as_(Role.PROCTOR, site=site)

    def seen() -> list[str]:
        child = app.test_client()
        walked = [child.get(f"/i/{token}"), child.get("/help", follow_redirects=True)]
        read = [client.get(page) for client in (teacher, proctor) for page in pages]
        return [CSRF.sub(r"\1", page.text) for page in (*walked, *read)]

    before = seen()
    with app.app_context():
        begin_write()
        counsellor = actor_of(
            db.session.get_one(InterviewDay, day_id).slots[0].counsellor, Role.COUNSELLOR
        )
        day = db.session.get_one(InterviewDay, day_id)
        fingerprint = proposal(counsellor, day).fingerprint
        placed = place_students(actor=counsellor, day=day, fingerprint=fingerprint)
        db.session.commit()
        assert {each.origin for each in placed} == {Origin.ENTRY, Origin.RANDOM}

    assert seen() == before

"""The desk's pages: plan, look before placing, mark with one tap, and reckon."""

import re
from datetime import time

import pytest
from sqlalchemy import event

from app.access.permissions import Role
from app.appointments.models import Appointment, ClassDay, InterviewDay, ProtectedTime
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.people.models import Cohort, Site, User
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import appointments as make

PLAN = {
    "on": "2026-10-13",
    "slot_minutes": "25",
    "pause_minutes": "5",
    "lunch_from": "12:00",
    "lunch_to": "13:30",
    "rooms": "201\n202",
    "random_every": "0",
}


@pytest.fixture
def school(app, fixed_clock):
    """Three students wait; the counsellor's user id and the school's code."""
    with app.app_context():
        begin_write()
        world = make.world(counselling_room="教学楼二楼 心理辅导室")
        for student in make.students_of(world.cohorts[0])[:3]:
            make.waits(world, student)
        db.session.commit()
        return world.counsellor.id, world.site.code, world.campaign.public_id


@pytest.fixture
def desk(app, as_, school):
    with app.app_context():
        user = db.session.get_one(User, school[0])
        return as_(Role.COUNSELLOR, user=user)


def _planned(app, desk, school) -> str:
    desk.post(f"/interviews?site={school[1]}", data=PLAN)
    with app.app_context():
        return db.session.query(InterviewDay).one().public_id


def _fingerprint(page: str) -> str:
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert found
    return found[1]


def _place(desk, day: str) -> None:
    preview = desk.get(f"/interviews/{day}/place").text
    desk.post(f"/interviews/{day}/place", data={"fingerprint": _fingerprint(preview)})


def test_place_offered_for_the_slip_does_not_tell(desk, school):
    page = desk.get("/interviews").text

    assert "教学楼二楼" in page
    assert "心理辅导室" not in page


def test_day_is_planned_previewed_and_placed(app, desk, school):
    day = _planned(app, desk, school)

    preview = desk.get(f"/interviews/{day}/place").text
    with app.app_context():
        assert db.session.query(Appointment).count() == 0
    page = desk.post(
        f"/interviews/{day}/place",
        data={"fingerprint": _fingerprint(preview)},
        follow_redirects=True,
    ).text

    assert "将邀请 3 名学生" in preview
    assert "已安排 3 名学生。" in page
    with app.app_context():
        read = db.session.query(AuditEvent.action).filter(
            AuditEvent.action.in_(["see_interview_day", "see_interview_proposal"])
        )
        assert {row.action for row in read} == {"see_interview_day", "see_interview_proposal"}


def test_telling_place_is_refused_beside_its_field(desk, school):
    page = desk.post(f"/interviews?site={school[1]}", data=PLAN | {"rooms": "心理咨询室"})

    assert page.status_code == 422
    assert "会让同学看出谈的是什么" in page.text


def test_old_preview_is_shown_anew(app, desk, school):
    day = _planned(app, desk, school)

    page = desk.post(f"/interviews/{day}/place", data={"fingerprint": "old"})

    assert page.status_code == 409
    assert "将邀请 3 名学生" in page.text


def test_no_show_is_marked_with_one_tap_and_stands_on_the_entrys_page(app, desk, school):
    day = _planned(app, desk, school)
    _place(desk, day)
    with app.app_context():
        appointment = db.session.query(Appointment).first()
        entry_id, address = appointment.entry.public_id, appointment.public_id

    page = desk.post(f"/appointments/{address}/no-show", follow_redirects=True)

    assert page.status_code == 200
    entry_page = desk.get(f"/queue/{entry_id}").text
    assert "老师的访谈：没有来" in entry_page
    with app.app_context():
        entry = db.session.query(QueueEntry).filter_by(public_id=entry_id).one()
        assert entry.state is EntryState.WAITING


def test_what_came_too_late_is_said_and_changes_nothing(app, desk, school):
    day = _planned(app, desk, school)
    _place(desk, day)
    with app.app_context():
        address = db.session.query(Appointment).first().public_id
    desk.post(f"/appointments/{address}/attended")

    page = desk.post(f"/appointments/{address}/cancel", follow_redirects=True)

    flashes = page.text.partition('<div class="flashes"')[2].partition("</div>")[0]
    assert flashes.count("notice--error") == 1
    with app.app_context():
        state = db.session.query(Appointment).filter_by(public_id=address).one().state
        assert state == "attended"


def test_protected_lessons_are_entered_and_removed(app, desk, school):
    with app.app_context():
        cohort = db.session.query(Cohort).first().public_id
    lesson = {"cohorts": [cohort], "weekday": "1", "starts": "10:00", "ends": "10:45"}
    site = f"?site={school[1]}"

    refused = desk.post(f"/interviews/protected-times{site}", data=lesson | {"ends": "09:00"})
    desk.post(f"/interviews/protected-times{site}", data=lesson | {"subject": "体育课"})
    page = desk.get(f"/interviews/protected-times{site}").text
    with app.app_context():
        row = db.session.query(ProtectedTime).one()
        address, starts = row.public_id, row.starts
    desk.post(f"/interviews/protected-times/{address}/remove")

    assert refused.status_code == 422
    assert ("体育课" in page, starts) == (True, time(10))
    with app.app_context():
        assert db.session.query(ProtectedTime).count() == 0


def test_capacity_names_both_shares_and_their_sources(desk, school):
    page = desk.get(f"/interviews/capacity?site={school[1]}&half_days=2").text

    for said in ("5%", "29%", "NHANES 2017-2018", "马来西亚国立大学", "多 2 个半天之后", "<svg"):
        assert said in page


def test_spread_is_kept_as_a_proposal(app, desk, school):
    address = f"/interviews/spread/{school[2]}?site={school[1]}&percent=29"

    page = desk.post(address, follow_redirects=True)

    assert page.status_code == 200
    with app.app_context():
        (row,) = db.session.query(ClassDay).all()
        assert row.on == make.MONDAY


def test_day_costs_the_same_queries_for_one_row_and_for_three(app, desk, school):
    day = _planned(app, desk, school)

    def cost() -> int:
        statements: list[str] = []
        with app.app_context():
            engine = db.engine

        def count(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", count)
        desk.get(f"/interviews/{day}")
        desk.get(f"/interviews/{day}/place")
        event.remove(engine, "before_cursor_execute", count)
        return len(statements)

    desk.get(f"/interviews/{day}")
    _place(desk, day)
    three = cost()
    with app.app_context():
        begin_write()
        for appointment in db.session.query(Appointment).all()[1:]:
            db.session.delete(appointment)
        for entry in db.session.query(QueueEntry).all()[1:]:
            entry.state = EntryState.SETTLED
        db.session.commit()

    assert cost() == three


def test_school_head_and_class_teacher_reach_none_of_it(app, as_, school):
    with app.app_context():
        site = db.session.query(Site).filter_by(code=school[1]).one()
        head = as_(Role.SCHOOL_HEAD, site=site)

    pages = ("/interviews", "/interviews/capacity", f"/interviews/spread/{school[2]}")
    assert [head.get(page).status_code for page in pages] == [404, 404, 404]

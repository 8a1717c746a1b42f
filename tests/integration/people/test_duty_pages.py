"""The duty roster as a week: who answers, where nobody does, and who may change it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.people.models import DutyShift
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def school(app):
    """A school with the counsellors lin and lu; nobody is on duty."""
    with app.app_context():
        begin_write()
        site = people.site(code="S1")
        lin = people.user(Role.COUNSELLOR, site.id, name="林知夏")
        lu = people.user(Role.COUNSELLOR, site.id, name="陆明远")
        db.session.commit()
        for row in (site, lin, lu):
            db.session.refresh(row)
            db.session.expunge(row)
    return site, lin, lu


@pytest.fixture
def lead(as_, school):
    return as_(Role.CRISIS_LEAD, site=school[0])


def _shift(user, **chosen):
    defaults = {"on": "2026-10-12", "starts": "19:00", "ends": "07:00", "rank": "1"}
    return {"user": user.public_id, **defaults, **chosen}


def _shifts(app):
    with app.app_context():
        rows = db.session.scalars(select(DutyShift)).all()
        return [(row.user_id, row.starts_at, row.ends_at) for row in rows]


def test_shift_that_ends_before_it_begins_ends_on_the_next_day(app, school, lead):
    _, lin, _ = school

    lead.post("/duty/shifts?site=S1", data=_shift(lin))

    evening, morning = (datetime(2026, 10, 12, hour, tzinfo=UTC) for hour in (11, 23))
    assert _shifts(app) == [(lin.id, evening, morning)]


def test_week_names_who_is_on_duty_and_where_nobody_is(school, lead):
    _, lin, lu = school
    lead.post("/duty/shifts?site=S1", data=_shift(lin, starts="08:00", ends="19:00"))
    lead.post("/duty/shifts?site=S1", data=_shift(lu))

    page = lead.get("/duty?lang=en").text

    assert page.index("On duty now") < page.index("林知夏") < page.index("Next on duty")
    assert page.count("Nobody is on duty") == 1
    assert "from Tue 13 Oct, 07:00 to Mon 19 Oct, 10:00." in page


def test_shift_to_come_is_removed_and_one_that_runs_ends_now(app, school, lead, fixed_clock):
    _, lin, lu = school
    lead.post("/duty/shifts?site=S1", data=_shift(lin, starts="08:00", ends="19:00"))
    lead.post("/duty/shifts?site=S1", data=_shift(lu))
    with app.app_context():
        ids = db.session.scalars(select(DutyShift.public_id)).all()

    for public_id in ids:
        lead.post(f"/duty/shifts/{public_id}/remove")

    assert [(user, ends) for user, _, ends in _shifts(app)] == [(lin.id, NOW)]


def test_only_the_responders_of_the_school_can_be_put_on_duty(app, school, lead):
    with app.app_context():
        begin_write()
        stranger = people.user(Role.COUNSELLOR, people.site().id)
        clerk = people.user(Role.SITE_STAFF, school[0].id)
        db.session.commit()
        answers = [
            lead.post("/duty/shifts?site=S1", data=_shift(user)).status_code
            for user in (stranger, clerk)
        ]

    assert (answers, _shifts(app)) == ([422, 422], [])


def test_counsellor_sees_the_roster_and_cannot_change_it(as_, school):
    site, lin, _ = school
    bob = as_(Role.COUNSELLOR, site=site)

    seen, changed = bob.get("/duty"), bob.post("/duty/shifts?site=S1", data=_shift(lin))

    assert (seen.status_code, "Put on duty" in seen.text, changed.status_code) == (200, False, 404)


def test_lead_of_one_school_cannot_change_what_holds_for_all(app, school, lead):
    _, lin, _ = school
    with app.app_context():
        begin_write()
        night = DutyShift(user_id=lin.id, starts_at=NOW, ends_at=NOW + timedelta(hours=9))
        db.session.add(night)
        db.session.commit()
        public_id = night.public_id

    answer = lead.post(f"/duty/shifts/{public_id}/remove")

    assert (answer.status_code, len(_shifts(app))) == (404, 1)


def test_board_of_another_school_is_not_there(app, lead):
    with app.app_context():
        begin_write()
        people.site(code="S2")
        db.session.commit()

    assert lead.get("/duty?site=S2").status_code == 404

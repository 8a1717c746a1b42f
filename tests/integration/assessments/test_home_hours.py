"""Alone at home a sitting begins only while somebody is on duty, and once begun goes on."""

from datetime import timedelta

import pytest

from app.assessments.models import Assessment
from app.people.models import DutyShift, Site
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories import people

RESTING = "这会儿没有老师值守"


@pytest.fixture
def roster(app, slip):
    """Duty from an hour ago for so many hours, and again the next morning at eight."""

    def plan(hours, *, again=True):
        with app.app_context():
            begin_write()
            site = db.session.query(Site).one()
            user = db.session.query(DutyShift).first().user
            db.session.query(DutyShift).delete()
            since = NOW - timedelta(hours=1)
            people.on_duty(site, user, starts_at=since, ends_at=since + timedelta(hours=hours))
            if again:
                dawn = NOW.replace(hour=0) + timedelta(days=1)
                people.on_duty(site, user, starts_at=dawn, ends_at=dawn + timedelta(hours=9))
            db.session.commit()

    return plan


def begun(app):
    with app.app_context():
        return db.session.query(Assessment).count()


def knock(client, slip, where="alone"):
    client.get(f"/i/{slip}")
    confirm = client.post("/i/check", data={"said": "20100520"}, follow_redirects=True)
    return confirm, client.post("/i/start", data={"where": where})


def test_sitting_begins_at_home_while_somebody_is_on_duty(app, client, slip, roster):
    roster(2)
    confirm, start = knock(client, slip)

    assert ('value="alone"' in confirm.text, RESTING in confirm.text) == (True, False)
    assert (start.status_code, begun(app)) == (303, 1)


def test_out_of_hours_nothing_begins_and_the_slip_stays(app, client, slip, roster, fixed_clock):
    roster(0.5)
    confirm, start = knock(client, slip)

    assert ('value="alone"' in confirm.text, RESTING in confirm.text) == (False, True)
    assert RESTING in start.text
    assert "10月13日（周二）08:00" in start.text
    assert 'value="alone"' in start.text
    assert begun(app) == 0
    with fixed_clock(NOW.replace(hour=1) + timedelta(days=1)):
        assert knock(client, slip)[1].status_code == 303


def test_page_makes_no_promise_that_the_roster_does_not(app, client, slip, roster):
    roster(0.5, again=False)
    page = knock(client, slip)[1].text

    assert "什么时候可以，请问一问老师" in page
    assert "12356" in page


def test_at_school_the_teacher_is_there(app, client, slip, roster):
    roster(0.5)

    assert knock(client, slip, where="school")[1].status_code == 303
    assert begun(app) == 1


def test_sitting_that_was_begun_goes_on(app, client, slip, roster, fixed_clock):
    roster(2)
    knock(client, slip)
    with fixed_clock(NOW + timedelta(hours=3)):
        page = sittings.agree(client)
        assert client.post(page, data=sittings.phq9()).status_code == 303
        other = app.test_client()
        confirm, start = knock(other, slip)

    assert ('value="alone"' in confirm.text, start.status_code, begun(app)) == (True, 303, 1)

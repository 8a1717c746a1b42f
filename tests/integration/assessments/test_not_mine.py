"""这不是我的, pressed midway: the sitting ends for a person to decide, the slip rests."""

from app.access.actor import OPERATOR
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Attribution, Response
from app.campaigns.models import Invitation
from app.campaigns.service import free_slip
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings


def _disown_midway(client, slip):
    sittings.walk_in(client, slip)
    page = sittings.agree(client)
    client.post(page, data=sittings.phq9(q1=2) | {"do": "back"})
    doubt = client.get("/s/not-mine").text
    return doubt, client.post("/s/not-mine")


def test_sitting_ends_and_its_answers_stay(app, client, slip):
    doubt, left = _disown_midway(client, slip)

    with app.app_context():
        sitting = db.session.query(Assessment).one()
        assert sitting.state is AssessmentState.DISPUTED
        assert db.session.query(Response).count() == 9
        assert db.session.query(Attribution).one().student_id is None
    assert "这不是我的" in doubt
    assert "这些页面已经关上了" in client.get(left.location).text
    assert client.get("/s").location == "/i"


def test_pressed_twice_is_said_once(app, client, slip):
    _disown_midway(client, slip)
    client.post("/s/not-mine")

    with app.app_context():
        assert db.session.query(Attribution).count() == 1


def test_slip_rests_until_staff_free_it_and_then_begins_afresh(app, client, slip):
    _disown_midway(client, slip)

    client.get(f"/i/{slip}")
    resting = client.get("/i/check").text
    client.post("/i/check", data={"said": "20100520"})
    assert client.post("/i/start", data={"where": "alone"}).location in ("/i", "/i/check")

    with app.app_context():
        begin_write()
        free_slip(actor=OPERATOR, invitation=db.session.query(Invitation).one())
        db.session.commit()
    sittings.walk_in(client, slip)
    sittings.agree(client)

    with app.app_context():
        states = [row.state for row in db.session.query(Assessment).order_by(Assessment.id)]
    assert "先停用了" in resting
    assert states == [AssessmentState.DISPUTED, AssessmentState.STARTED]


def test_help_and_notice_lead_there(client, slip):
    sittings.walk_in(client, slip)
    helped = client.post("/help", data={"do": "help"}).text
    page = sittings.agree(client)
    noted = client.post(page, data={"do": "help"}).text

    assert "/s/not-mine" in helped
    assert "/s/not-mine" in noted


def test_without_a_sitting_there_is_nothing_to_disown(client):
    assert client.get("/s/not-mine").location == "/i"
    assert client.post("/s/not-mine").status_code == 303

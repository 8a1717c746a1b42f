"""One slip on two devices: the second goes on, and what the first still has to say is heard."""

from datetime import timedelta

import pytest

from app.assessments.models import Assessment, Response
from app.assessments.service import store_responses, submit
from app.cases.models import QueueEntry
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import Administration, Flag
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories.devices import Device, answer, deed


@pytest.fixture
def first(app, slip):
    """The device that began, and the ticket of its page; another has taken over since."""
    client, second = app.test_client(), app.test_client()
    sittings.walk_in(client, slip)
    ticket = Device.with_page(client.get(sittings.agree(client)).text).ticket
    sittings.walk_in(second, slip)
    return client, ticket


def test_answer_of_the_first_device_is_stored_and_heard(app, first):
    client, ticket = first
    said = [answer("phq9.q9", value=2), deed("finish")]

    saved = client.post("/s/responses", json={"answers": said, "ticket": ticket})

    assert (saved.status_code, len(saved.json["stored"])) == (200, 2)
    with app.app_context():
        assert "critical_q9" in {flag.code for flag in db.session.query(Flag)}
        assert db.session.query(Assessment).one().state == "submitted"


@pytest.mark.parametrize("do", ["", "back", "leave"])
def test_page_of_the_first_device_is_stored_and_nothing_is_shown(app, first, do):
    client, ticket = first

    sent = client.post("/s/1", data={**sittings.phq9(q9=2), "ticket": ticket, "do": do})

    assert sent.status_code == 303
    assert client.get("/s").location == "/i"
    with app.app_context():
        assert db.session.query(Response).count() == 9
        assert db.session.query(Flag).filter_by(code="critical_q9").count() == 1


@pytest.mark.parametrize("do", ["", "back", "leave"])
def test_page_that_comes_after_the_other_device_has_handed_in_is_scored_in(app, first, do):
    client, ticket = first
    with app.app_context():
        begin_write()
        sitting = db.session.query(Assessment).one()
        given = sittings.answers("phq9", {f"q{n}": 1 for n in range(1, 9)})
        store_responses(assessment=sitting, answers=given)
        submit(assessment=sitting)
        db.session.commit()

    with clock.frozen(NOW + timedelta(minutes=1)):
        client.post("/s/1", data={"phq9.q9": "2", "ticket": ticket, "do": do})

    with app.app_context():
        scored = db.session.query(Administration).order_by(Administration.revision).all()
        totals = [score.score for row in scored for score in row.scores if score.scale == "total"]
        assert totals[-1] == 10
        assert db.session.query(Flag).filter_by(code="critical_q9").count() == 1


def test_wish_to_talk_of_the_first_device_is_heard(app, first):
    client, ticket = first

    noted = client.post("/s/1", data={"ticket": ticket, "do": "talk"})

    assert noted.status_code == 200
    with app.app_context():
        assert db.session.query(QueueEntry).one().is_asked_for


@pytest.mark.parametrize("ticket", ["", "s.1.x", "o.link.visit.x"])
def test_page_without_a_ticket_of_ours_stores_nothing(app, client, ticket):
    sent = client.post("/s/1", data={**sittings.phq9(), "ticket": ticket})
    saved = client.post("/s/responses", json={"answers": [], "ticket": ticket})

    assert (sent.location, saved.status_code) == ("/s", 401)
    with app.app_context():
        assert db.session.query(Response).count() == 0

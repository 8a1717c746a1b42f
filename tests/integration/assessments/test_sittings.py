"""A student's sitting through plain forms, as a browser without script meets it."""

import pytest

from app.assessments.domain import AssessmentState, AssessmentSubmitted, ResponsesStored
from app.assessments.models import Assessment, Response
from app.assessments.queries import current_responses
from app.campaigns.models import Invitation
from app.platform import events
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings


@pytest.fixture(autouse=True)
def _clock(fixed_clock):
    """The campaign runs today."""


@pytest.fixture
def slip(app):
    """The token of a slip for PHQ-9."""
    with app.app_context():
        begin_write()
        token = sittings.invited().token
        db.session.commit()
    return token


@pytest.fixture
def heard(monkeypatch):
    """What the rooms downstream were told, in order."""
    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told


def _only(kind):
    return db.session.query(kind).one()


def test_whole_sitting_stores_every_answer_and_submits(app, client, slip, heard):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    to_closing = client.post(first_page, data=sittings.phq9(q2=3))
    over = client.post(to_closing.location, data=sittings.closing(talk=2, message="谢谢老师"))

    thanks = client.get(over.location)
    assert "谢谢你认真作答" in thanks.text
    with app.app_context():
        assessment = _only(Assessment)
        stored = current_responses(assessment.id)
        assert assessment.state is AssessmentState.SUBMITTED
        assert _only(Invitation).finished_at is not None
        assert {item: row.value for item, row in stored["phq9"].items()} == {
            f"q{n}": 3 if n == 2 else 0 for n in range(1, 10)
        }
        assert stored["closing"]["message"].text == "谢谢老师"
        assert stored["closing"]["talk"].value == 2
    assert [type(event) for event in heard] == [
        ResponsesStored,
        ResponsesStored,
        AssessmentSubmitted,
    ]


def test_blank_item_is_asked_once_more_and_then_stored_as_refused(app, client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    blank = sittings.phq9() | {"phq9.q9": ""}

    once = client.post(first_page, data=blank)
    asked = sittings.hidden(once.text, "asked")
    twice = client.post(first_page, data=blank | {"asked": asked})

    assert asked == "phq9.q9"
    assert twice.location == "/s/2"
    with app.app_context():
        refused = db.session.query(Response).filter_by(refused=True).all()
        assert [(row.item_code, row.value) for row in refused] == [("q9", None)]


def test_answered_items_of_an_incomplete_page_are_stored_at_once(app, client, slip, heard):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)

    client.post(first_page, data={"phq9.q9": "2"})

    assert [type(event) for event in heard] == [ResponsesStored]
    with app.app_context():
        assert [(row.item_code, row.value) for row in db.session.query(Response)] == [("q9", 2)]

"""A student's sitting through plain forms, as a browser without script meets it."""

from datetime import timedelta

import pytest

from app.assessments.domain import AssessmentState, AssessmentSubmitted, ResponsesStored
from app.assessments.models import Assessment, Response
from app.assessments.queries import current_responses
from app.assessments.service import expire_campaign
from app.campaigns.models import Invitation
from app.platform import clock
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings


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
    pages, submitted = heard
    assert [type(pages), type(submitted)] == [ResponsesStored, AssessmentSubmitted]
    assert [answer.item_code for answer in submitted.answers] == list(stored["closing"])


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


def test_unchanged_page_is_not_stored_twice(app, client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9())

    client.post(first_page, data=sittings.phq9(q4=2))

    with app.app_context():
        rows = [(row.item_code, row.value, row.seq) for row in db.session.query(Response)]
        assert len(rows) == 10
        assert rows[-1] == ("q4", 2, 2)


def test_back_shows_what_this_sitting_answered(client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9(q4=2))

    back = client.post("/s/2", data={"do": "back", "closing.message": "嗯"})
    earlier = client.get(back.location).text
    forth = client.get("/s/2").text

    assert back.location == "/s/1#last"
    assert 'name="phq9.q4" value="2" checked' in earlier
    assert ">嗯</textarea>" in forth


def test_sitting_goes_on_where_it_was_left(client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9())

    assert client.get("/s").location == "/s/2"


def test_no_question_before_the_notice_is_agreed_to(client, slip):
    sittings.walk_in(client, slip)

    shown = client.get("/s/1")
    sent = client.post("/s/1", data=sittings.phq9())
    saved = client.post("/s/responses", json={"answers": []})

    assert (shown.location, sent.location, saved.status_code) == ("/s", "/s", 401)


def test_declining_looks_like_finishing(app, client, slip, heard):
    sittings.walk_in(client, slip)

    declined = client.post("/s", data={"do": "decline"})

    assert declined.location.startswith("/thanks/")
    with app.app_context():
        assert _only(Assessment).state is AssessmentState.DECLINED
        assert _only(Invitation).finished_at is not None
    assert heard == []


def test_after_the_end_nothing_of_it_is_left_in_the_browser(client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9(q1=3))
    client.post("/s/2", data=sittings.closing())

    again = client.get(first_page)
    page_in_history = client.get(first_page, follow_redirects=True)

    assert again.location == "/s"
    assert "phq9" not in page_in_history.text
    assert again.headers["Cache-Control"] == "no-store"
    assert client.get_cookie("sitting") is None


@pytest.mark.parametrize(
    "tampered",
    [
        {"phq9.q1": "4"},
        {"phq9.q1": "-1"},
        {"phq9.q1": "0.5"},
        {"phq9.q1": "nan"},
        {"phq9.q1": "drop table"},
        {"closing.message": "x" * 4001},
    ],
)
def test_answer_that_was_never_offered_is_refused(app, client, slip, tampered):
    sittings.walk_in(client, slip)
    sittings.agree(client)
    page = "/s/2" if "closing.message" in tampered else "/s/1"

    refused = client.post(page, data=tampered)

    assert refused.status_code == 422
    with app.app_context():
        assert db.session.query(Response).count() == 0


def test_wish_to_talk_reaches_the_counsellor_only(app, client, slip, heard):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)

    noted = client.post(first_page, data={"phq9.q1": "1", "do": "talk"})

    assert "12356" in noted.text
    assert [type(event).__name__ for event in heard] == ["ResponsesStored", "TalkRequested"]
    with app.app_context():
        assert _only(Invitation).help_wanted_at is None


def test_help_with_the_page_reaches_the_proctor_only(app, client, slip, heard):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)

    client.post(first_page, data={"do": "help"})

    assert heard == []
    with app.app_context():
        assert _only(Invitation).help_wanted_at is not None


def test_expired_sitting_goes_on_late_and_is_scored_page_by_page(app, client, slip, heard):
    """Nobody closes it once more: who leaves before the end would never be scored."""
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data={"phq9.q1": "1"})
    with app.app_context():
        begin_write()
        expire_campaign(campaign_id=_only(Assessment).campaign_id)
        db.session.commit()

    with clock.frozen(NOW + timedelta(minutes=1)):
        client.post(first_page, data=sittings.phq9(q9=3))

    assert [type(event).__name__ for event in heard] == [
        "ResponsesStored",
        "AssessmentSubmitted",
        "ResponsesStored",
        "AssessmentSubmitted",
    ]

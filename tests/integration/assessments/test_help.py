"""The two quiet buttons before the questions, and the last page that is the same for everybody."""

import pytest

from app import create_app
from app.campaigns.models import Invitation
from app.people.models import Site
from app.platform.db import db
from tests.factories import assessments as sittings


def _wants_help(app):
    with app.app_context():
        return db.session.query(Invitation).one().help_wanted_at is not None


def test_help_at_the_check_reaches_the_proctor(app, client, slip, heard):
    client.get(f"/i/{slip}")

    helped = client.post("/help", data={"do": "help"})

    assert "老师已经知道你需要操作上的帮助" in helped.text
    assert _wants_help(app)
    assert heard == []


def test_wish_to_talk_at_the_notice_reaches_the_counsellor(app, client, slip, heard):
    sittings.walk_in(client, slip)

    told = client.post("/help", data={"do": "talk"})

    assert "心理老师会知道你想聊聊" in told.text
    assert 'href="/s"' in told.text
    assert [type(event).__name__ for event in heard] == ["TalkRequested"]
    assert not _wants_help(app)


@pytest.mark.parametrize("do", ["help", "talk"])
def test_without_a_slip_the_card_promises_nothing(client, heard, do):
    card = client.post("/help", data={"do": do})

    assert "12356" in card.text
    assert 'role="status"' not in card.text
    assert heard == []


def test_school_comes_first_on_the_last_page_and_every_number_can_be_called(app, client, slip):
    with app.app_context():
        site = db.session.query(Site).one().public_id

    page = client.get(f"/thanks/{site}").text

    calls = [part.split('"')[0] for part in page.split('href="tel:')[1:]]
    assert calls == ["0371-5550100", "12356", "12355", "120", "110"]


def test_page_without_a_known_school_still_helps(client):
    assert "12356" in client.get("/thanks/nowhere").text


def test_forms_pass_over_tls_although_no_referrer_is_sent(settings):
    browser = create_app(settings, TESTING=True).test_client()
    page = browser.get("/i", base_url="https://localhost")

    sent = browser.post(
        "/i",
        base_url="https://localhost",
        data={"code": "22222222", "csrf_token": sittings.hidden(page.text, "csrf_token")},
    )

    assert sent.status_code == 422

"""Who goes away quickly, or for five minutes, comes back by slip and check only."""

import re
import uuid

import pytest

from app.assessments.models import Response
from app.platform.db import db
from tests.factories import assessments as sittings


@pytest.fixture
def seated(client, slip):
    """A client in the middle of its sitting."""
    sittings.walk_in(client, slip)
    sittings.agree(client)
    return client


def _idle(client):
    """What five minutes do to a browser: the cookie of who is there has run out."""
    client.delete_cookie("attended")


def _where(answer):
    return answer.headers["Location"]


def _values(app):
    with app.app_context():
        return {row.item_code: row.value for row in db.session.query(Response)}


def test_leaving_keeps_what_is_answered_and_takes_the_sitting_back(app, seated):
    left = seated.post("/s/1", data={"do": "leave", "phq9.q1": "3"})

    assert _where(left) == "/pause"
    assert _values(app) == {"q1": 3}
    assert _where(seated.get("/s/1")) == "/s"
    assert _where(seated.get("/s")) == "/i"


def test_cookie_of_who_is_there_lasts_five_minutes_from_the_last_sign_of_life(seated):
    tap = {"id": str(uuid.uuid4()), "name": "phq9.q1", "value": 1}
    for answer in (seated.get("/s/1"), seated.post("/s/responses", json={"answers": [tap]})):
        cookies = answer.headers.getlist("Set-Cookie")
        assert [one for one in cookies if one.startswith("attended=1") and "Max-Age=300" in one]


@pytest.mark.parametrize("address", ["/s", "/s/1", "/i/{slip}"])
def test_idle_browser_shows_no_answer_without_the_check(seated, slip, address):
    _idle(seated)

    answer = seated.get(address.format(slip=slip))

    assert _where(answer) in {"/i", "/s", "/i/check"}
    assert "phq9" not in answer.get_data(as_text=True)


def test_wrong_code_is_no_sign_of_life(seated):
    _idle(seated)
    seated.post("/i", data={"code": "AAAAAAAA"})
    seated.post("/help", data={"do": "talk"})

    assert _where(seated.get("/s")) == "/i"


def test_page_that_took_longer_than_five_minutes_is_stored_all_the_same(app, seated):
    _idle(seated)

    seated.post("/s/1", data={f"phq9.q{n}": "1" for n in range(1, 10)})

    assert len(_values(app)) == 9


def test_open_visit_is_left_with_its_answers(app, client, made):
    open_link = made(sittings.open_link, "token")
    page = client.get(f"/o/{open_link}").get_data(as_text=True)
    visit = page.split('name="visit" value="')[1].split('"')[0]
    said = {"visit": visit, "page": "1", "assent": "yes"}

    client.post(f"/o/{open_link}", data=said | {"phq9.q1": "2", "do": "help"})
    left = client.post(f"/o/{open_link}", data=said | {"phq9.q2": "1", "do": "leave"})

    assert _where(left) == "/pause"
    assert _values(app)["q2"] == 1


def test_page_left_open_without_script_goes_by_itself_but_not_from_under_a_slow_reader(seated):
    page = seated.get("/s/1").text

    assert '<noscript><meta http-equiv="refresh" content="840; url=/pause"></noscript>' in page


def test_first_button_of_the_form_which_enter_presses_does_not_leave(seated):
    page = seated.get("/s/1").text
    buttons = re.findall(r'<button[^>]*(?:form="questions"|name="next")[^>]*>', page)

    assert 'class="enter"' in buttons[0]
    assert "leave" not in buttons[0]

"""From a slip to the sitting: codes, the one check, and slips in wrong hands."""

import re
from dataclasses import replace

import pytest

from app import create_app
from app.access.actor import OPERATOR
from app.assessments.models import Assessment, EntryMiss
from app.campaigns.models import Invitation
from app.campaigns.service import free_slip
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings

#: Not this machine; what is not encrypted is refused there.
FROM_OUTSIDE = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
SIGNED_EACH_SECOND = re.compile(r'name="csrf_token" value="[^"]+"')


def _wide(text):
    """As a Chinese input method in full-width mode writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.fixture
def code(made):
    """The code of a slip, to be typed."""
    return made(sittings.invited, "code")


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: code.lower(),
        lambda code: f" {code[:4]}-{code[4:]} ",
        lambda code: f"{code[:4]}　{code[4:]}",
        _wide,
    ],
    ids=["plain", "small", "dash", "wide blank", "full width"],
)
def test_code_is_found_however_it_is_typed(client, code, typed):
    found = client.post("/i", data={"code": typed(code)})

    assert found.location == "/i/check"


def test_slip_in_hand_travels_encrypted_only(settings, made):
    browser = create_app(
        replace(settings, base_url="https://xinqiao.example"), TESTING=True, WTF_CSRF_ENABLED=False
    ).test_client()
    typed = {"code": made(sittings.invited, "code")}

    cookie = browser.post("/i", data=typed, base_url="https://xinqiao.example").headers[
        "Set-Cookie"
    ]

    assert cookie.startswith("__Host-slip=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    follow = browser.get("/i/check", base_url="https://xinqiao.example")
    assert follow.status_code == 200


def test_code_in_an_address_is_no_door(client, code):
    assert client.get(f"/i/{code}").status_code == 422


def test_every_wrong_code_gets_the_same_words(app, client, code):
    with app.app_context():
        begin_write()
        closed = sittings.invited(student_no="7")
        closed.campaign.state = "closed"
        not_open_any_more = closed.code
        db.session.commit()

    answers = {
        SIGNED_EACH_SECOND.sub("", client.post("/i", data={"code": wrong}).text)
        for wrong in ("22222222", "x", "", "ÄÖÜ", "2" * 40, not_open_any_more)
    }

    assert len(answers) == 1
    assert "这个测评码对不上" in answers.pop()


def test_class_and_digits_are_shown_only_after_the_check(app, client, made):
    token = made(sittings.invited, "token", student_no="20260007")
    with app.app_context():
        cohort = db.session.query(Invitation).one().cohort.name

    client.get(f"/i/{token}")
    before = client.get("/i/check").text
    skipped = client.get("/i/me")
    client.post("/i/check", data={"said": "2010-05-20"})
    after = client.get("/i/me").text

    assert cohort not in before
    assert "07" not in re.sub(r"\?v=\w+", "", before).replace("20120520", "")
    assert skipped.location == "/i"
    assert f"{cohort} · 学号末两位 07" in after


@pytest.mark.parametrize(
    "said", ["20100520", "2010-5-20", "2010.05.20", "2010年5月20日", _wide("20100520")]
)
def test_birthday_is_understood_as_people_write_it(client, slip, said):
    client.get(f"/i/{slip}")

    assert client.post("/i/check", data={"said": said}).location == "/i/me"


def test_without_a_birthday_the_student_number_is_asked(client, made):
    token = made(sittings.invited, "token", birth_date=None, student_no="20260041")

    client.get(f"/i/{token}")
    asked = client.get("/i/check").text
    wrong = client.post("/i/check", data={"said": "14"})
    right = client.post("/i/check", data={"said": " 41"})

    assert "学号的最后两位" in asked
    assert (wrong.status_code, right.location) == (422, "/i/me")


def test_three_misses_lock_the_slip_until_it_is_freed(app, client, slip):
    client.get(f"/i/{slip}")
    for _ in range(3):
        client.post("/i/check", data={"said": "20100101"})

    right_but_locked = client.post("/i/check", data={"said": "20100520"})
    with app.app_context():
        begin_write()
        free_slip(actor=OPERATOR, invitation=db.session.query(Invitation).one())
        db.session.commit()
    freed = client.post("/i/check", data={"said": "20100520"})

    assert right_but_locked.status_code == 422
    assert "请交给老师" in right_but_locked.text
    assert freed.location == "/i/me"


@pytest.mark.parametrize("typed", ["", "  ", "5月20日", "2010-13-40", "99999999999-5-20", "小明"])
def test_what_cannot_be_a_birthday_locks_no_slip(client, slip, typed):
    client.get(f"/i/{slip}")
    statuses = [client.post("/i/check", data={"said": typed}).status_code for _ in range(4)]

    right = client.post("/i/check", data={"said": "20100520"})

    assert (set(statuses), right.location) == ({422}, "/i/me")


def test_slip_of_somebody_else_stays_unused(app, client, slip):
    client.get(f"/i/{slip}")

    client.post("/i/not-mine")

    with app.app_context():
        invitation = db.session.query(Invitation).one()
        assert (invitation.started_at, invitation.check_misses) == (None, 0)
        assert invitation.disowned_at is not None
        assert db.session.query(Assessment).count() == 0
    assert client.get("/i/check").location == "/i"


def test_not_now_begins_nothing(app, client, slip):
    client.get(f"/i/{slip}")
    client.post("/i/check", data={"said": "20100520"})

    client.get("/i/later")

    assert client.get("/i/me").location == "/i"
    with app.app_context():
        assert db.session.query(Assessment).count() == 0


def test_class_behind_one_address_is_not_locked_out(client, code):
    for _ in range(12):  # sixty students, every fifth mistypes
        client.post("/i", data={"code": "22222222"})

    assert client.post("/i", data={"code": code}).location == "/i/check"


def test_guesser_has_to_wait(app, client, code):
    client.post("/i", data={"code": "22222222"})
    with app.app_context():
        begin_write()
        one = db.session.query(EntryMiss).one()
        db.session.add_all(EntryMiss(address_index=one.address_index, at=one.at) for _ in range(99))
        db.session.commit()

    guess = client.post("/i", data={"code": "22222223"})
    beside = client.post("/i", data={"code": code})
    elsewhere = client.post("/i", data={"code": code}, **FROM_OUTSIDE)

    assert (guess.status_code, beside.status_code) == (429, 303)
    assert elsewhere.location == "/i/check"


def test_scanning_again_in_the_same_browser_goes_on(client, slip):
    sittings.walk_in(client, slip)

    assert client.get(f"/i/{slip}").location == "/s"


def test_another_device_goes_on_after_the_check(app, client, slip):
    sittings.walk_in(client, slip)
    first_page = sittings.agree(client)
    client.post(first_page, data={"phq9.q1": "3"})

    other = app.test_client()
    sittings.walk_in(other, slip)
    page = other.get(first_page).text

    assert 'name="phq9.q1" value="3" checked' in page
    assert client.get(first_page).location == "/s"
    with app.app_context():
        assert db.session.query(Assessment).count() == 1


def test_finished_slip_leads_to_the_last_page(client, slip):
    sittings.walk_in(client, slip)
    client.post("/s", data={"do": "decline"})

    client.get(f"/i/{slip}")
    client.post("/i/check", data={"said": "20100520"})
    again = client.post("/i/start", data={"where": "alone"})

    assert again.location.startswith("/thanks/")

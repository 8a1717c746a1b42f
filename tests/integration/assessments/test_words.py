"""Slip and PIN open a word for the student; everything else opens the page that everybody gets."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.access.permissions import Role
from app.assessments.service import pins
from app.campaigns.models import Invitation
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.platform import clock
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories import people

TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
PIN = "4821"


@pytest.fixture
def codes(app, made):
    """The tokens and codes of two classmates: one asks for a talk, one does not."""
    found = []

    def slips():
        first = sittings.invited()
        found.extend((slip.token, slip.code) for slip in (first, sittings.classmate_of(first)))
        return first

    made(slips, "id")
    return found


def _answer_and_leave(app, token, *, pin=PIN, **closing):
    """A whole sitting with a PIN set on the way; nothing of it stays in the browser."""
    client = app.test_client()
    sittings.walk_in(client, token)
    if pin:
        assert client.post("/pin", data={"pin": pin, "again": pin}).status_code == 200
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9())
    client.post("/s/2", data=sittings.closing(**closing), follow_redirects=True)


def _look(app, code, pin):
    page = app.test_client().post("/word", data={"code": code, "pin": pin})
    return page.status_code, sorted(page.headers.keys()), TOKEN.sub(r"\1", page.text)


def _word(app, code, pin=PIN):
    return _look(app, code, pin)[2]


def test_who_asked_reads_until_when_somebody_comes(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)

    assert "我们收到了，知道你想聊聊。周四（10月15日）之前会有老师来找你。" in _word(app, code)


def test_seen_entry_is_told_as_seen(app, codes, as_):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    with app.app_context():
        entry = db.session.query(QueueEntry).one()
        address, site = f"/queue/{entry.public_id}", entry.site
    as_(Role.COUNSELLOR, site=site).get(address)

    assert "已经有人看到了，周四（10月15日）之前会有老师来找你。" in _word(app, code)


def test_day_that_is_past_is_never_promised_again(app, codes, fixed_clock):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=3)

    with fixed_clock(NOW + timedelta(days=1)):
        page = _word(app, code)

    assert "说好来找你，却迟了，对不起" in page
    assert "之前会有老师来" not in page


def test_who_said_later_is_not_hurried(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=1)

    assert "你说过以后想聊聊" in _word(app, code)


def test_miss_of_any_kind_and_calm_owner_see_the_same_bytes(app, codes):
    (asking, code), (calm, calm_code) = codes
    _answer_and_leave(app, asking, talk=3, company=2)
    _answer_and_leave(app, calm)
    assert "老师来找你" in _word(app, code)

    pages = {
        "wrong pin": _look(app, code, "1111"),
        "no pin typed": _look(app, code, ""),
        "unknown code": _look(app, "22222222", PIN),
        "nothing": _look(app, "", ""),
        "owner who asked for nothing": _look(app, calm_code, PIN),
    }

    assert len(set(map(str, pages.values()))) == 1
    assert "对所有人" not in pages["nothing"][2]


def test_flagged_student_who_did_not_ask_reads_the_general_words(app, codes):
    (token, code), _ = codes
    client = app.test_client()
    sittings.walk_in(client, token)
    client.post("/pin", data={"pin": PIN, "again": PIN})
    first_page = sittings.agree(client)
    client.post(first_page, data=sittings.phq9(**{f"q{n}": 3 for n in range(1, 10)}))
    client.post("/s/2", data=sittings.closing())
    with app.app_context():
        assert db.session.query(QueueEntry).count() == 1

    assert _look(app, code, PIN) == _look(app, "22222222", PIN)


def test_slip_without_a_pin_opens_with_none(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, pin="", talk=3)

    assert _look(app, code, "") == _look(app, code, "0000") == _look(app, "22222222", PIN)


def test_fifth_miss_rests_the_slip_for_a_day_without_telling(app, codes, fixed_clock):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    misses = [_look(app, code, f"111{n}") for n in range(pins.MAX_MISSES)]

    assert _look(app, code, PIN) == misses[0]
    with fixed_clock(NOW + timedelta(days=1, minutes=1)):
        assert "老师来找你" in _word(app, code)


def test_every_attempt_costs_one_hash(app, codes, monkeypatch):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    compared = []
    verify = PasswordHasher.verify

    def count(hasher, stored, typed):
        compared.append(stored.split("$")[3])
        return verify(hasher, stored, typed)

    monkeypatch.setattr(PasswordHasher, "verify", count)

    for typed in ((code, PIN), (code, "1111"), ("22222222", PIN), ("", "")):
        _look(app, *typed)

    assert compared == ["m=19456,t=2,p=1"] * 4


@pytest.mark.parametrize(
    ("pin", "again"), [("123", "123"), ("1234567", "1234567"), ("1234", "1235"), ("abcd", "abcd")]
)
def test_pin_is_four_to_six_digits_typed_twice(app, codes, pin, again):
    client = app.test_client()
    sittings.walk_in(client, codes[0][0])

    assert client.post("/pin", data={"pin": pin, "again": again}).status_code == 422


def test_pin_needs_a_slip_whose_owner_has_shown_to_be_that(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    finder = app.test_client()
    finder.get(f"/i/{token}")

    assert finder.get("/pin").location == "/i"
    assert finder.post("/pin", data={"pin": "0000", "again": "0000"}).location == "/i"
    assert "老师来找你" not in _word(app, code, "0000")


def test_nothing_rests_in_the_browser_and_the_pin_only_as_a_hash(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    client = app.test_client()

    page = client.post("/word", data={"code": code, "pin": PIN})

    assert page.headers["Cache-Control"] == "no-store"
    assert code not in page.text
    assert PIN not in page.text
    assert client.get_cookie("sitting") is None
    with app.app_context():
        stored = db.session.execute(db.text("SELECT pin_hash FROM slip_pins")).scalar_one()
        assert stored.startswith("$argon2id$")


def test_pages_before_and_after_are_the_same_with_and_without_a_pin(app, codes):
    (one, _), (other, _) = codes
    with app.app_context():
        site = db.session.query(Invitation).first().site.public_id

    def pages(token, pin):
        _answer_and_leave(app, token, pin=pin)
        client = app.test_client()
        return [TOKEN.sub(r"\1", client.get(page).text) for page in (f"/thanks/{site}", "/word")]

    assert pages(one, PIN) == pages(other, "")


def test_word_of_the_counsellor_waits_behind_the_pin(app, codes, as_):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    with app.app_context():
        begin_write()
        entry = db.session.query(QueueEntry).one()
        address, site = f"/queue/{entry.public_id}/word", entry.site
        elsewhere = people.site()
        db.session.commit()
        db.session.refresh(elsewhere)
        db.session.refresh(site)
    bob, charlie = as_(Role.COUNSELLOR, site=site), as_(Role.COUNSELLOR, site=elsewhere)
    said = {"phrase": "coming_at_break", "day": "2026-10-14"}

    assert charlie.post(address, data=said).status_code == 404
    assert bob.post(address, data=said | {"day": "2026-10-11"}).status_code == 422
    assert bob.post(address, data=said).status_code == 303

    assert "我看到了，周三（10月14日）大课间来找你，不用担心。" in _word(app, code)
    assert "大课间" not in _word(app, code, "1111")


def test_new_sentence_takes_the_place_of_the_apology(app, codes, as_, fixed_clock):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=3)
    with app.app_context():
        entry = db.session.query(QueueEntry).one()
        address, site = f"/queue/{entry.public_id}/word", entry.site

    with fixed_clock(NOW + timedelta(days=1)):
        said = {"phrase": "coming_at_noon", "day": "2026-10-14"}
        as_(Role.COUNSELLOR, site=site).post(address, data=said)
        page = _word(app, code)

    assert "周三（10月14日）中午来找你" in page
    assert "对不起" not in page


def test_settled_wish_reads_as_talked(app, codes):
    (token, code), _ = codes
    _answer_and_leave(app, token, talk=2)
    with app.app_context():
        begin_write()
        entry = db.session.query(QueueEntry).one()
        entry.state, entry.settled_at = EntryState.SETTLED, clock.now()
        db.session.commit()

    assert "你已经和老师聊过了" in _word(app, code)

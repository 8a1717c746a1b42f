"""Codes are not guessed, and guessing shuts out nobody who holds a slip (P23, P25)."""

import re
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.assessments.models import EntryMiss
from app.assessments.service import doors
from app.campaigns.service import close_campaign
from app.platform import ids
from app.platform.db import db
from tests.conftest import NOW
from tests.factories import assessments as sittings

SCHOOL, ELSEWHERE = "203.0.113.7", "198.51.100.9"
CSRF = re.compile(r'(name="csrf_token" value=")[^"]*')


def _wrong(code):
    """A slip of the finger: one sign of the code is another."""
    other = "2" if code[3] != "2" else "3"
    return code[:3] + other + code[4:]


def _guess(address=SCHOOL):
    try:
        return doors.find_slip(code=ids.new_code(), address=address)
    except doors.TooManyMissesError:
        return "wait"


def test_a_day_of_guessing_from_a_hundred_addresses_finds_nothing():
    windows = timedelta(days=1) / doors.MISS_WINDOW
    tries = windows * (100 * doors.MAX_MISSES + doors.MAX_MISSES_IN_ALL)
    chance = tries * 2_000 / len(ids.CODE_ALPHABET) ** ids.CODE_LENGTH

    assert windows * doors.MAX_MISSES == 14_400
    assert chance < 0.01


@pytest.mark.usefixtures("in_app")
def test_limiter_lets_one_address_try_a_hundred_codes_in_ten_minutes(fixed_clock):
    tried = 0
    for second in range(0, 3_600, 12):
        with fixed_clock(NOW + timedelta(seconds=second)):
            tried += sum(_guess() != "wait" for _ in range(5))

    assert tried == doors.MAX_MISSES  # who does not stop is not let off


@pytest.mark.usefixtures("in_app")
def test_class_of_sixty_behind_one_address_mistypes_and_gets_in():
    first = sittings.invited()
    slips = [first, *(sittings.classmate_of(first) for _ in range(59))]

    found = []
    for number, slip in enumerate(slips):
        if number % 10 == 0:  # one in ten, three times each
            for _ in range(3):
                assert doors.find_slip(code=_wrong(slip.code), address=SCHOOL) is None
        found.append(doors.find_slip(code=slip.code.lower(), address=SCHOOL))

    assert found == slips


@pytest.mark.usefixtures("in_app")
def test_guesser_in_the_class_shuts_out_nobody_who_holds_a_slip():
    slip = sittings.invited()
    while _guess() != "wait":
        pass

    assert [_guess() for _ in range(9)] == ["wait"] * 9
    assert doors.find_slip(code=slip.code, address=SCHOOL) is slip
    assert doors.find_slip(token=slip.token, address=SCHOOL) is slip


@pytest.mark.usefixtures("in_app")
def test_guessing_without_end_waits_where_it_comes_from_and_nowhere_else(monkeypatch):
    monkeypatch.setattr(doors, "MAX_MISSES_IN_ALL", doors.MAX_MISSES + 9)
    slip = sittings.invited()
    for _ in range(doors.MAX_MISSES_IN_ALL + 5):
        _guess()

    assert db.session.query(EntryMiss).count() == doors.MAX_MISSES_IN_ALL
    with pytest.raises(doors.TooManyMissesError):
        doors.find_slip(code=slip.code, address=SCHOOL)
    assert doors.find_slip(token=slip.token, address=SCHOOL) is slip
    assert doors.find_slip(code=slip.code, address=ELSEWHERE) is slip


def test_unknown_ended_and_left_give_the_same_page(app, client, made):
    def ended():
        slip = sittings.invited()
        close_campaign(actor=OPERATOR, campaign=slip.campaign)
        return slip

    def left():
        slip = sittings.invited()
        slip.student.left_at = NOW
        return slip

    codes = [ids.new_code(), made(ended, "code"), made(left, "code")]
    pages = [client.post("/i", data={"code": code}) for code in codes]

    assert {page.status_code for page in pages} == {422}
    assert len({CSRF.sub(r"\1", page.text) for page in pages}) == 1

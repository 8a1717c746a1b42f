"""A word for the student on somebody else's phone: read, left, and nothing of it stays."""

from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Error, expect

from app.access.permissions import Role
from app.assessments.service.pins import hash_pin, set_pin
from app.cases.domain.student_words import Phrase
from app.cases.service.student_words import leave_word
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.e2e.desk import PHONE, Visit
from tests.factories import assessments, people

PIN = "4821"
SENTENCE = "大课间来找你"


@pytest.fixture
def code(live_app: Flask) -> str:
    """The code of a slip with a PIN, and a word behind both."""
    with live_app.app_context():
        begin_write()
        with clock.frozen(NOW):
            slip = assessments.invited()
        set_pin(invitation=slip, pin_hash=hash_pin(pin=PIN, again=PIN))
        bob = people.user(Role.COUNSELLOR, slip.site_id)
        leave_word(
            actor=actor_of(bob, Role.COUNSELLOR),
            student=slip.student,
            phrase=Phrase.COMING_AT_BREAK,
            day=clock.today() + timedelta(days=1),
        )
        found = slip.code
        db.session.commit()
    return found


def test_word_is_read_and_leaves_nothing_in_the_browser(open_page: Visit, code: str) -> None:
    page = open_page(**PHONE)
    page.goto("/word")
    page.fill("#code", code.lower())
    page.fill("#pin", PIN)
    page.tap(".button--primary")
    page.wait_for_selector(f"text={SENTENCE}")

    page.goto("/help")
    with suppress(Error):  # Chromium asks before it would send the form again
        page.go_back(timeout=5_000)
    page.wait_for_load_state()
    expect(page.get_by_text(SENTENCE)).to_have_count(0)
    page.goto("/word")
    for field in ("#code", "#pin"):
        expect(page.locator(field)).to_have_value("")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"xinqiao", "lang"}

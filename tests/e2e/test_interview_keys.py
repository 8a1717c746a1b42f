"""An interview keyed in at the desk: by keys alone, in time, and not lost with the browser."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from app.cases.models import Contact, InterviewRecord
from app.people.service.logins import hash_password
from app.platform.db import db
from tests.integration.cases import interview_world
from tests.integration.cases.interview_world import World

PASSWORD = "correct horse battery"
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}

#: Card, Moran and Newell (1980), the keystroke-level model: an average typist's key takes 0.28 s, a
#: thought before an answer 1.35 s. A Chinese character is counted as three keys of pinyin.
KEY, THOUGHT, KEYS_A_CHARACTER = 0.28, 1.35, 3
MOST_SECONDS = 240


class Keyboard:
    """Presses keys as a person does, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.answers = 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def choose(self, *numbers: int) -> None:
        """Answer a question by its options' numbers; several are ended with Enter."""
        self.answers += 1
        self.press(*map(str, numbers))

    def say(self, words: str) -> None:
        """Type some words."""
        self.answers += 1
        self.page.keyboard.type(words)
        self.keys += KEYS_A_CHARACTER * len(words)

    @property
    def seconds(self) -> float:
        """How long an average typist needs for it."""
        return self.keys * KEY + self.answers * THOUGHT


@pytest.fixture
def world(live_app: Flask) -> World:
    world = interview_world.build(
        live_app, counsellor={"login": "lin", "password_hash": hash_password(PASSWORD)}
    )
    return world


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[[], Page]]:
    """A browser of its own with a page that is logged in."""
    contexts: list[BrowserContext] = []

    def log_in() -> Page:
        contexts.append(browser.new_context(base_url=address, **DESK))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        page.goto("/login")
        page.fill("#login", "lin")
        page.fill("#password", PASSWORD)
        page.click("form .button--primary")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield log_in
    for context in contexts:
        context.close()


def test_whole_interview_is_keyed_in_and_signed_within_four_minutes(visit, world, live_app):
    page = visit()
    page.goto(world.path)
    hands = Keyboard(page)

    hands.say("上课时哭了，同桌陪来")
    hands.press("Tab")
    hands.choose(2)  # thoughts: in the last month
    hands.say("“不想醒来”")
    hands.press("Tab")
    for option in (1, 1, 1):  # no plan, no means, nothing earlier
        hands.choose(option)
        hands.press("Tab")
    hands.choose(1, 2)
    hands.press("Enter")
    hands.say("月考后和父亲吵架")
    hands.press("Tab")
    hands.choose(1)  # afraid of nobody at home
    hands.press("Tab")
    hands.choose(1, 5)
    hands.press("Enter")
    hands.say("母亲，同桌")
    hands.press("Tab")
    hands.say("妹妹和小狗")
    hands.press("Tab")
    hands.say("跑步，画画")
    hands.press("Tab")
    hands.choose(4, 5, 6)
    hands.press("Enter")
    hands.say("母亲今晚陪")
    hands.press("Tab")
    hands.choose(3)
    hands.say("愿意再来")
    hands.press("Tab")
    hands.choose(1, 2)
    hands.press("Control+Enter")
    page.wait_for_url("**/interview/note")
    for _field in ("note", "how", "when"):  # the note stands, the meeting was in person just now
        hands.press("Tab")
    page.locator("#next_on").focus()
    page.keyboard.type("")
    sign_by_keys(page, hands)
    page.wait_for_url("**/interviews/*")

    with live_app.app_context():
        record = db.session.query(InterviewRecord).one()
        contact = db.session.query(Contact).one()
        assert record.answers["thoughts"] == 1
        assert record.answers["triggers"] == [1, 2]
        assert record.answers["safety"] == [4, 5, 6]
        assert record.answers["decision"] == 3
        assert record.answers["told_words"].count("\n") == 1
        assert "月考后和父亲吵架" in contact.note
    print(f"{hands.keys} keys, {hands.answers} answers, {hands.seconds:.0f} s")
    assert hands.seconds < MOST_SECONDS

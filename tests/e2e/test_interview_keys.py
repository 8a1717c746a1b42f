"""An interview keyed in at the desk: by keys alone, in time, and not lost with the browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.cases.models import Contact, InterviewDraft, InterviewRecord
from app.people.service.logins import hash_password
from app.platform import clock
from app.platform.db import db
from tests.e2e.desk import DESK, PASSWORD, SHANGHAI, Visit, log_in
from tests.e2e.phones import wait_for
from tests.integration.cases import interview_world
from tests.integration.cases.interview_world import World

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

    def choose(self, numbers: str) -> None:
        """Answer by the numbers of options, or the digits of a date."""
        self.answers += 1
        self.press(*numbers)

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
    return interview_world.build(
        live_app, counsellor={"login": "lin", "password_hash": hash_password(PASSWORD)}
    )


@pytest.fixture
def visit(open_page: Visit) -> Callable[..., Page]:
    """A browser of its own with a page that is logged in."""
    return lambda **chosen: log_in(open_page(**DESK | chosen), "lin")


def test_whole_interview_is_keyed_in_and_signed_within_four_minutes(visit, world, live_app):
    next_week = clock.now().astimezone(SHANGHAI).date() + timedelta(days=7)
    page = visit()
    begin(page, world)
    hands = Keyboard(page)

    key_in(hands)
    page.wait_for_url("**/interview/note")
    hands.press("Tab")  # the note stands as it was made
    hands.choose(f"{next_week:%m%d%Y}")  # this browser asks for month, day, year
    expect(page.locator("#next_on")).to_have_value(f"{next_week:%Y-%m-%d}")
    hands.press("Control+Enter")
    page.wait_for_url("**/interview-records/*")

    with live_app.app_context():
        answers = db.session.query(InterviewRecord).one().answers
        note = db.session.query(Contact).one().note
    chosen = {code: answers[code] for code in ("thoughts", "plan", "means", "past", "decision")}
    assert chosen == {"thoughts": 1, "plan": 0, "means": 0, "past": 0, "decision": 3}
    assert (answers["triggers"], answers["safety"]) == ([1, 2], [4, 5, 6])
    assert [line.split()[0] for line in answers["told_words"].splitlines()] == ["监护人", "班主任"]
    assert all(words in note for words in ("月考后和父亲吵架", "母亲今晚陪", "愿意再来"))
    assert hands.seconds < MOST_SECONDS, f"{hands.keys} keys, {hands.answers} answers"


def begin(page: Page, world: World) -> None:
    """The first field waits for words by itself."""
    page.goto(world.path)
    page.wait_for_function("document.activeElement.id === 'occasion'")


def key_in(hands: Keyboard) -> None:
    """Everything from the occasion to who was told, as in a talk where nothing is acute."""
    hands.say("上课时哭了，同桌陪来")
    hands.press("Tab")
    hands.choose("2")
    hands.say("“不想醒来”")
    hands.press("Tab")
    for _question in ("plan", "means", "past"):
        hands.choose("1")
        hands.press("Tab")
    hands.choose("12")
    hands.press("Enter")
    hands.say("月考后和父亲吵架")
    hands.press("Tab")
    hands.choose("1")
    hands.press("Tab")
    hands.choose("15")
    hands.press("Enter")
    for words in ("母亲，同桌", "妹妹和小狗", "跑步，画画"):
        hands.say(words)
        hands.press("Tab")
    hands.choose("456")
    hands.press("Enter")
    hands.say("母亲今晚陪")
    hands.press("Tab")
    hands.choose("3")
    hands.say("愿意再来")
    hands.press("Tab")
    hands.choose("12")
    hands.press("Control+Enter")


def test_interview_goes_on_where_a_killed_browser_left_it(visit, world, live_app):
    first = visit()
    begin(first, world)
    first.keyboard.type("上课时哭了")
    first.keyboard.press("Tab")
    first.keyboard.press("2")
    first.keyboard.type("不想醒来")
    with live_app.app_context():
        wait_for(lambda: kept().get("thoughts_words") == "不想醒来")
    first.context.close()

    second = visit()
    second.goto(f"/cases/{world.case.public_id}")
    second.click(".papers-state .notice a")

    expect(second.locator("#occasion")).to_have_value("上课时哭了")
    expect(second.locator("#thoughts_words")).to_have_value("不想醒来")
    expect(second.locator("[name=thoughts][value='1']")).to_be_checked()


def test_words_that_could_not_leave_with_the_page_are_tried_again(visit, world, live_app):
    page = visit()
    begin(page, world)
    page.route("**/interview/draft*", lambda route: route.abort())
    page.keyboard.type("上课时哭了")
    expect(page.locator("[data-kept]")).to_have_text(re.compile("没有|未"))

    with page.expect_event("requestfailed"):
        page.evaluate(HIDE)
    page.unroute("**/interview/draft*")

    with live_app.app_context():
        wait_for(lambda: kept().get("occasion") == "上课时哭了")


#: Another tab is looked at.
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_interview_needs_no_script(visit, world):
    page = visit(java_script_enabled=False)
    page.goto(world.path)
    for name, value in (("thoughts", 0), ("plan", 0), ("means", 0), ("past", 0), ("decision", 4)):
        page.check(f"[name={name}][value='{value}']")

    page.click(".talk__end .button--primary")
    page.wait_for_url("**/interview/note")

    expect(page.locator("#note")).to_have_value(re.compile("不想活的念头：没有"))


def kept() -> dict:
    """What the draft holds now."""
    db.session.rollback()
    draft = db.session.query(InterviewDraft).first()
    return draft.answers if draft else {}

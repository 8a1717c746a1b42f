"""A questionnaire from the first line to the first score: written, mended, reviewed, answered."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.campaigns.service import create_battery
from app.people.service.logins import hash_password
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import ScaleScore
from tests.e2e.desk import DESK, PASSWORD, log_in
from tests.e2e.phones import PHONE, finish, shows, tap, wait_for, walk_in
from tests.factories import campaigns, people
from tests.factories.assessments import BIRTHDAY

TITLE = "睡眠小问卷"
#: A fault of the first line, in the list beside the text.
TOLD = "[data-problems] [data-line='1']"


@pytest.fixture
def _desks(live_app: Flask) -> None:
    with live_app.app_context():
        begin_write()
        for role in (Role.AUTHOR, Role.REVIEWER):
            people.user(role, login=role.value, password_hash=hash_password(PASSWORD))
        db.session.commit()


@pytest.mark.usefixtures("_desks")
def test_a_new_questionnaire_is_written_reviewed_answered_and_scored(
    open_page, live_app: Flask
) -> None:
    author = log_in(open_page(**DESK), "author")
    draft = _write(author)
    reviewer = log_in(open_page(**DESK), "reviewer")
    _publish(reviewer, draft)
    slip = _put_to_use(live_app)

    student = open_page(**PHONE)
    walk_in(student, slip)
    for item, option in (("my_scale.q1", 0), ("my_scale.q2", 2)):
        shows(student, item)
        student.wait_for_timeout(320)
        tap(student, item, option)
    finish(student)

    wait_for(lambda: _scores(live_app) == [("total", 4.0)])
    assert author.complaints + reviewer.complaints + student.complaints == []


@pytest.mark.usefixtures("_desks")
def test_what_keeps_a_check_from_coming_is_said_until_one_comes(open_page) -> None:
    page = log_in(open_page(**DESK), "author")
    page.goto("/instruments/drafts/new")
    page.fill("#title", TITLE)
    page.click("form.card button")
    phone, trouble = page.frame_locator("[data-phone]"), page.locator("[data-trouble]")
    expect(phone.locator(".item__text")).to_contain_text("我睡得好", timeout=30_000)
    phone.get_by_role("button", name="我想找人聊聊").click()
    expect(phone.get_by_role("status")).to_contain_text("这是预览", timeout=30_000)

    for answer, words in (
        (lambda route: route.abort(), "网络断开了"),
        (lambda route: route.fulfill(status=413), "内容太长"),
    ):
        page.route("**/check", answer)
        page.locator(".cm-content").first.press("Control+Home")
        page.keyboard.insert_text("# 一\n")
        expect(trouble).to_contain_text(words, timeout=30_000)
        page.unroute("**/check")
    page.keyboard.insert_text("# 二\n")
    expect(trouble).to_be_hidden(timeout=30_000)


def _write(page: Page) -> str:
    """Begin with the blank file, make a mistake, see it at its line, mend it and hand it in."""
    page.goto("/instruments/drafts/new")
    page.fill("#title", TITLE)
    page.fill("#licence_proof", "本校自编")
    page.click("form.card button")
    page.locator(".cm-content").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("citaton: ours\n")
    page.wait_for_selector(TOLD)
    expect(page.locator("[data-problems]")).to_contain_text("citation")

    page.locator(".cm-content").first.press("Control+End")
    page.click(TOLD)
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    page.wait_for_selector(TOLD, state="detached")
    phone = page.frame_locator("[data-phone]")
    expect(phone.locator(".item__text")).to_contain_text("我睡得好", timeout=30_000)
    page.click("[data-author] .button--primary")
    page.wait_for_selector(".flashes .notice--success")
    page.click("nav.tabs a[href$='/review']")
    page.click("form[action$='/submit'] button")
    page.wait_for_selector("form[action$='/take-back']")
    return page.url


def _publish(page: Page, draft: str) -> None:
    page.goto(draft)
    page.click("form[action$='/publish'] button")
    page.wait_for_url("**/instruments/my_scale")
    expect(page.locator("h1")).to_contain_text(TITLE)


def _put_to_use(app: Flask) -> str:
    """A battery of it, a running campaign, and a student's slip."""
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site(), grade=10)
        student = people.student(cohort, birth_date=BIRTHDAY)
        battery = create_battery(
            actor=OPERATOR,
            code="sleep",
            title_zh="睡眠",
            title_en="Sleep",
            instrument_codes=["my_scale"],
        )
        today = clock.today()
        running = campaigns.running(
            cohort, battery=battery, opens_on=today, closes_on=today + timedelta(days=14)
        )
        token = campaigns.invitation(running, student).token
        db.session.commit()
    return token


def _scores(app: Flask) -> list[tuple[str, float | None]]:
    with app.app_context():
        return [(row.scale, row.score) for row in db.session.scalars(select(ScaleScore))]

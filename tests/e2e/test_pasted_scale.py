"""A scale pasted from Excel: understood, completed, a checked draft; then answered and scored."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import Mode
from app.assessments.service import assent, start, submit
from app.authoring.models import InstrumentDraft
from app.authoring.service import publish_draft, submit_draft
from app.campaigns.service import create_battery
from app.people.service.logins import actor_of, hash_password
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import ScaleScore
from tests.e2e.desk import DESK, PASSWORD, log_in
from tests.factories import campaigns, people
from tests.factories.assessments import BIRTHDAY, answers
from tests.unit.authoring.paste.shapes import SHAPES, as_xlsx

COMPLETED = {
    "student_title_zh": "遇到难处的时候",
    "code": "hard_times",
    "age_from": "12",
    "citation": "某某 2020. 占位量表.",
    "holder": "某某大学",
    "granted_by": "某某教授",
    "granted_on": "2026-03-01",
    "reference": "邮件 2026-03-01",
}


@pytest.fixture
def _author(live_app: Flask) -> None:
    with live_app.app_context():
        begin_write()
        people.user(Role.AUTHOR, login="author", password_hash=hash_password(PASSWORD))
        db.session.commit()


@pytest.mark.usefixtures("_author")
def test_a_scale_pasted_from_excel_becomes_a_draft_and_is_answered_and_scored(
    open_page, live_app: Flask
) -> None:
    author = log_in(open_page(**DESK), "author")
    _paste(author)

    _complete(author)
    author.wait_for_url("**/instruments/drafts/*")
    expect(author.locator("[data-problems]")).to_be_attached()
    expect(author.locator("[data-problems] [data-line]")).to_have_count(0)

    assert author.complaints == []
    assert _answered_and_scored(live_app) == [("total", 30.0)]


def _paste(page: Page) -> None:
    file = {"name": "韧性.xlsx", "mimeType": "", "buffer": as_xlsx(SHAPES["brs"]())}
    page.goto("/instruments/drafts/paste")
    page.set_input_files("#file", file)
    page.click("form.card .button--primary")
    understood = page.locator("#understood")
    for said in ("6 题", "5 个选项", "反向计分：2、4、6"):
        expect(understood).to_contain_text(said)
    totals = "6 题，5 个选项，分数 6 到 30，反向计分 3 题"
    expect(page.locator("[data-totals]")).to_contain_text(totals)
    expect(page.locator("[data-totals]")).to_be_visible()


def _complete(page: Page) -> None:
    for name, value in COMPLETED.items():
        page.fill(f"#{name}", value)
    page.select_option("#missing", "refuse")
    page.click("form[data-starter] .button--primary")


def _answered_and_scored(app: Flask) -> list[tuple[str, float | None]]:
    """Reviewed and published by a second person, put into a battery, answered as high as can be."""
    with app.app_context():
        begin_write()
        draft = db.session.scalars(select(InstrumentDraft)).one()
        author = actor_of(draft.author, Role.AUTHOR)
        submit_draft(actor=author, draft=draft, revision=1)
        reviewer = actor_of(people.user(Role.REVIEWER), Role.REVIEWER)
        publish_draft(actor=reviewer, draft=draft, revision=1)
        cohort = people.cohort(people.site(), grade=10)
        student = people.student(cohort, birth_date=BIRTHDAY)
        battery = create_battery(
            actor=OPERATOR,
            code="hard",
            title_zh="难处",
            title_en="Hard",
            instrument_codes=["hard_times"],
        )
        today = clock.today()
        running = campaigns.running(
            cohort, battery=battery, opens_on=today, closes_on=today + timedelta(days=14)
        )
        invitation = campaigns.invitation(running, student)
        sitting, _ = start(invitation=invitation, mode=Mode.PHONE, locale="zh_Hans")
        assent(assessment=sitting)
        chosen = {f"q{n}": 1 if n in (2, 4, 6) else 5 for n in range(1, 7)}
        submit(assessment=sitting, answers=answers("hard_times", chosen))
        db.session.commit()
        return [(row.scale, row.score) for row in db.session.scalars(select(ScaleScore))]

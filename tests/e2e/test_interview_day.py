"""A day of thirty interviews, as a counsellor lives it: plan, place, print, mark, and the rest."""

import io
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access.permissions import Role
from app.appointments.domain.appointments import AppointmentState, Origin
from app.appointments.models import Appointment
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.people.models import Student
from app.people.service.logins import hash_password
from app.platform import clock
from app.platform.db import begin_write, db
from app.platform.pdf import available
from tests.e2e.desk import PASSWORD, Visit, log_in
from tests.factories import appointments as make
from tests.factories import campaigns, people

FLAGGED, DRAWN = 22, 8
TELLING = re.compile(r"心理|咨询|辅导|测评|筛查|关注|随机|健康|危机|情绪|抑郁|PHQ", re.IGNORECASE)
FRIDAY = 4


@pytest.fixture
def day(live_app: Flask) -> date:
    """The next weekday; two counsellors are on duty on it, and twenty-two students wait."""
    with live_app.app_context():
        begin_write()
        on = clock.today() + timedelta(days=1)
        while on.weekday() > FRIDAY:
            on += timedelta(days=1)
        site = people.site(code="qinghe", name="青禾中学", counselling_room="致远楼 203")
        cohorts = [people.cohort(site, name=f"高一（{n}）班", grade=10) for n in (1, 2)]
        for seat in range(40):
            people.student(cohorts[seat % 2], name=f"同学{'甲乙丙丁'[seat % 4]}{seat:02}")
        password = hash_password(PASSWORD)
        lin, lu = (
            people.user(Role.COUNSELLOR, site.id, login=login, password_hash=password)
            for login in ("lin", "lu")
        )
        for user in (lin, lu):
            make.duty(site, user, on)
        campaign = campaigns.running(
            *cohorts,
            battery=campaigns.battery("phq9"),
            opens_on=clock.today() - timedelta(days=1),
            closes_on=clock.today() + timedelta(days=14),
        )
        world = make.World(site, cohorts, campaign, lin)
        waiting = [s for cohort in cohorts for s in make.students_of(cohort)[: FLAGGED // 2]]
        for student in waiting:
            # However late it is today: their time must not end before the interviews do.
            make.waits(world, student).due_at = clock.now() + timedelta(days=7)
        db.session.commit()
    return on


def test_a_day_of_thirty_interviews(
    open_page: Visit, live_app: Flask, day: date, tmp_path: Path
) -> None:
    page = log_in(open_page(), "lin")

    plan(page, day)
    place(page)
    slips = print_slips(page, live_app, tmp_path)
    names = invited(live_app)
    assert {name: slips.count(name) for name in names} == dict.fromkeys(names, 1)
    assert TELLING.findall(slips) == []
    missing = mark(page)

    assert states(live_app) == {AppointmentState.ATTENDED: 28, AppointmentState.NO_SHOW: 2}
    page.goto("/queue?whose=unclaimed")
    for name in missing:
        expect(page.locator("table.queue", has_text=name).first).to_be_visible()
    with live_app.app_context():
        back = db.session.query(QueueEntry).join(Student).all()
        found = {each.student.name for each in back if each.state is EntryState.WAITING}
        assert set(missing) <= found


def plan(page: Page, day: date) -> None:
    page.goto("/interviews")
    page.fill("#on", day.isoformat())
    page.fill("#rooms", "致远楼 203\n致远楼 205")
    page.select_option("#random_every", "4")
    page.click("#plan .button--primary")
    page.wait_for_url(re.compile(r"/interviews/[\w-]{20,}"))
    expect(page.locator("table.grid thead th")).to_have_count(3)


def place(page: Page) -> None:
    """Look first, then one click."""
    page.click("a[href$='/place']")
    page.wait_for_url("**/place")
    expect(page.locator("main")).to_contain_text(f"将邀请 {FLAGGED + DRAWN} 名学生")
    page.click("form .button--primary")
    page.wait_for_url(re.compile(r"/interviews/[\w-]{20,}$"))
    expect(page.locator(".grid__marks")).to_have_count(FLAGGED + DRAWN)


def print_slips(page: Page, app: Flask, folder: Path) -> str:
    """The text of the sheets; without the engine, of the page that would be printed."""
    link = page.locator("a[href$='/slips.pdf']").get_attribute("href")
    if not (state := available()) or not shutil.which("pdftotext"):
        pytest.skip(getattr(state, "reason", "pdftotext is not installed"))
    answer = page.request.get(str(link))
    assert answer.headers["content-type"] == "application/pdf"
    file = folder / "slips.pdf"
    file.write_bytes(io.BytesIO(answer.body()).read())
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def invited(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(Appointment).all()
        assert sum(row.origin is Origin.RANDOM for row in rows) == DRAWN
        return [row.student.name for row in rows]


def mark(page: Page) -> list[str]:
    """The first two who were in the queue do not come, everybody else does."""
    missing = page.locator(".grid__name a").all_inner_texts()[:2]
    for name in missing:
        with page.expect_navigation():
            page.click(f"button[aria-label='{name}没有来']")
    while (
        button := page.locator(
            ".grid__marks:has(button[formaction$='/no-show']) button[formaction$='/attended']"
        )
    ).count():
        with page.expect_navigation():
            button.first.click()
    return missing


def states(app: Flask) -> dict[AppointmentState, int]:
    with app.app_context():
        found = [row.state for row in db.session.query(Appointment).all()]
    return {state: found.count(state) for state in set(found)}

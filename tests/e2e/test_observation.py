"""A teacher in the corridor: from opening the page on a phone to the counsellor, under a minute."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access.permissions import Role
from app.observations.models import ObservationReport
from app.people.service.logins import hash_password
from app.platform.db import begin_write, db
from tests.e2e import desk
from tests.e2e.desk import DESK, PASSWORD, Visit
from tests.factories import people

PHONE = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
}
#: A person needs about four seconds to find and tap a thing, which leaves half of the minute to the
#: line and the server; how fast those are is measured in `benchmarks/`.
TAPS = 7
NAMES = ["欧阳若翀", "林䶮", *(f"学生{n:02}" for n in range(38))]


@pytest.fixture
def school(live_app: Flask) -> None:
    """A class of forty with its teacher, and the school's counsellor."""
    with live_app.app_context():
        begin_write()
        site = people.site(name="青禾中学")
        cohort = people.cohort(site, name="初二（1）班")
        for name in NAMES:
            people.student(cohort, name=name)
        secret = hash_password(PASSWORD)
        people.user(Role.CLASS_TEACHER, None, cohort.id, login="teacher", password_hash=secret)
        people.user(Role.COUNSELLOR, site.id, login="counsellor", password_hash=secret)
        db.session.commit()


@pytest.fixture
def log_in(open_page: Visit) -> Callable[..., Page]:
    """A device with a person logged in: `log_in("teacher", **PHONE)`."""
    return lambda login, **device: desk.log_in(open_page(**device), login)


@pytest.mark.usefixtures("school")
def test_teacher_reports_in_under_a_minute_and_the_counsellor_sees_it(
    log_in, live_app: Flask
) -> None:
    phone, taps = log_in("teacher", **PHONE), 0
    desk = log_in("counsellor", **DESK)
    expect(desk.locator("main")).not_to_contain_text("欧阳若翀")

    phone.goto("/observations/new")
    phone.tap("#student")
    phone.select_option("#student", label="欧阳若翀")
    taps += 2
    for sign in ("上课打瞌睡", "不再和朋友来往", "不交作业"):
        phone.tap(f"label.tick:has-text('{sign}')")
        taps += 1
    phone.tap("label.tick:has-text('这周')")
    phone.tap(".report__send", no_wait_after=True)
    taps += 2
    phone.wait_for_selector("text=心理老师会在")

    assert taps == TAPS
    desk.goto("/queue")
    desk.click("text=欧阳若翀")
    desk.wait_for_selector("text=不再和朋友来往")
    desk.wait_for_load_state()
    expect(desk.locator("main")).not_to_contain_text("从什么时候")
    with live_app.app_context():
        assert len(db.session.scalars(select(ObservationReport)).all()) == 1


@pytest.mark.usefixtures("school")
def test_page_fits_the_smallest_phone_and_every_row_is_a_thumb_high(log_in) -> None:
    phone = log_in("teacher", **PHONE | {"viewport": {"width": 320, "height": 568}})
    phone.goto("/observations/new")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    heights = phone.eval_on_selector_all(
        ".tick, .report__send", "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


@pytest.mark.usefixtures("school")
def test_pressed_twice_on_a_slow_line_is_one_report(log_in, live_app: Flask) -> None:
    phone = log_in("teacher", **PHONE)
    phone.goto("/observations/new")
    phone.select_option("#student", label="林䶮")
    phone.tap("label.tick:has-text('上课打瞌睡')")
    phone.tap("label.tick:has-text('今天')")

    phone.dblclick(".report__send", no_wait_after=True)
    phone.wait_for_selector("text=心理老师会在")

    with live_app.app_context():
        assert len(db.session.scalars(select(ObservationReport)).all()) == 1

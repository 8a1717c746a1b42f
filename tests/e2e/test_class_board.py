"""The class board in a real browser: it follows the class by itself, from signs of the devices."""

import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.access.permissions import Role
from app.assessments.models import Assessment
from app.campaigns.models import Invitation
from app.platform import clock
from app.platform.db import begin_write, db
from tests.e2e.phones import PATIENCE, cut_line, mend_line
from tests.factories import assessments as sittings
from tests.factories import campaigns, people


@pytest.fixture
def lesson(live_app):
    """A class of sixty with slips for a campaign that runs today, and a proctor's log-in."""
    with live_app.app_context():
        begin_write()
        cohort = people.cohort(people.site(name="青禾中学"), grade=10)
        students = [
            people.student(cohort, birth_date=sittings.BIRTHDAY, name=f"学生{n}", position=n)
            for n in range(1, 61)
        ]
        today = clock.today()
        campaign = campaigns.running(
            cohort,
            battery=campaigns.battery("phq9"),
            opens_on=today,
            closes_on=today + timedelta(days=14),
        )
        found = {
            "at": f"/campaigns/{campaign.public_id}/classes/{cohort.public_id}",
            "slip": campaigns.invitation(campaign, students[0]).token,
            "ticket": people.logged_in(role=Role.PROCTOR, site_id=cohort.site_id, cohort_id=None),
        }
        db.session.commit()
    return found


@pytest.fixture
def page(live_app, open_page, address, lesson):
    """A browser that holds the proctor's log-in."""
    signer = live_app.session_interface.get_signing_serializer(live_app)
    found = open_page()
    value = signer.dumps({"ticket": lesson["ticket"]})
    found.context.add_cookies([{"name": "xinqiao", "value": value, "url": address}])
    return found


def test_board_follows_the_class_by_itself(live_app, page, open_page, lesson):
    phone = open_page()
    page.goto(f"{lesson['at']}/board")
    expect(page.locator(".place").first).to_contain_text("还没开始")

    phone.goto(f"/i/{lesson['slip']}")
    phone.fill("#said", "20100520")
    phone.click("[name=next]")
    phone.click("[value=school]")
    phone.click("[name=next]")
    phone.wait_for_url("**/s/1")
    with phone.expect_response("**/s/beat") as beat:
        pass
    assert beat.value.status == 204
    page.locator(".place", has_text="正在作答").wait_for()

    phone.click("[value=help]")
    with phone.expect_response("**/s/beat") as beat:
        pass
    assert beat.value.status == 204
    page.wait_for_selector(".board-urgent >> text=学生1")
    with page.expect_navigation():
        page.click(".board-urgent button")
    expect(page.locator(".board-urgent")).to_have_count(0)
    with live_app.app_context():
        assert db.session.query(Assessment).one().heard_at is not None
        wanting = Invitation.help_wanted_at.is_not(None)
        assert db.session.query(Invitation).filter(wanting).count() == 0


def test_board_says_when_it_stands_still(page, lesson):
    page.clock.install()
    page.goto(f"{lesson['at']}/board")
    stale = page.locator("[data-stale]")
    cut_line(page)
    _until(page, stale.is_visible)
    expect(stale).to_be_visible()

    mend_line(page)
    _until(page, stale.is_hidden)
    expect(stale).to_be_hidden()


def _until(page, is_so):
    """Round by round; a request that fails takes its own time."""
    end = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < end:
        page.clock.run_for(5_000)
        page.wait_for_timeout(100)


def test_pages_of_the_lesson_fit_and_are_accessible(live_app, page, lesson):
    with live_app.app_context():
        begin_write()
        slips = db.session.query(Invitation).order_by(Invitation.id).limit(2).all()
        slips[0].help_wanted_at, slips[1].check_misses = clock.now(), 3
        slips[0].student.name = "Alexandra Wilhelmina Featherstonehaugh-Cholmondeley"
        db.session.commit()
    for path in ("board", "missing"):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{lesson['at']}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found = Axe().run(page).response["violations"]
        assert (wide <= 320, [one["id"] for one in found]) == (True, []), path

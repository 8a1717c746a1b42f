"""One machine of the computer room, two students: the line goes, nothing stays, nothing is lost."""

from collections import Counter
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.assessments.models import Assessment, Response
from app.campaigns.models import Invitation
from app.platform import clock
from app.platform.db import begin_write, db
from tests.e2e.phones import (
    carries,
    cut_line,
    forgets,
    go_back,
    mend_line,
    nothing_is_chosen,
    wait_for,
    walk_in_by_code,
)
from tests.factories import assessments as sittings

MACHINE = {"viewport": {"width": 1024, "height": 768}}
OUTAGE = 20 * 60
ITEMS = [f"phq9.q{number}" for number in range(1, 10)]

#: What this browser keeps of a student, beside what lies sealed.
KEPT = """async () => {
  const page = await caches.open("sitting").then(cache => cache.match("/s"));
  return [localStorage.getItem("sitting"), localStorage.getItem("letters"), page];
}"""


@pytest.fixture
def lesson(live_app, doors):
    """The codes of two classmates, and the room of their class."""
    with live_app.app_context():
        begin_write()
        first, second = db.session.query(Invitation).order_by(Invitation.id)
        found = first.code, second.code, sittings.computer_room(first).token
        db.session.commit()
    return found


def _sit_down(page, room):
    page.goto(f"/room/{room}")
    _is_accessible(page)
    page.fill("#number", "12")
    page.click("[value=take]")
    page.wait_for_selector("text=12 号机位")


def _is_accessible(page):
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found] == []


def _walk_in(page, code):
    walk_in_by_code(page, code)
    _shows(page, ITEMS[0])


def _shows(page, item):
    page.wait_for_selector(f'.stepping [data-name="{item}"]:visible')


def _answer(page, item, key):
    _shows(page, item)
    page.keyboard.press(key)
    page.keyboard.press("Enter")


def _finish(page):
    _shows(page, "closing.message")
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        _answer(page, item, "1")
    page.wait_for_selector("text=谢谢你认真作答")


def _latest(live_app):
    """How long an answer was on its way at most, by the clocks of both."""
    with live_app.app_context():
        return max(row.received_at - row.answered_at for row in db.session.query(Response))


def _states(live_app):
    with live_app.app_context():
        rows = db.session.query(Assessment).order_by(Assessment.id)
        return [(row.state.value, row.seat) for row in rows]


@pytest.fixture
def let_pass(monkeypatch):
    """Time passes for the page and for the server: `let_pass(page, seconds)`."""
    real = clock.now

    def pass_by(page, seconds):
        page.clock.fast_forward(seconds * 1_000)
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(seconds=seconds))

    return pass_by


def test_student_follows_student_at_one_seat(open_page, lesson, rows, live_app, let_pass):
    """The line is gone for twenty minutes between them."""
    first, second, room = lesson
    page = open_page(**MACHINE)
    page.clock.install()
    # The worker, which would send too, has a clock of its own that no test can set.
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    _sit_down(page, room)
    _walk_in(page, first)
    carries(page)
    page.click("[data-step='1']")
    _answer(page, ITEMS[0], "4")
    wait_for(lambda: len(rows()) == 1)
    cut_line(page)
    for item in ITEMS[1:]:
        _answer(page, item, "4")
    _finish(page)
    page.click("[data-next-student]")
    page.wait_for_selector("text=现在网络断了")
    _is_accessible(page)
    forgets(page)
    kept = page.evaluate(KEPT)
    page.reload()  # as a machine that was closed and opened again
    page.wait_for_selector("text=现在网络断了")
    let_pass(page, OUTAGE)
    page.wait_for_selector("text=现在网络断了")
    before = len(rows())
    with page.expect_navigation():  # the door is fetched anew
        mend_line(page)

    _walk_in(page, second)
    wait_for(lambda: len(rows()) == 11)
    assert (kept, before) == ([None] * 3, 1)
    for _ in range(6):
        go_back(page)
        nothing_is_chosen(page)
    page.goto("/s")
    for item in ITEMS:
        _answer(page, item, "1")
    _finish(page)
    wait_for(lambda: _states(live_app) == [("submitted", 12)] * 2)
    page.click("[data-next-student]")
    page.wait_for_selector("text=12 号机位")
    go_back(page)
    page.wait_for_selector("text=下一位同学")
    nothing_is_chosen(page)

    assert Counter(rows()) == Counter(
        [(item[5:], value, False) for item in ITEMS for value in (3, 0)]
        + [("talk", 0, False), ("company", 0, False)] * 2
    )
    assert _latest(live_app) >= timedelta(seconds=OUTAGE)
    assert page.complaints == []


def test_machine_that_cannot_seal_is_not_handed_over_before_the_last_answer_is_stored(
    open_page, lesson, rows, live_app
):
    """Plain HTTP in the school's network: nothing rests on the machine, the page alone has it."""
    first, _, room = lesson
    page = open_page(**MACHINE)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    _sit_down(page, room)
    _walk_in(page, first)
    page.wait_for_selector("[data-thanks]", state="attached")
    for item in ITEMS:
        _answer(page, item, "1")
    wait_for(lambda: len(rows()) == 9)
    page.route("**/s/responses", lambda route: route.abort())  # the server answers, nothing arrives
    _finish(page)
    page.click("[data-next-student]")
    page.wait_for_selector("text=最后几题的答案正在保存")
    before = len(rows())
    page.unroute("**/s/responses")

    page.wait_for_selector("#code")
    assert (before, len(rows()), _states(live_app)) == (9, 11, [("submitted", 12)])

"""What every page offers beside its questions, and that who goes away leaves nothing behind."""

import re
import time
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import expect

from app.assessments.models import Response
from app.platform import clock
from app.platform.db import begin_write, db
from tests.e2e.phones import (
    PHONE,
    carries,
    cut_line,
    finish,
    forgets,
    go_back,
    mend_line,
    nothing_is_chosen,
    shows,
    tap,
    wait_for,
    walk_in,
)
from tests.factories import assessments as sittings
from tests.factories import campaigns, people

CANARY = "不想让别人看到的话"
DUMP = """async () => {
  const found = [document.documentElement.outerHTML, JSON.stringify(localStorage),
    JSON.stringify(sessionStorage), document.cookie];
  document.querySelectorAll("input, textarea").forEach(one => found.push(one.value));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
  }
  return found.join("\\n");
}"""


def _answer_some(page):
    for number in (1, 2, 3):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("4")
        page.keyboard.press("Enter")
    shows(page, "phq9.q4")


def _shows_nothing(page):
    """Neither here nor by Back, reload or the address of a page with answers."""
    addresses = []
    back = partial(go_back, page)
    for go in (lambda: None, page.reload, back, back, lambda: page.goto("/s/1")):
        go()
        nothing_is_chosen(page)
        addresses.append(page.url)
        found = page.evaluate(DUMP)
        assert not re.search(r"<input[^>]* checked", found)
        assert "phq9" not in found
        assert CANARY not in found
    return addresses


def test_leaving_quickly_keeps_the_answers_and_shows_none(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    _answer_some(page)

    page.click("[value=leave]")
    page.wait_for_url("**/pause")

    assert _shows_nothing(page)[-1].endswith("/i")
    wait_for(lambda: rows() == [(f"q{n}", 3, False) for n in (1, 2, 3)])
    assert page.complaints == []


def test_leaving_quickly_needs_no_script(open_page, doors, rows):
    page = open_page(java_script_enabled=False, **PHONE)
    walk_in(page, doors["slip"])
    page.locator('[name="phq9.q1"]').nth(2).check()

    page.click("[value=leave]")
    page.wait_for_url("**/pause")
    go_back(page)
    page.wait_for_url("**/i")

    assert page.url.endswith("/i")
    assert rows() == [("q1", 2, False)]


@pytest.mark.parametrize("is_cut", [False, True], ids=["with-a-line", "without"])
def test_five_idle_minutes_leave_nothing_on_the_page(open_page, doors, rows, is_cut):
    page = open_page(**PHONE)
    page.clock.install()
    walk_in(page, doors["slip"])
    _answer_some(page)
    wait_for(lambda: len(rows()) == 3)
    carries(page)
    if is_cut:
        cut_line(page)

    page.clock.fast_forward("03:00")  # what the test itself takes counts, too
    expect(page.locator("[data-name='phq9.q4']")).to_be_visible()
    page.clock.fast_forward("02:05")
    page.clock.run_for(1000)
    page.wait_for_url("**/pause")
    mend_line(page)

    assert _shows_nothing(page)[-1].endswith("/i")


def test_slip_and_check_lead_back_to_where_it_was_left(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    _answer_some(page)
    page.click("[value=leave]")
    page.wait_for_url("**/pause")
    wait_for(lambda: len(rows()) == 3)

    page.goto(f"/i/{doors['slip']}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")

    shows(page, "phq9.q4")


def test_nothing_is_left_after_the_end(open_page, doors):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    shows(page, "closing.message")
    page.fill("#message", CANARY)
    finish(page)
    forgets(page)

    _shows_nothing(page)


def test_letters_grow_and_stay_so(open_page, doors):
    page = open_page(**PHONE)
    page.goto("/i")
    before = page.locator("h1").evaluate("one => getComputedStyle(one).fontSize")

    for _ in range(2):
        page.click("[data-step='1']")
    page.goto("/help")
    after = page.locator("h1").evaluate("one => getComputedStyle(one).fontSize")

    assert float(after[:-2]) / float(before[:-2]) == pytest.approx(150 / 112.5, abs=0.01)
    assert page.evaluate("JSON.stringify(localStorage)") == '{"letters":"2"}'


SIZES = {"dass21": 21, "gad7": 7, "who5": 5}
LONG = (*SIZES, "phq9")


@pytest.fixture
def long_doors(live_app):
    """A slip of a battery that is long enough for a break before its last nine items."""
    with live_app.app_context():
        begin_write()
        cohort = people.cohort(people.site(), grade=10)
        student = people.student(cohort, birth_date=sittings.BIRTHDAY)
        today = clock.today()
        campaign = campaigns.running(
            cohort,
            battery=campaigns.battery(*LONG),
            opens_on=today,
            closes_on=today + timedelta(days=14),
        )
        found = {"slip": campaigns.invitation(campaign, student).token}
        db.session.commit()
    return found


def _to_the_break(page):
    codes = [f"{code}.q{n}" for code, count in SIZES.items() for n in range(1, count + 1)]
    for code in codes:
        shows(page, code)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.wait_for_selector("[data-break]:visible")


@pytest.mark.parametrize("is_cut", [False, True], ids=["with-a-line", "carried"])
def test_long_battery_has_a_break_that_counts_for_nothing(open_page, long_doors, rows, is_cut):
    page = open_page(**PHONE)
    walk_in(page, long_doors["slip"])
    shows(page, "dass21.q1")
    page.wait_for_selector("[data-thanks]", state="attached")  # the rest of it is there
    if is_cut:
        cut_line(page)

    _to_the_break(page)
    expect(page.locator("[data-break]")).to_contain_text("歇一会儿")
    expect(page.locator("[data-count]")).to_be_hidden()
    expect(page.locator(".title:visible")).to_have_count(0)  # of the questions that follow
    page.keyboard.press("Enter")
    shows(page, "phq9.q1")

    expect(page.locator("[data-count]")).to_have_text("34 / 42")
    if not is_cut:
        wait_for(lambda: len(rows()) == 33)


def test_times_on_the_screen_come_with_the_answers(open_page, doors, live_app):
    page = open_page(**PHONE)
    begun = time.monotonic()
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    page.wait_for_timeout(600)
    tapped = time.monotonic()
    tap(page, "phq9.q1", 1)
    shows(page, "phq9.q2")
    page.keyboard.press("2")
    ended = time.monotonic()

    def times():
        with live_app.app_context():
            return [row.shown_ms for row in db.session.query(Response).order_by(Response.id)]

    wait_for(lambda: len(times()) == 2)
    first, second = times()
    assert 600 <= first <= (ended - begun) * 1000
    assert 0 <= second <= (ended - tapped) * 1000


VOICES = """window.said = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => VOICES, addEventListener: () => 0, speaking: false,
  cancel: () => 0, speak: one => said.push(one.text + " " + one.lang) } });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""
OWN = '[{ lang: "zh-CN", localService: true }]'
FAR = '[{ lang: "zh-CN", localService: false }, { lang: "en-GB", localService: true }]'


def test_question_and_options_are_read_aloud(open_page, doors):
    page = open_page(**PHONE)
    page.add_init_script(VOICES.replace("VOICES", OWN))
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")

    page.click("[data-read]")

    said = page.evaluate("said")
    assert len(said) == 5
    assert said[1:] == [f"{w} zh-CN" for w in ("完全不会", "好几天", "一半以上的天数", "几乎每天")]


@pytest.mark.parametrize("voices", ["[]", FAR], ids=["no-voice", "a-voice-of-another-server"])
def test_reading_is_absent_without_a_voice_of_the_device(open_page, doors, voices):
    page = open_page(**PHONE)
    page.add_init_script(VOICES.replace("VOICES", voices))
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")

    expect(page.locator("[data-read]")).to_be_hidden()

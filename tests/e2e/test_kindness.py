"""What every page offers beside its questions, and that who goes away leaves nothing behind."""

import re

import pytest

from tests.e2e.test_student_phone import (
    PHONE,
    _finish,
    _shows,
    _tap,
    _wait_for,
    _walk_in,
    doors,
    open_page,
    rows,
)

__all__ = ["doors", "open_page", "rows"]

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
        _shows(page, f"phq9.q{number}")
        page.keyboard.press("4")
        page.keyboard.press("Enter")
    _shows(page, "phq9.q4")


def _shows_nothing(page):
    """Neither here nor by Back, reload or the address of a page with answers."""
    addresses = []
    for go in (lambda: None, page.reload, page.go_back, page.go_back, lambda: page.goto("/s/1")):
        go()
        addresses.append(page.url)
        found = page.evaluate(DUMP)
        assert page.locator(":checked").count() == 0
        assert not re.search(r"<input[^>]* checked", found)
        assert "phq9" not in found
        assert CANARY not in found
    return addresses


def test_leaving_quickly_keeps_the_answers_and_shows_none(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors)
    _answer_some(page)

    page.click("[value=leave]")
    page.wait_for_url("**/pause")

    assert _shows_nothing(page)[-1].endswith("/i")
    assert rows() == [(f"q{n}", 3, False) for n in (1, 2, 3)]
    assert page.complaints == []


def test_leaving_quickly_needs_no_script(open_page, doors, rows):
    page = open_page(java_script_enabled=False, **PHONE)
    _walk_in(page, doors)
    page.locator('[name="phq9.q1"]').nth(2).check()

    page.click("[value=leave]")
    left = page.url
    page.go_back()

    assert left.endswith("/pause")
    assert page.url.endswith("/i")
    assert rows() == [("q1", 2, False)]


@pytest.mark.parametrize("line", [True, False], ids=["with-a-line", "without"])
def test_five_idle_minutes_leave_nothing_on_the_page(open_page, doors, rows, line):
    page = open_page(**PHONE)
    page.clock.install()
    _walk_in(page, doors)
    _answer_some(page)
    _wait_for(lambda: len(rows()) == 3)
    page.context.set_offline(not line)

    page.clock.fast_forward("04:50")
    still = page.locator("[data-name='phq9.q4']").is_visible()
    page.clock.fast_forward("00:15")
    page.clock.run_for(1000)
    if line:
        page.wait_for_url("**/pause")
    else:
        page.wait_for_function("!document.body || !document.body.textContent.includes('几乎每天')")
        page.context.set_offline(False)
        page.goto("/pause")

    assert still
    assert _shows_nothing(page)[-1].endswith("/i")


def test_slip_and_check_lead_back_to_where_it_was_left(open_page, doors):
    page = open_page(**PHONE)
    _walk_in(page, doors)
    _answer_some(page)
    page.click("[value=leave]")
    page.wait_for_url("**/pause")

    page.goto(f"/i/{doors['slip']}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")

    _shows(page, "phq9.q4")


def test_nothing_is_left_after_the_end(open_page, doors):
    page = open_page(**PHONE)
    _walk_in(page, doors)
    for number in range(1, 10):
        _shows(page, f"phq9.q{number}")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    _shows(page, "closing.message")
    page.fill("#message", CANARY)
    _finish(page)

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

"""Every kind of item under the fingers and the keys, and branches with and without a line."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.phones import (
    PHONE,
    carries,
    cut_line,
    finish,
    mend_line,
    outbox,
    shows,
    tap,
    wait_for,
    walk_in,
)

ROOM = {"viewport": {"width": 1024, "height": 768}}


@pytest.fixture
def instruments():
    return ("kinds",)


def _counts(rows):
    """What counts in the end: the last row of each item, as it came."""
    return {item: (value, refused) for item, value, refused in rows()}


def _go_on(page, item):
    page.click("[name=next]")
    shows(page, item)


def _choose(page, item, option, then):
    shows(page, f"kinds.{item}")
    page.wait_for_timeout(320)
    tap(page, f"kinds.{item}", option)
    shows(page, f"kinds.{then}")


def _write(page, item, words, then):
    page.fill(f'[name="kinds.{item}"]', words)
    _go_on(page, f"kinds.{then}")


def test_every_kind_is_tapped_and_typed_and_stored_as_what_it_is(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "kinds.welcome")
    _go_on(page, "kinds.friend")
    page.wait_for_selector("[data-thanks]", state="attached")
    faults = _faults_of_all_at_once(page)
    _choose(page, "friend", 1, "sleep")
    expect(page.locator("[data-count]")).to_have_text("5 / 9")

    page.fill('[name="kinds.sleep"]', "25")
    page.click("[name=next]")
    expect(page.locator('[data-name="kinds.sleep"] [role=alert]')).to_contain_text("0 到 24")
    _write(page, "sleep", "7.5", "mood")
    _choose(page, "mood", 10, "energy")
    _write(page, "energy", "60", "since")
    _write(page, "since", "2026-09-01", "more")
    page.click("[name=next]")
    finish(page)

    assert faults == []
    wait_for(lambda: "company" in _counts(rows))
    assert [row for row in rows() if row[0] not in ("talk", "company")] == [
        ("friend", 0, False),
        *(("sleep", 7.5, False), ("mood", 10, False), ("energy", 60, False)),
        *(("since", None, False), ("more", None, True)),
    ]
    assert page.complaints == []


def _faults_of_all_at_once(page):
    """Every kind of item shown under each other, only for this look."""
    turn = "document.querySelectorAll('[data-part], [data-screen]').forEach("
    page.evaluate(turn + "one => { one.was = one.hidden; one.hidden = false; })")
    width = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    found = Axe().run(page).response["violations"]
    page.evaluate(turn + "one => { one.hidden = one.was; })")
    return [width] * (width > 0) + [each["id"] for each in found]


def test_left_branch_is_taken_back_and_asked_anew(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    page.wait_for_selector("[data-thanks]", state="attached")
    _go_on(page, "kinds.friend")
    _choose(page, "friend", 0, "often")
    _choose(page, "often", 2, "together")
    for option in (0, 2):
        tap(page, "kinds.together", option)
    _go_on(page, "kinds.other")
    _write(page, "other", "下棋", "sleep")
    wait_for(lambda: "other" in _counts(rows))

    for item in ("other", "together", "often", "friend"):
        page.click("[data-back]")
        shows(page, f"kinds.{item}")
    _choose(page, "friend", 1, "sleep")
    wait_for(lambda: _counts(rows)["other"] == (None, False))
    left = _counts(rows)
    page.click("[data-back]")
    _choose(page, "friend", 0, "often")
    expect(page.locator('[data-name="kinds.often"] :checked')).to_have_count(0)
    _choose(page, "often", 2, "together")
    tap(page, "kinds.together", 1)
    _go_on(page, "kinds.sleep")
    wait_for(lambda: _counts(rows)["together"] == (2, False))

    assert left == {
        "friend": (0, False),
        **dict.fromkeys(("often", "together", "other"), (None, False)),
    }
    assert _counts(rows)["often"] == (2, False)
    assert page.complaints == []


def test_keys_are_enough_for_every_kind_without_a_line_and_after_a_reload(open_page, doors, rows):
    page = open_page(**ROOM)
    walk_in(page, doors["slip"])
    carries(page)
    cut_line(page)

    def press(item, *keys):
        shows(page, f"kinds.{item}")
        for key in (*keys, "Enter"):
            page.keyboard.press(key)

    press("welcome")
    press("friend", "1")
    press("often", "3")
    press("together", "1", "3")
    shows(page, "kinds.other")
    wait_for(lambda: len(outbox(page)) == 3)
    page.reload()
    # This page knows which questions have an answer, not which: it asks again what others wait for.
    press("welcome")
    press("friend", "1")
    press("together", "1", "3")
    press("other", *"go")
    press("sleep", *"7.5")
    press("mood", "7")
    press("energy", *"60")
    shows(page, "kinds.since")
    page.fill('[name="kinds.since"]', "2026-09-01")
    page.keyboard.press("Enter")
    shows(page, "kinds.more")
    page.fill('[name="kinds.more"]', "好")
    page.click("[name=next]")
    shows(page, "closing.message")
    mend_line(page)

    wait_for(lambda: "more" in _counts(rows))
    counts = _counts(rows)
    assert {item: value for item, (value, _) in counts.items() if value is not None} == {
        **{"friend": 1, "often": 2, "together": 5},
        **{"sleep": 7.5, "mood": 7, "energy": 60},
    }
    assert not any(refused for _, refused in counts.values())
    assert page.complaints == []

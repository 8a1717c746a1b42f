"""Every kind of item under the fingers and the keys, and branches with and without a line."""

import pytest

from tests.e2e.phones import PHONE, finish, shows, tap, wait_for, walk_in

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


def test_every_kind_is_tapped_and_typed_and_a_left_branch_is_taken_back(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "kinds.welcome")
    _go_on(page, "kinds.friend")
    counted = [page.inner_text("[data-count]")]
    page.wait_for_selector("[data-thanks]", state="attached")
    page.wait_for_timeout(320)
    tap(page, "kinds.friend", 0)
    shows(page, "kinds.often")
    page.wait_for_timeout(320)
    tap(page, "kinds.often", 2)
    shows(page, "kinds.together")
    for option in (0, 2):
        tap(page, "kinds.together", option)
    _go_on(page, "kinds.other")
    page.fill('[name="kinds.other"]', "下棋")
    _go_on(page, "kinds.sleep")
    counted.append(page.inner_text("[data-count]"))
    wait_for(lambda: _counts(rows).get("together") == (5, False))

    for item in ("other", "together", "often", "friend"):
        page.click("[data-back]")
        shows(page, f"kinds.{item}")
    page.wait_for_timeout(320)
    tap(page, "kinds.friend", 1)
    shows(page, "kinds.sleep")
    counted.append(page.inner_text("[data-count]"))
    wait_for(lambda: _counts(rows).get("other") == (None, False))
    page.click("[data-back]")
    shows(page, "kinds.friend")
    page.wait_for_timeout(320)
    tap(page, "kinds.friend", 0)
    shows(page, "kinds.often")
    emptied = page.locator('[data-name="kinds.often"] :checked').count()
    page.wait_for_timeout(320)
    tap(page, "kinds.often", 2)
    shows(page, "kinds.together")
    tap(page, "kinds.together", 1)
    _go_on(page, "kinds.sleep")

    page.fill('[name="kinds.sleep"]', "25")
    page.click("[name=next]")
    said = page.locator('[data-name="kinds.sleep"] [role=alert]').inner_text()
    page.fill('[name="kinds.sleep"]', "7.5")
    _go_on(page, "kinds.mood")
    page.wait_for_timeout(320)
    tap(page, "kinds.mood", 10)
    shows(page, "kinds.energy")
    page.fill('[name="kinds.energy"]', "60")
    _go_on(page, "kinds.since")
    page.fill('[name="kinds.since"]', "2026-09-01")
    _go_on(page, "kinds.more")
    page.click("[name=next]")
    finish(page)

    assert counted == ["1 / 9", "5 / 9", "5 / 9"]
    assert emptied == 0
    assert "0 到 24" in said
    counts = _counts(rows)
    assert [counts[item] for item in ("friend", "often", "together", "other")] == [
        *((1, False), (2, False), (2, False)),
        (None, False),
    ]
    assert [counts[item] for item in ("sleep", "mood", "energy", "since", "more")] == [
        *((7.5, False), (10, False), (60, False), (None, False)),
        (None, True),
    ]
    assert page.complaints == []


def test_keys_are_enough_for_every_kind_without_a_line_and_after_a_reload(open_page, doors, rows):
    page = open_page(**ROOM)
    walk_in(page, doors["slip"])
    page.wait_for_selector("[data-thanks]", state="attached")
    page.wait_for_function("caches.open('sitting').then(c => c.match('/help'))")
    page.context.set_offline(True)

    def press(item, *keys):
        shows(page, f"kinds.{item}")
        for key in (*keys, "Enter"):
            page.keyboard.press(key)

    press("welcome")
    press("friend", "1")
    press("often", "3")
    press("together", "1", "3")
    shows(page, "kinds.other")
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
    page.context.set_offline(False)

    wait_for(lambda: "more" in _counts(rows))
    counts = _counts(rows)
    assert {item: value for item, (value, _) in counts.items() if value is not None} == {
        **{"friend": 1, "often": 2, "together": 5},
        **{"sleep": 7.5, "mood": 7, "energy": 60},
    }
    assert not any(refused for _, refused in counts.values())
    assert page.complaints == []

"""Pictures and recordings on a phone: seen, heard when asked for, and there without a line."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.phones import (
    PHONE,
    carries,
    cut_line,
    holds,
    mend_line,
    shows,
    tap,
    wait_for,
    walk_in,
)

#: Whether every picture of the screen is there and nothing of it is a broken frame.
SEEN = "name => Array.from(document.querySelectorAll(`[data-name='${name}'] img`)).every(one => one.naturalWidth > 0)"  # noqa: E501 -- one expression
PLAYED = """async () => {
  const audio = document.querySelector("audio");
  await audio.play();
  return audio.duration > 0;
}"""


@pytest.fixture
def instruments():
    return ("pictured",)


def _sees(page, item):
    shows(page, item)
    page.wait_for_function(SEEN, arg=item)


def test_pictures_are_seen_and_recordings_heard_without_a_line(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    _sees(page, "pictured.q1")
    found = Axe().run(page).response["violations"]
    carries(page)
    holds(
        page,
        "caches.open('sitting').then(c => c.match(document.querySelector('audio').src))"
        ".then(Boolean)",
    )
    cut_line(page)

    page.reload()
    _sees(page, "pictured.q1")
    page.click("[data-name='pictured.q1'] legend")
    heard = page.evaluate(PLAYED)
    page.wait_for_timeout(320)
    tap(page, "pictured.q1", 1)
    _sees(page, "pictured.q2")
    stopped = page.evaluate("document.querySelector('audio').paused")
    mend_line(page)

    assert [one["id"] for one in found] == []
    assert heard
    assert stopped
    wait_for(lambda: rows() == [("q1", 1, False)])
    assert page.complaints == []

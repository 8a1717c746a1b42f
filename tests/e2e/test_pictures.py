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

#: What the worker answers of a recording of ten bytes: status, bytes, and which they are.
CUT = """range => cut(new Response(new Blob(["0123456789"])), new Request("/x", { headers: { Range: range } }))
  .then(part => part.text().then(text => [part.status, text, part.headers.get("Content-Range")]))"""  # noqa: E501 -- one expression
RANGES = {
    "bytes=0-1": [206, "01", "bytes 0-1/10"],
    "bytes=8-": [206, "89", "bytes 8-9/10"],
    "bytes=9-99": [206, "9", "bytes 9-9/10"],
    "bytes=10-": [416, "", "bytes */10"],
    "bytes=99-100": [416, "", "bytes */10"],
}


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
    parts = [page.context.service_workers[-1].evaluate(CUT, range_) for range_ in RANGES]
    mend_line(page)

    assert parts == list(RANGES.values())
    assert [one["id"] for one in found] == []
    assert heard
    assert stopped
    wait_for(lambda: rows() == [("q1", 1, False)])
    assert page.complaints == []

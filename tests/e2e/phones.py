"""What a student does with a phone: walk in with a slip, tap, come to the end."""

import socket
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error, Page, expect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: What lies sealed in the store of this browser; where an envelope was, a mark may be left.
OUTBOX = """marks => new Promise((resolve, reject) => {
  const asked = indexedDB.open("xinqiao", 1);
  asked.onerror = reject;
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  };
  asked.onsuccess = () => {
    const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result.filter(one => marks || one.data));
    };
  };
})"""

#: Seconds that anything may take: a busy machine is slow, not wrong. No test here says how fast
#: something is, and none reads a page once: it may still be loading, or a script filling it.
PATIENCE = 60

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


class Line:
    """The way to the server: while it is cut, whatever is asked is dropped without a reply.

    While the server behind it is down, a proxy says so.
    """

    def __init__(self, served: "WSGIApplication") -> None:
        self.served, self.is_cut, self.is_down = served, False, False

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self.is_cut:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)  # or the browser would wait
            raise ConnectionAbortedError
        if self.is_down:
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<title>502</title>"]
        return self.served(environ, start_response)


def cut_line(page: Page) -> None:
    """No signal: the page is told, and its worker does not get through either.

    The browser's offline mode alone does not reach a service worker that starts afterwards.
    """
    page.context.line.is_cut = True
    page.context.set_offline(True)


def mend_line(page: Page) -> None:
    page.context.line.is_cut = False
    page.context.set_offline(False)


def wait_for(condition: Callable[[], bool]) -> None:
    """Until the server has it: taps are saved in the background."""
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def carries(page: Page) -> None:
    """Until everything that a page without a line needs is on the phone."""
    page.wait_for_selector("[data-thanks]", state="attached")
    if page.evaluate("Boolean(navigator.serviceWorker)"):
        for path in ("/s", "/help"):
            keeps(page, path)


def keeps(page: Page, path: str) -> None:
    """Until the page of that path is on the phone, with a worker to show it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    holds(page, f"caches.open('sitting').then(c => c.match('{path}')).then(Boolean)")


def holds(page: Page, promise: str) -> None:
    """Until this comes true, asked anew each time: `wait_for_function` takes promises for yes."""
    wait_for(lambda: page.evaluate(promise))


def outbox(page: Page) -> list[dict[str, Any]]:
    """What lies sealed on the phone."""
    found: list[dict[str, Any]] = page.evaluate(f"({OUTBOX})()")
    return found


def forgets(page: Page) -> None:
    """Until the page that was carried is gone: browsers throw it away in the background."""
    holds(page, "caches.open('sitting').then(c => c.match('/s')).then(page => page === undefined)")


def go_back(page: Page) -> None:
    """Back in the browser. For a moment after a page has come Chromium knows no way back yet."""
    page.wait_for_load_state()
    try:
        page.go_back()
    except Error as error:
        if "Not attached to an active page" not in error.message:
            raise
        page.wait_for_timeout(500)
        page.go_back()


def nothing_is_chosen(page: Page) -> None:
    """Whoever comes back to a page finds no answer on it."""
    page.wait_for_load_state()
    expect(page.locator(":checked")).to_have_count(0)


def walk_in(page: Page, slip: str) -> None:
    page.goto(f"/i/{slip}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")
    page.click("[value=yes]")


def walk_in_by_code(page: Page, code: str) -> None:
    """At a machine of the computer room, to the first question."""
    page.fill("#code", code)
    page.click("[name=next]")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=school]")
    page.click("[name=next]")


def tap(page: Page, item: str, option: int) -> None:
    page.locator(f'[data-name="{item}"] .option').nth(option).tap()


def shows(page: Page, item: str) -> None:
    # The class says that the script has taken over; before it, keys belong to the browser.
    page.wait_for_selector(f'.stepping [data-name="{item}"]:visible')


def finish(page: Page) -> None:
    shows(page, "closing.message")
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        shows(page, item)
        page.wait_for_timeout(320)
        tap(page, item, 0)
    page.wait_for_url("**/thanks/*")

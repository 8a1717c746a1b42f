"""A line that goes: what the page carries, what rests on the phone, what arrives and how often."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.assessments.models import Assessment, Response
from app.cases.models import QueueEntry
from app.platform import statics
from app.platform.db import db
from tests.e2e.phones import (
    OUTBOX,
    PATIENCE,
    PHONE,
    carries,
    cut_line,
    forgets,
    holds,
    mend_line,
    outbox,
    wait_for,
    walk_in,
)

#: Whether nothing on this phone says which questions were answered.
NOTHING_MARKED = f"({OUTBOX})(true).then(all => !all.some(one => one.of || one.name))"

ITEMS = [f"phq9.q{number}" for number in range(1, 10)]

#: Everything that this browser keeps on the phone, as one text.
DUMP = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
  }
  found.push(JSON.stringify(await (BOX)(true)));
  return found.join("\\n");
}""".replace("BOX", OUTBOX)


def _walk_in(page, slip):
    walk_in(page, slip)
    carries(page)


def _answer(page, item, key="2"):
    page.wait_for_selector(f'.stepping [data-name="{item}"]:visible')
    page.keyboard.press(key)
    page.keyboard.press("Enter")


def _finish(page):
    page.wait_for_selector('[data-name="closing.message"]:visible')
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        _answer(page, item, "1")


def test_journey_without_a_line_arrives_whole_and_once(open_page, doors, rows, live_app):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    _answer(page, ITEMS[0])
    wait_for(lambda: len(rows()) == 1)
    expect(page.locator("[data-count]")).to_have_text("2 / 9")
    cut_line(page)

    for item in ITEMS[1:]:
        _answer(page, item)
    page.wait_for_selector('[data-name="closing.message"]:visible')
    page.click("[name=next]")
    page.wait_for_selector('[data-name="closing.talk"]:visible')
    expect(page.locator("[data-count]:visible")).to_have_count(0)
    for item in ("closing.talk", "closing.company"):
        _answer(page, item, "1")
    page.wait_for_selector("text=谢谢你认真作答")
    page.wait_for_selector("[data-state]:text('等待信号')")
    wait_for(lambda: len(outbox(page)) == 11)  # eight items, two closing questions, "finish"
    said = page.locator("main")
    for words in ("0371-65000001", "现在可以关掉这一页了"):
        expect(said).to_contain_text(words, use_inner_text=True)
    expect(page.locator("main a:visible", has_text="看看回音")).not_to_have_count(0)
    before = rows()
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    assert len(before) == 1
    wait_for(lambda: len(rows()) == 11 and outbox(page) == [])
    assert Counter(rows()) == Counter(
        [(item[5:], 1, False) for item in ITEMS] + [("talk", 0, False), ("company", 0, False)]
    )
    with live_app.app_context():
        assert db.session.query(Assessment).one().state == "submitted"
    assert page.complaints == []


def test_worker_sends_what_the_page_could_not(open_page, doors, rows, address):
    """Background Sync, where browsers have it; the event is fired as the browser would."""
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    # What the page sends is lost to its last breath; the worker has a line of its own.
    for way in ("**/s/responses", "**/s/sealed"):
        page.route(way, lambda route: route.abort())
    for item in ITEMS[:2]:
        _answer(page, item)
    wait_for(lambda: len(outbox(page)) == 2 or len(rows()) == 2)
    page.goto("about:blank")

    _fire_sync(page, address)

    wait_for(lambda: len(rows()) == 2)
    assert Counter(rows()) == Counter([("q1", 1, False), ("q2", 1, False)])


def _fire_sync(page, address):
    browser = page.context.new_cdp_session(page)
    workers = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda news: workers.extend(news["registrations"]),
    )
    browser.send("ServiceWorker.enable")
    for _ in range(PATIENCE * 50):
        if workers:
            break
        page.wait_for_timeout(20)
    browser.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": address,
            "registrationId": workers[-1]["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )


def test_reload_without_a_line_goes_on_and_shows_no_earlier_answer(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS[:3]:
        _answer(page, item, "4")
    wait_for(lambda: len(outbox(page)) == 3)

    page.reload()
    page.wait_for_selector('.stepping [data-name="phq9.q4"]:visible')
    expect(page.locator(":checked")).to_have_count(0)
    for item in ITEMS[3:]:
        _answer(page, item, "1")
    _finish(page)
    page.wait_for_selector("text=谢谢你认真作答")
    mend_line(page)

    wait_for(lambda: len(rows()) == 11)
    assert sorted(rows())[1:-1] == sorted(
        [("q1", 3, False), ("q2", 3, False), ("q3", 3, False)]
        + [(item[5:], 0, False) for item in ITEMS[3:]]
    )
    assert page.complaints == []


def _killed(page):
    """The browser begins anew, as after a kill: Chromium writes localStorage down seconds later."""
    page.evaluate("localStorage.clear()")
    page.close(run_before_unload=False)
    return page.context.new_page()


@pytest.mark.parametrize("without_line", [True, False], ids=["no line", "line"])
def test_killed_after_any_answer_loses_at_most_the_tap_in_flight(
    open_page, doors, rows, without_line
):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    if without_line:
        cut_line(page)

    for number, item in enumerate(ITEMS, 1):
        _answer(page, item)
        if number % 3 and not without_line:
            continue
        # Killed as soon as the tap is kept, opened again: one action to go on.
        wait_for(lambda on=page, kept=number: len(outbox(on) if without_line else rows()) == kept)
        page = _killed(page)
        page.goto("/s")
    page.wait_for_selector('.stepping [data-name="closing.message"]:visible')
    page = _killed(page)
    mend_line(page)
    page.goto("/s/1")

    # What lay sealed went before the page came: it shows all that was answered.
    expect(page.locator(":checked")).to_have_count(9)
    assert sorted(rows()) == [(item[5:], 1, False) for item in ITEMS]


#: Whether the number to call stands there as soon as the tap is over: nothing is waited for.
TAPPED_AND_SHOWN = """() => {
  document.querySelector("[value=talk]").click();
  const numbers = Array.from(document.querySelectorAll("a[href='tel:0371-65000001']"));
  return numbers.some(one => one.checkVisibility());
}"""


def test_help_card_comes_at_once_without_a_line_and_the_wish_arrives_once(
    open_page, doors, live_app
):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)

    assert page.evaluate(TAPPED_AND_SHOWN)
    wait_for(lambda: len(outbox(page)) == 1)
    page.click("[data-resume]:visible")
    page.wait_for_selector('.stepping [data-name="phq9.q1"]:visible')
    page.goto("/help")
    page.wait_for_selector("a[href='tel:12356']")
    page.goto("/s")
    mend_line(page)

    def entries():
        with live_app.app_context():
            return [entry.is_asked_for for entry in db.session.query(QueueEntry)]

    wait_for(lambda: entries() == [True])


def test_nothing_readable_rests_on_the_phone(open_page, doors):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS:
        _answer(page, item, "4")
    page.wait_for_selector('[data-name="closing.message"]:visible')
    page.fill("#message", "我有一句话金丝雀想说")
    _finish(page)
    page.wait_for_selector("text=谢谢你认真作答")
    wait_for(lambda: len(outbox(page)) == 13)
    forgets(page)
    holds(page, NOTHING_MARKED)

    dump = page.evaluate(DUMP)

    assert "金丝雀" not in dump
    assert json.dumps("金丝雀") not in dump
    assert '"value":' not in dump
    assert "困扰" not in dump  # the pages of the sitting are gone with its end
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")
    wait_for(lambda: outbox(page) == [])


def test_page_in_a_browser_without_workers_and_without_keys_carries_everything(
    open_page, doors, rows
):
    page = open_page(service_workers="block", **PHONE)
    page.context.add_init_script(
        "Object.defineProperty(crypto, 'subtle', { value: undefined });"
        "Object.defineProperty(navigator, 'serviceWorker', { value: undefined });"
    )
    _walk_in(page, doors["slip"])
    cut_line(page)

    for item in ITEMS:
        _answer(page, item)
    page.wait_for_selector("[data-state]:visible:text('请先不要关闭这个页面')")
    _finish(page)
    page.wait_for_selector("text=谢谢你认真作答")
    page.wait_for_selector("[data-state]:visible:text('请先不要关闭这个页面')")
    expect(page.locator(".closable")).to_be_hidden()
    at_rest = outbox(page)
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")
    expect(page.locator(".closable")).to_be_visible()

    assert at_rest == []
    wait_for(lambda: len(rows()) == 11)


def test_refusal_by_a_stranger_loses_nothing_where_nothing_can_be_sealed(open_page, doors, rows):
    """A portal in between says 403 once; the last page comes, and with it every answer."""
    page = open_page(**PHONE)
    page.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined });")
    walk_in(page, doors["slip"])
    page.wait_for_selector("[data-thanks]", state="attached")
    page.route(
        "**/s/responses",
        lambda route: route.fulfill(status=403, content_type="text/html", body="<p>登录</p>"),
        times=1,
    )

    _answer(page, ITEMS[0])
    page.wait_for_selector("[data-state]:text('请先不要关闭这个页面')")
    for item in ITEMS[1:]:
        _answer(page, item)
    _finish(page)
    page.wait_for_selector("[data-state]:visible:text-is('已保存')")

    wait_for(
        lambda: sorted(item for item, *_ in rows() if item[0] == "q") == [i[5:] for i in ITEMS]
    )


def test_store_that_never_replies_and_proxy_without_its_server_stop_nobody(open_page, doors, rows):
    page = open_page(**PHONE)
    page.context.add_init_script("IDBFactory.prototype.open = () => ({});")
    _walk_in(page, doors["slip"])
    for item in ITEMS[:3]:
        _answer(page, item)
    wait_for(lambda: len(rows()) == 3)

    page.context.line.is_down = True
    page.reload()
    page.wait_for_selector('.stepping [data-name="phq9.q4"]:visible')
    page.context.line.is_down = False
    for item in ITEMS[3:]:
        _answer(page, item)

    wait_for(lambda: sorted(rows()) == [(item[5:], 1, False) for item in ITEMS])


def test_full_store_is_said_and_answers_arrive_from_memory(open_page, doors, rows):
    page = open_page(**PHONE)
    page.context.add_init_script(
        "IDBObjectStore.prototype.add = () => {"
        " throw new DOMException('', 'QuotaExceededError'); };"
    )
    _walk_in(page, doors["slip"])
    cut_line(page)

    for item in ITEMS[:3]:
        _answer(page, item)
    page.wait_for_selector("[data-state]:text('请先不要关闭这个页面')")
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    wait_for(lambda: sorted(rows()) == [(item[5:], 1, False) for item in ITEMS[:3]])


#: More envelopes than one request takes, of a kind that no server can open.
FILL = """() => new Promise((done, failed) => {
  const asked = indexedDB.open("xinqiao", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  };
  asked.onerror = failed;
  asked.onsuccess = () => {
    const turn = asked.result.transaction("outbox", "readwrite");
    for (let n = 0; n <= 500; n += 1) {
      turn.objectStore("outbox").add({ id: `old-${n}`, to: "gone", data: "AAAA" });
    }
    turn.oncomplete = () => { asked.result.close(); done(); };
  };
})"""


def test_envelopes_that_are_refused_hold_up_nothing_behind_them(open_page):
    page = open_page(**PHONE)
    page.goto("/i")
    page.evaluate(FILL)

    with page.expect_request(lambda request: '"old-500"' in (request.post_data or "")) as asked:
        page.reload()

    assert asked.value.url.endswith("/s/sealed")


#: Everything that the line above the buttons says from now on.
LISTEN = """() => {
  const state = document.querySelector("[data-state]");
  window.said = [];
  new MutationObserver(() => said.push(state.textContent)).observe(state, { childList: true });
}"""


def test_saved_is_said_only_when_nothing_waits(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    page.evaluate(LISTEN)
    asked = []
    page.route("**/s/responses", lambda route: asked.append(route) if not asked else route.abort())
    with page.expect_request("**/s/responses"):
        _answer(page, ITEMS[0])
    _answer(page, ITEMS[1])

    with page.expect_event("requestfailed"):
        asked[0].continue_()
    page.wait_for_selector("[data-state]:text('等待信号')")
    early = page.evaluate("said")
    page.unroute("**/s/responses")
    page.wait_for_selector("[data-state]:text-is('已保存')")

    assert "已保存" not in early
    wait_for(lambda: sorted(rows()) == [("q1", 1, False), ("q2", 1, False)])


def test_store_thrown_away_by_the_browser_loses_nothing_while_the_page_is_open(
    open_page, doors, rows
):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS[:3]:
        _answer(page, item)
    wait_for(lambda: len(outbox(page)) == 3)

    page.evaluate(
        "new Promise(done => { indexedDB.deleteDatabase('xinqiao').onsuccess = done; })"
        ".then(() => localStorage.clear())"
    )
    _answer(page, ITEMS[3])
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    # Two ways at once: the fourth sealed, all four from memory; which comes first is open.
    wait_for(lambda: sorted(rows()) == [(item[5:], 1, False) for item in ITEMS[:4]])


THROW_AWAY = """new Promise(done => {
  const gone = indexedDB.deleteDatabase("xinqiao");
  gone.onsuccess = done;
}).then(() => 1)"""


def test_store_thrown_away_and_cookie_refused_loses_nothing_and_is_said(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS[:2]:
        _answer(page, item)
    wait_for(lambda: len(outbox(page)) == 2)
    sealed = [one["id"] for one in outbox(page)]

    page.evaluate(THROW_AWAY)
    _answer(page, ITEMS[2])
    page.wait_for_selector("[data-state]:text('等待信号')")
    wait_for(lambda: [one["id"] for one in outbox(page)][:2] == sealed and len(outbox(page)) == 3)
    page.evaluate(THROW_AWAY)
    page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('', 'Full'); }; }"
    )
    _answer(page, ITEMS[3])
    page.wait_for_selector("[data-state]:text('请先不要关闭这个页面')")
    page.context.clear_cookies(name="sitting")
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    # The box may say it as well as the page, but nothing twice, and in the order of the taps.
    wait_for(lambda: rows() == [(item[5:], 1, False) for item in ITEMS[:4]])
    assert page.complaints == []


def test_two_tabs_of_one_sitting_lose_and_double_nothing(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    other = page.context.new_page()
    other.goto("/s/1")
    carries(other)
    cut_line(page)

    _answer(page, ITEMS[0], "1")
    _answer(other, ITEMS[0], "3")
    _answer(page, ITEMS[1], "1")
    wait_for(lambda: len(outbox(page)) == 3)
    mend_line(page)

    wait_for(lambda: len(rows()) == 3 and outbox(page) == [])
    assert sorted(rows()) == [("q1", 0, False), ("q1", 2, False), ("q2", 0, False)]


def test_shared_phone_sends_each_answer_to_its_own_sitting(open_page, doors, live_app):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS:
        _answer(page, item, "1")
    _finish(page)
    page.wait_for_selector("text=谢谢你认真作答")
    wait_for(lambda: len(outbox(page)) == 12)
    page.close()

    page = page.context.new_page()
    mend_line(page)
    page.goto("/s/1")
    page.wait_for_url("**/i")
    page.goto(f"/i/{doors['other']}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")
    page.click("[value=yes]")
    carries(page)
    _answer(page, ITEMS[0], "3")

    def per_sitting():
        with live_app.app_context():
            return sorted(Counter(row.assessment_id for row in db.session.query(Response)).values())

    wait_for(lambda: per_sitting() == [1, 11])


def _with_newer_worker(find):
    def found(filename):
        file = find(filename)
        if filename == "js/student-worker.js":
            return replace(file, fingerprint="newer", forms={"": file.forms[""] + b"\n// newer"})
        return file

    return found


def test_new_worker_in_mid_sitting_sends_what_the_old_one_kept(open_page, doors, rows, monkeypatch):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    cut_line(page)
    for item in ITEMS[:4]:
        _answer(page, item)
    wait_for(lambda: len(outbox(page)) == 4)
    page.close()

    page = page.context.new_page()
    mend_line(page)
    page.goto("/help")  # the old worker's page
    monkeypatch.setattr(statics, "_find", _with_newer_worker(statics._find))
    page.evaluate(
        """navigator.serviceWorker.ready.then(r => r.update()).then(worker => new Promise(done => {
          const newer = worker.installing || worker.waiting || worker.active;
          const look = () => newer.state === "activated" && done();
          newer.onstatechange = look;
          look();
        }))"""
    )
    page.goto("/s")
    page.wait_for_selector('.stepping [data-name="phq9.q5"]:visible')

    wait_for(lambda: len(rows()) == 4)
    assert sorted(rows()) == [(item[5:], 1, False) for item in ITEMS[:4]]
    wait_for(lambda: outbox(page) == [])


def test_line_without_any_reply_is_answered_as_fast_as_one_taps(open_page, doors, rows):
    page = open_page(**PHONE)
    _walk_in(page, doors["slip"])
    held, lets_through = [], []

    def hold(request):
        request.continue_() if lets_through else held.append(request)

    for way in ("**/s/responses", "**/s/sealed"):
        page.route(way, hold)

    for item in ITEMS:
        _answer(page, item)
    page.wait_for_selector('[data-name="closing.message"]:visible')
    before = rows()  # nobody waited for a reply
    lets_through.append(True)
    for request in held:
        request.continue_()

    wait_for(lambda: outbox(page) == [] and len(rows()) == 9)
    assert before == []
    assert sorted(item for item, *_ in rows()) == [item[5:] for item in ITEMS]


def test_open_link_goes_to_its_end_without_a_line(open_page, doors, rows):
    page = open_page(**PHONE)
    page.goto(f"/o/{doors['link']}")
    page.wait_for_selector("[data-thanks]", state="attached")
    cut_line(page)
    page.check("[name=assent]")
    page.click("[name=next]")

    for item in ITEMS:
        _answer(page, item)
    page.wait_for_selector('[data-name="closing.message"]:visible')
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        _answer(page, item, "1")
    page.fill("#contact", "13800000000")
    page.click("[name=next]")
    page.wait_for_selector("text=谢谢你认真作答")
    mend_line(page)

    wait_for(lambda: len(rows()) == 12)
    assert ("contact", None, False) in rows()

"""A line that goes: what the page carries, what rests on the phone, what arrives and how often."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from app.assessments.models import Assessment, Response
from app.platform import clock
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings
from tests.factories import campaigns, people

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
ITEMS = [f"phq9.q{number}" for number in range(1, 10)]

#: Everything that this browser keeps on the phone, as one text.
DUMP = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
  }
  found.push(JSON.stringify(await listBoxForTests()));
  return found.join("\\n");
}"""
LIST_BOX = """window.listBoxForTests = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("xinqiao", 1);
  asked.onerror = reject;
  asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  asked.onsuccess = () => {
    const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result); };
  };
})"""


@pytest.fixture
def doors(live_app):
    """Slips of two students and an open link, of a campaign that runs today."""
    with live_app.app_context():
        begin_write()
        site = people.site(name="青禾中学", duty_phone="0371-65000001")
        cohort = people.cohort(site, grade=10)
        first, second = (people.student(cohort, birth_date=sittings.BIRTHDAY) for _ in range(2))
        today = clock.today()
        campaign = campaigns.running(
            cohort,
            battery=campaigns.battery("phq9"),
            opens_on=today,
            closes_on=today + timedelta(days=14),
        )
        slips = [campaigns.invitation(campaign, student) for student in (first, second)]
        found = {
            "slip": slips[0].token,
            "other": slips[1].token,
            "link": sittings.link_of(slips[0]).token,
        }
        db.session.commit()
    return found


@pytest.fixture
def phone(browser, address):
    """A new phone each time: `phone()`; what its console says is kept."""
    contexts = []

    def switch_on(**device):
        context = browser.new_context(base_url=address, **{"locale": "zh-CN"} | PHONE | device)
        context.add_init_script(LIST_BOX)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield switch_on
    for context in contexts:
        context.close()


@pytest.fixture
def rows(live_app):
    def read():
        with live_app.app_context():
            query = db.session.query(Response).order_by(Response.id)
            return [(row.item_code, row.value, row.refused) for row in query]

    return read


def _wait_for(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def _walk_in(page, slip):
    page.goto(f"/i/{slip}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")
    page.click("[value=yes]")
    _carries(page)


def _carries(page):
    """Until the rest of the battery is on the phone."""
    page.wait_for_selector("[data-thanks]", state="attached")
    if page.evaluate("Boolean(navigator.serviceWorker)"):
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.wait_for_function("caches.open('sitting').then(c => c.match('/help'))")


def _answer(page, item, key="2"):
    page.wait_for_selector(f'.stepping [data-name="{item}"]:visible')
    page.keyboard.press(key)
    page.keyboard.press("Enter")


def _finish(page):
    page.wait_for_selector('[data-name="closing.message"]:visible')
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        _answer(page, item, "1")


def _outbox(page):
    return page.evaluate("listBoxForTests()")


def test_journey_without_a_line_arrives_whole_and_once(phone, doors, rows, live_app):
    page = phone()
    _walk_in(page, doors["slip"])
    _answer(page, ITEMS[0])
    _wait_for(lambda: len(rows()) == 1)
    page.context.set_offline(True)

    for item in ITEMS[1:]:
        _answer(page, item)
    _finish(page)
    page.wait_for_selector("text=谢谢你认真作答")
    page.wait_for_selector("[data-state]:text('等待信号')")
    said = page.inner_text("main")
    waiting = _outbox(page)
    before = rows()
    page.context.set_offline(False)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    assert "0371-65000001" in said
    assert len(waiting) == 11  # eight items, two closing questions, "finish"
    assert len(before) == 1
    assert Counter(rows()) == Counter(
        [(item[5:], 1, False) for item in ITEMS] + [("talk", 0, False), ("company", 0, False)]
    )
    _wait_for(lambda: _outbox(page) == [])
    with live_app.app_context():
        assert db.session.query(Assessment).one().state == "submitted"
    assert page.complaints == []

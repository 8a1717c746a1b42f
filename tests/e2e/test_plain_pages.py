"""Without script from the first page to the last; what a screen reader hears; pages that say no."""

from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.assessments import queries
from app.assessments.models import Assessment
from app.assessments.service import doors as slips
from app.campaigns.models import Invitation
from app.platform.db import begin_write, db
from tests.e2e.phones import PHONE, shows, walk_in, walk_in_by_code
from tests.factories import assessments as sittings

ROOM = {"viewport": {"width": 1024, "height": 768}}
SMALL = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


def _choose(page, items, place=1):
    for item in items:
        page.locator(f'[name="{item}"]').nth(place).check()


def _finish(page):
    expect(page.locator("#message")).to_be_visible()
    _choose(page, ("closing.talk", "closing.company"), 0)
    page.click("[name=next]")
    expect(page.locator("main")).to_contain_text("谢谢你认真作答", use_inner_text=True)


def test_open_link_without_script_goes_back_asks_and_comes_to_its_end(open_page, doors, rows):
    page = open_page(java_script_enabled=False, **PHONE)
    page.goto(f"/o/{doors['link']}")
    page.check("[name=assent]")
    _choose(page, [f"phq9.q{number}" for number in range(1, 9)])

    page.click("[value=talk]")
    page.click("[value=show]")
    expect(page.locator(":checked")).to_have_count(8)
    page.click("[name=next]")
    expect(page.locator(".item__ask")).to_have_count(1)
    _choose(page, ["phq9.q9"])
    page.click("[name=next]")
    expect(page.locator("#message")).to_be_visible()
    page.click("[value=back]")
    expect(page.locator(":checked")).to_have_count(9)
    page.click("[name=next]")
    _finish(page)

    assert Counter(rows()) == Counter(
        [(f"q{n}", 1, False) for n in range(1, 10)] + [("talk", 0, False), ("company", 0, False)]
    )


def test_student_follows_student_without_script(open_page, doors, live_app, rows):
    with live_app.app_context():
        begin_write()
        first, second = db.session.query(Invitation).order_by(Invitation.id)
        codes, room = [first.code, second.code], sittings.computer_room(first).token
        db.session.commit()
    page = open_page(java_script_enabled=False, **ROOM)
    page.goto(f"/room/{room}")
    page.fill("#number", "12")
    page.click("[value=take]")

    for place, code in enumerate(codes):
        walk_in_by_code(page, code)
        expect(page.locator(":checked")).to_have_count(0)
        _choose(page, [f"phq9.q{number}" for number in range(1, 10)], place)
        page.click("[name=next]")
        _finish(page)
        page.click("[data-next-student]")
        expect(page.locator("#code")).to_have_value("")

    page.goto("/s/1")
    expect(page.locator("#code")).to_be_visible()
    with live_app.app_context():
        states = [(row.state.value, row.seat) for row in db.session.query(Assessment)]
    assert states == [("submitted", 12)] * 2
    assert Counter(value for item, value, _ in rows() if item[0] == "q") == {0: 9, 1: 9}


#: A question as it is heard: one heading, a named group, the state of what is saved, quiet buttons.
HEARD = {
    "zh-CN": """
- progressbar "进度"
- text: 1 / 9
- heading "最近两周的感受" [level=1]
- group /1\\. .+/:
  - radio "完全不会"
  - radio "好几天"
  - radio "一半以上的天数"
  - radio "几乎每天"
- button "下一步"
- status
- button "我不会操作"
- button "我想找人聊聊"
""",
    "en-GB": """
- progressbar "Progress"
- text: 1 / 9
- heading "How you felt in the last two weeks" [level=1]
- group /1\\. .+/:
  - radio "Not at all"
  - radio "Several days"
  - radio "More than half the days"
  - radio "Nearly every day"
- button "Continue"
- status
- button "I need help with this page"
- button "I want to talk to someone"
""",
}


@pytest.mark.parametrize("locale", HEARD)
def test_question_is_heard_with_its_heading_its_name_and_what_is_saved(open_page, doors, locale):
    page = open_page(locale=locale, **PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")

    expect(page.locator("main")).to_match_aria_snapshot(HEARD[locale])
    page.keyboard.press("2")
    expect(page.get_by_role("status")).to_contain_text("保存" if locale == "zh-CN" else "saved")


def _boom(*_, **__):
    raise RuntimeError


def _too_many(**_):
    raise slips.TooManyMissesError


@pytest.mark.parametrize(
    ("device", "locale", "scheme"),
    [(SMALL, "zh-CN", "dark"), (PHONE, "en-GB", "dark"), (ROOM, "zh-CN", "light")],
    ids=["narrow-zh-dark", "phone-en-dark", "room-zh"],
)
def test_page_that_says_no_is_accessible(
    open_page, doors, address, monkeypatch, device, locale, scheme
):
    page = open_page(**device, locale=locale, color_scheme=scheme)
    faults = []

    def look(code, reply):
        assert reply.status == code
        width = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        faults.extend((code, one["id"]) for one in Axe().run(page).response["violations"])
        faults.extend([(code, f"{width} px too wide")] if width > 0 else [])

    def post(path, **fields):
        words = "".join(f"<input name='{name}' value='{value}'>" for name, value in fields.items())
        page.set_content(f"<form method='post' action='{address}{path}'>{words}</form>")
        with page.expect_navigation() as came:
            page.evaluate("document.forms[0].submit()")
        return came.value

    look(404, page.goto(f"/o/{'x' * 22}"))
    look(405, page.goto("/s/responses"))
    look(400, post("/i", code="22222222"))
    look(422, post(f"/o/{doors['link']}", visit="x" * 22, assent="yes", page="9"))
    with monkeypatch.context() as broken:
        broken.setattr(queries, "plan_of_battery", _boom)
        broken.setattr(slips, "find_slip", _too_many)
        look(500, page.goto(f"/o/{doors['link']}"))
        look(429, page.goto(f"/i/{doors['slip']}"))
    assert faults == []

"""A student with a phone, at a computer-room keyboard, without script, without a signal."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.assessments import plan
from app.assessments.domain import ClassWaitsError
from app.assessments.routes import doors as slips
from tests.e2e.phones import (
    PHONE,
    carries,
    cut_line,
    finish,
    go_back,
    mend_line,
    nothing_is_chosen,
    shows,
    tap,
    wait_for,
    walk_in,
)

NARROW = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 412, "height": 800}, "has_touch": True, "is_mobile": True}
ROOM = {"viewport": {"width": 1024, "height": 768}}
AXE = Axe()

#: It does not say which button sends a form, focuses none, and its voices are no source of events.
OLD_IPHONE = """
delete SubmitEvent.prototype.submitter;
document.addEventListener("mousedown", e => e.target.closest("button") && e.preventDefault(), true);
const voices = { speaking: false, getVoices: () => [], cancel: () => {} };
Object.defineProperty(window, "speechSynthesis", { value: voices });
"""


def test_every_tap_is_saved_and_moves_on(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])

    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        expect(page.locator("[data-count]")).to_have_text(f"{number} / 9")
        page.wait_for_timeout(320)
        tap(page, f"phq9.q{number}", 1)
        if number == 1:
            wait_for(lambda: rows() == [("q1", 1, False)])
    finish(page)

    expect(page.locator("main")).to_contain_text("谢谢你认真作答", use_inner_text=True)
    # The last page comes up at once; what was answered last may still be on its way.
    wait_for(lambda: len(rows()) == 11)
    phq9 = [row for row in rows() if row[0].startswith("q")]
    assert phq9 == [(f"q{n}", 1, False) for n in range(1, 10)]
    assert page.complaints == []


def test_back_in_the_browser_shows_nothing_after_the_end(open_page, doors):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    finish(page)

    for _ in range(3):
        go_back(page)
        nothing_is_chosen(page)
        expect(page.locator("body")).not_to_contain_text("困扰")


def test_double_tap_answers_one_question_only(open_page, doors, rows):
    page = _with_a_held_clock(open_page(**PHONE))
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    page.clock.run_for(320)

    for _ in range(4):
        _tap_where_first_option_was(page)
        expect(page.locator('[name="phq9.q1"]').first).to_be_checked()
        page.clock.run_for(90)
    page.clock.run_for(320)
    shows(page, "phq9.q2")

    wait_for(lambda: rows() == [("q1", 0, False)])


def _with_a_held_clock(page):
    """What is told apart by the time between two taps must not depend on this machine's speed."""
    page.clock.install(time=0)
    page.clock.pause_at(1)
    return page


def _tap_where_first_option_was(page):
    box = page.locator(".option:visible").nth(0).bounding_box()
    page.touchscreen.tap(box["x"] + 30, box["y"] + 20)


def test_double_click_and_stuck_key_leave_no_question_out(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")

    page.dblclick("[name=next]")
    expect(page.locator(".note:visible")).to_have_count(1)
    page.keyboard.press("1")
    for _ in range(6):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    shows(page, "phq9.q2")
    wait_for(lambda: rows() == [("q1", 0, False)])
    expect(page.locator(".note:visible")).to_have_count(0)


def test_iphone_of_before_2022_tells_its_buttons_apart(open_page, doors, rows):
    page = open_page(**PHONE)
    page.add_init_script(OLD_IPHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    carries(page)

    for wish in ("talk", "help"):
        page.click(f"form [value={wish}]")
        card = page.locator(f"[data-noted={wish}]")
        expect(card).to_be_visible()
        page.keyboard.press("2")  # answers nothing that stands behind the card
        card.locator("[data-resume]").click()
    page.keyboard.press("1")
    page.click("[name=next]")
    shows(page, "phq9.q2")
    page.click("[data-back]")
    shows(page, "phq9.q1")

    wait_for(lambda: rows() == [("q1", 0, False)])
    assert page.complaints == []


def test_arrow_keys_do_not_move_on_and_count_only_where_they_rest(open_page, doors, rows):
    page = _with_a_held_clock(open_page(**ROOM))
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    page.focus('[name="phq9.q1"]')

    for _ in range(3):
        page.keyboard.press("ArrowDown")
        page.clock.run_for(600)
    page.clock.run_for(100)
    wait_for(lambda: rows() == [("q1", 3, False)])

    expect(page.locator('[data-name="phq9.q1"]')).to_be_visible()


def test_keys_are_enough_from_the_code_to_the_end(open_page, doors, rows):
    page = open_page(**ROOM)
    page.goto("/i")
    page.focus("#code")
    page.keyboard.type(doors["code"].lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("#said").focus()
    page.keyboard.type("20100520")
    page.keyboard.press("Enter")
    page.wait_for_selector("[value=school]").press("Enter")
    page.wait_for_selector("[value=yes]").press("Enter")
    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("3")
        page.keyboard.press("Enter")
    shows(page, "closing.message")
    page.keyboard.press("Enter")
    for item in ("closing.talk", "closing.company"):
        shows(page, item)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/*")

    wait_for(lambda: [value for item, value, _ in rows() if item.startswith("q")] == [2] * 9)


def test_blank_question_is_asked_once_more_and_then_left_out(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")

    page.click("[name=next]")
    asked = page.locator('[data-name="phq9.q1"] [role=alert]')
    expect(asked).to_contain_text("再按一次“下一步”跳过")
    page.click("[name=next]")
    shows(page, "phq9.q2")

    wait_for(lambda: rows() == [("q1", None, True)])


def test_back_undoes_a_tap(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    page.wait_for_timeout(320)
    tap(page, "phq9.q1", 3)
    shows(page, "phq9.q2")

    page.click("[data-back]")
    expect(page.locator('[name="phq9.q1"]:checked')).to_have_value("3")
    page.wait_for_timeout(320)
    tap(page, "phq9.q1", 0)
    shows(page, "phq9.q2")

    wait_for(lambda: rows() == [("q1", 3, False), ("q1", 0, False)])


def test_lost_signal_is_said_and_every_answer_arrives_once(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    cut_line(page)

    for number in (1, 2, 3):
        shows(page, f"phq9.q{number}")
        page.wait_for_timeout(320)
        tap(page, f"phq9.q{number}", 2)
    page.wait_for_selector("[data-state]:text('等待信号')")
    before = rows()
    mend_line(page)
    page.wait_for_selector("[data-state]:text-is('已保存')")

    assert before == []
    wait_for(lambda: sorted(rows()) == [(f"q{n}", 2, False) for n in (1, 2, 3)])


def test_closed_browser_goes_on_where_it_was_left(open_page, doors, rows):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    shows(page, "phq9.q1")
    page.wait_for_timeout(320)
    tap(page, "phq9.q1", 1)
    wait_for(lambda: len(rows()) == 1)

    again = page.context.new_page()
    page.close()
    again.goto(f"/i/{doors['slip']}")

    shows(again, "phq9.q2")


def test_plain_forms_are_enough(open_page, doors, rows):
    page = open_page(java_script_enabled=False, **PHONE)
    walk_in(page, doors["slip"])
    for number in range(1, 9):
        page.locator(f'[name="phq9.q{number}"]').nth(1).check()
    page.click("[name=next]")
    page.wait_for_selector(".item__ask")
    page.wait_for_load_state()
    expect(page.locator(".item__ask")).to_have_count(1)
    page.click("[name=next]")
    page.fill("#message", "谢谢")
    for item in ("closing.talk", "closing.company"):
        page.locator(f'[name="{item}"]').nth(0).check()
    page.click("[name=next]")
    page.wait_for_url("**/thanks/*")

    expect(page.locator("main")).to_contain_text("谢谢你认真作答", use_inner_text=True)
    assert ("q9", None, True) in rows()


def test_open_link_goes_from_notice_to_thanks(open_page, doors, rows):
    page = open_page(**PHONE)
    page.goto(f"/o/{doors['link']}")

    page.click("[name=next]")
    expect(page.locator("[name=assent]")).to_be_visible()
    page.check("[name=assent]")
    page.click("[name=next]")
    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    shows(page, "closing.message")
    page.click("[name=next]")
    for item in ("closing.talk", "closing.company"):
        shows(page, item)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.click("[name=next]")
    page.wait_for_selector("text=谢谢你认真作答")

    wait_for(lambda: len([row for row in rows() if row[0].startswith("q")]) == 9)


@pytest.mark.parametrize(
    ("device", "locale", "scheme", "size"),
    [
        (PHONE, "zh-CN", "light", "112.5%"),
        (PHONE, "en-GB", "dark", "112.5%"),
        (NARROW, "zh-CN", "dark", "225%"),
        (NARROW, "en-GB", "light", "225%"),
        (WIDE, "zh-CN", "light", "150%"),
        (ROOM, "zh-CN", "light", "112.5%"),
    ],
    ids=[
        *("phone-zh", "phone-en-dark", "narrow-zh-dark-200%", "narrow-en-200%"),
        *("wide-zh-large", "room-zh"),
    ],
)
def test_every_state_is_accessible_and_never_scrolls_sideways(
    open_page, doors, rows, monkeypatch, device, locale, scheme, size
):
    monkeypatch.setattr(plan, "BREAK_AFTER", 0)  # a break comes first
    walk = Walk(open_page(**device, **{"locale": locale, "color_scheme": scheme}), size)

    for state in ("/i", "/help", "/i/later", "/i/not-mine", "/word"):
        walk.page.goto(state)
        walk.look(state)
    walk.page.goto(f"/o/{doors['link']}")
    walk.look("open link")
    _look_at_the_doors(walk, doors["slip"], monkeypatch)
    _look_at_the_questions(walk)
    _look_at_the_end(walk, rows)

    assert walk.faults == []


class Walk:
    """A page that is looked at in every state, and what was wrong with it."""

    def __init__(self, page, size):
        self.page, self.size, self.faults = page, size, []

    def look(self, state):
        page = self.page
        page.wait_for_load_state()
        page.evaluate("size => { document.documentElement.style.fontSize = size }", self.size)
        width = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        if width > 0:
            self.faults.append((state, f"{width} px too wide"))
        found = AXE.run(page).response["violations"]
        self.faults.extend((state, each["id"]) for each in found)

    def go(self, button):
        with self.page.expect_navigation():
            self.page.click(button)


def _look_at_the_doors(walk, slip, monkeypatch):
    page = walk.page
    page.goto(f"/i/{slip}")
    walk.look("check")
    page.fill("#said", "20100101")
    walk.go("[name=next]")
    walk.look("missed")
    page.fill("#said", "20100520")
    walk.go("[name=next]")
    walk.look("confirm")
    page.goto("/pin")
    walk.look("pin")
    go_back(page)
    with monkeypatch.context() as held:
        held.setattr(slips, "start_sitting", _waits)
        walk.go("[value=alone]")
        walk.look("waiting")
    walk.go("[name=where]")
    walk.look("notice")


def _look_at_the_questions(walk):
    page = walk.page
    walk.go("[value=yes]")
    page.wait_for_selector("[data-break]:visible")
    walk.look("break")
    page.keyboard.press("Enter")
    shows(page, "phq9.q1")
    walk.look("item")
    page.click("[name=next]")
    walk.look("blank")
    page.wait_for_selector("[data-noted]", state="attached")
    page.click("[value=talk]:visible")
    walk.look("noted")
    carries(page)
    cut_line(page)
    page.goto("/pause")
    walk.look("pause without a line")
    page.goto("/s")
    mend_line(page)
    page.keyboard.press("Enter")


def _look_at_the_end(walk, rows):
    page = walk.page
    for number in range(1, 10):
        shows(page, f"phq9.q{number}")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    shows(page, "closing.message")
    walk.look("closing")
    wait_for(lambda: {row[0] for row in rows()} >= {f"q{n}" for n in range(1, 10)})
    page.goto("/s/not-mine")
    walk.look("doubt")
    page.goto("/s/2")
    page.click("[name=next]")
    walk.look("closing question")
    for item in ("closing.talk", "closing.company"):
        shows(page, item)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/*")
    walk.look("thanks")


def _waits(**_chosen):
    raise ClassWaitsError


def test_whose_slip_it_is_can_be_doubted_midway_from_the_card_that_the_page_carries(
    open_page, doors
):
    page = open_page(**PHONE)
    walk_in(page, doors["slip"])
    page.wait_for_selector("[data-noted]", state="attached")

    page.click("[value=help]:visible")
    page.click("text=这不是我的")
    page.click("form .button:has-text('这不是我的')")

    page.wait_for_url("**/i/not-mine**")

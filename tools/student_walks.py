"""Walks through a student's pages, with a picture of every state."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests.e2e.phones import Line, carries, cut_line, mend_line, shows
from tools.student_school import BIRTHDAY, YOUNG, Doors, Slip

#: Until what was tapped is stored, or the page has found that it is not.
SAVED = 2500

LETTERS = "size => { document.documentElement.style.fontSize = size }"


@dataclass(frozen=True)
class Look:
    """On what, in which language and how large the pages are looked at."""

    size: tuple[int, int]
    english: bool = False
    dark: bool = False
    letters: str = ""
    whole: bool = False


@dataclass
class Camera:
    """New devices on the line to the school, and the pictures that were taken of them."""

    browser: Browser
    address: str
    line: Line
    look: Look
    pictures: dict[str, bytes] = field(default_factory=dict)

    def device(self) -> Page:
        width, height = self.look.size
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            locale="en-GB" if self.look.english else "zh-CN",
            color_scheme="dark" if self.look.dark else "light",
            has_touch=True,
        )
        context.line = self.line  # what `cut_line` cuts
        context.set_default_timeout(60_000)
        return context.new_page()

    def take(self, page: Page, state: str) -> None:
        page.wait_for_load_state()
        if self.look.letters:
            page.evaluate(LETTERS, self.look.letters)
        page.wait_for_timeout(400)  # colours move
        self.pictures[state] = page.screenshot(full_page=self.look.whole)


def doors(camera: Camera, school: Doors) -> None:
    """The code, codes and links that lead nowhere, the check, a slip that rests."""
    page = camera.device()
    page.goto("/i")
    camera.take(page, "code")
    page.fill("[name=code]", "AAAA2222")
    _press(page, "[name=next]")
    camera.take(page, "wrong code")
    page.goto(f"/o/{'x' * 22}")
    camera.take(page, "dead link")
    page.goto(f"/i/{school.lost.token}")
    camera.take(page, "check")
    for state in ("missed", "missed", "resting slip"):
        page.fill("#said", "20000101")
        _press(page, "[name=next]")
        camera.take(page, state)
    for address, state in (("/i/not-mine", "not mine"), ("/i/later", "later"), ("/pause", "pause")):
        page.goto(address)
        camera.take(page, state)


def who_may_begin(camera: Camera, school: Doors) -> None:
    """The class waits; nobody is on duty; no guardian has consented."""
    page = _known(camera, school.waiting)
    _press(page, "[value=school]")
    camera.take(page, "class waits")
    page = _known(camera, school.resting)
    camera.take(page, "off duty")
    page.evaluate("document.querySelector('[value=school]').value = 'alone'")  # as an older page
    _press(page, "[name=where]")
    camera.take(page, "off duty, begun")
    page = _known(camera, school.young, f"{YOUNG:%Y%m%d}")
    _press(page, "[value=alone]")
    camera.take(page, "neutral notice")
    page.click("[value=yes]")
    page.wait_for_selector(".stepping")
    camera.take(page, "neutral")


def sitting(camera: Camera, school: Doors) -> None:
    """A slip from "is this you" over a break to the last page, and the word afterwards."""
    page = _known(camera, school.own)
    camera.take(page, "confirm")
    _choose_pin(camera, page)
    _press(page, "[value=alone]")
    camera.take(page, "notice")
    page.click("[value=yes]")
    shows(page, "who5.q1")
    camera.take(page, "question")
    page.click("[name=next]")
    camera.take(page, "blank")
    carries(page)
    for ask in ("help", "talk"):
        page.click(f"[value={ask}]:visible")
        camera.take(page, ask)
        page.click("[data-resume]:visible")
    _answer_until(page, "break")
    camera.take(page, "break")
    page.keyboard.press("Enter")
    shows(page, "phq9.q1")
    _lose_the_line(camera, page)
    _last_questions(camera, page, "phq9.q2")
    page.wait_for_url("**/thanks/*")
    camera.take(page, "thanks")
    _word(camera, page, school.own)


def _choose_pin(camera: Camera, page: Page) -> None:
    page.click("a[href$='/pin']")
    page.wait_for_selector("#pin")
    camera.take(page, "pin")
    page.fill("#pin", "2580")
    page.fill("#again", "2580")
    _press(page, "form[action$='/pin'] button")
    camera.take(page, "pin set")
    page.click("a.button--primary")
    page.wait_for_selector("[value=alone]")


def _lose_the_line(camera: Camera, page: Page) -> None:
    cut_line(page)
    page.keyboard.press("1")
    page.wait_for_selector("[data-state]:not(:empty)")
    page.wait_for_timeout(SAVED)
    camera.take(page, "no signal")
    mend_line(page)
    page.keyboard.press("Enter")
    shows(page, "phq9.q2")
    page.wait_for_timeout(SAVED)


def _last_questions(camera: Camera, page: Page, first: str) -> None:
    shows(page, first)
    _answer_until(page, "closing.message")
    camera.take(page, "message")
    page.click("[name=next]:visible")
    for item, state in (("closing.talk", "closing talk"), ("closing.company", "closing company")):
        shows(page, item)
        camera.take(page, state)
        page.keyboard.press("1")
        page.keyboard.press("Enter")


def _word(camera: Camera, page: Page, slip: Slip) -> None:
    for pin, state in (("0000", "unanswered"), ("2580", "answered")):
        page.goto("/word")
        camera.take(page, "word")
        page.fill("#code", slip.code)
        page.fill("#pin", pin)
        _press(page, "main form .button--primary")
        camera.take(page, state)
    page.goto("/help")
    camera.take(page, "card")


def without_a_line(camera: Camera, school: Doors) -> None:
    """Questions of every kind, answered to the end while there is no signal."""
    page = _begun(camera, school.pictures)
    shows(page, "pictured.q1")
    page.wait_for_load_state("networkidle")
    camera.take(page, "picture")
    page.goto("/s/not-mine")
    camera.take(page, "doubt")
    _press(page, "form[action$='/s/not-mine'] button")
    camera.take(page, "disowned")
    page = _begun(camera, school.kinds)
    carries(page)
    cut_line(page)
    _answer_until(page, "kinds.often")
    camera.take(page, "branch")
    for item, state in (("together", "several"), ("sleep", "number"), ("mood", "scale")):
        _answer_until(page, f"kinds.{item}")
        camera.take(page, state)
    _answer_until(page, "closing.company")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-thanks]")
    page.wait_for_timeout(SAVED)
    camera.take(page, "thanks without a line")
    mend_line(page)


def visiting(camera: Camera, school: Doors) -> None:
    """The open link: notice and agreement, and the only page that asks for a way to answer."""
    page = camera.device()
    page.goto(school.link)
    camera.take(page, "link")
    page.check("[name=assent]")
    page.click("[name=next]")
    shows(page, "who5.q1")
    page.wait_for_selector("[data-thanks]", state="attached")
    _answer_until(page, "closing.contact")
    camera.take(page, "contact")


def in_the_room(camera: Camera, school: Doors) -> None:
    """Two machines of the computer room; at one of them student follows student."""
    page = camera.device()
    page.goto("/room/none")
    camera.take(page, "no room")
    page.goto(f"/room/{school.room}")
    camera.take(page, "seat")
    _sit_down(page)
    camera.take(page, "next")
    page.goto(f"/room/{school.room}")
    camera.take(page, "own seat")
    _press(page, "a.button--primary")
    other = camera.device()
    other.goto(f"/room/{school.room}")
    _sit_down(other)
    camera.take(other, "seat taken")
    page.fill("#code", school.seated.code)
    _press(page, "[name=next]")
    page.fill("#said", f"{BIRTHDAY:%Y%m%d}")
    _press(page, "[name=next]")
    _press(page, "[value=school]")
    page.click("[name=next]")
    shows(page, "phq9.q1")
    camera.take(page, "seat question")
    carries(page)
    cut_line(page)
    _answer_until(page, "closing.company")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-thanks]")
    camera.take(page, "seat thanks")
    page.click("[data-next-student]")
    page.wait_for_selector("[data-line=gone]")
    camera.take(page, "seat offline")


PHONE_WALKS = (doors, who_may_begin, sitting, without_a_line, visiting)


def _known(camera: Camera, slip: Slip, birthday: str = f"{BIRTHDAY:%Y%m%d}") -> Page:
    page = camera.device()
    page.goto(f"/i/{slip.token}")
    page.fill("#said", birthday)
    _press(page, "[name=next]")
    return page


def _begun(camera: Camera, slip: Slip) -> Page:
    page = _known(camera, slip)
    _press(page, "[value=alone]")
    page.click("[value=yes]")
    page.wait_for_selector(".stepping")
    return page


def _sit_down(page: Page) -> None:
    page.fill("#number", "12")
    _press(page, "[value=take]")


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _answer_until(page: Page, name: str) -> None:
    """Give the first answer to every question before this one, and leave the rest out."""
    while (at := _name(page)) != name:
        if page.locator("[data-screen]:visible [type=radio]").count():
            page.keyboard.press("1")
        page.click("[name=next]:visible")
        if _name(page) == at:  # a blank one is asked once more
            page.click("[name=next]:visible")


def _name(page: Page) -> str:
    return page.locator("[data-screen]:visible").get_attribute("data-name") or "break"

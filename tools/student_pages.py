"""Every state of a student's pages in one picture.

    student_pages.py ADDRESS LINK SLIP BIRTHDAY YOUNG BIRTHDAY ROOM OUT.png LOCALE

`make run` must be serving the demo at ADDRESS. LINK is its open link, as in /o/TOKEN; SLIP an
unused slip as /i/TOKEN; YOUNG one of somebody whose guardian has not consented; ROOM an open
computer room, as /room/TOKEN. Both slips are begun and not finished: another run needs others.
"""

import base64
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

PHONE = {"width": 360, "height": 640}
COLUMNS = 7
SHEET = """<style>body { margin: 0; padding: 12px; background: #d9dedb; display: grid; gap: 12px;
grid-template-columns: repeat(%d, 360px) } img { border-radius: 6px; display: block }</style>%s"""


@dataclass(frozen=True)
class Doors:
    """Addresses that lead in, and what the slips' owners know."""

    link: str
    slip: str
    birthday: str
    young: str
    young_birthday: str
    room: str


def main(address: str, doors: Doors, out: str, locale: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )

        def device() -> BrowserContext:
            context = browser.new_context(
                base_url=address, viewport=PHONE, locale=locale, has_touch=True
            )
            context.set_default_timeout(30_000)
            return context

        context = device()
        pictures = [
            *codes(context),
            *with_slip(device(), doors.slip, doors.birthday),
            *sitting(context, doors.link),
            *without_a_line(context, doors.link),
            *neutral(device(), doors.young, doors.young_birthday),
            *at_seat(device(), doors.room),
        ]
        width = COLUMNS * (PHONE["width"] + 12) + 12
        sheet = browser.new_page(viewport={"width": width, "height": 800}, device_scale_factor=0.45)
        sheet.set_content(SHEET % (COLUMNS, "".join(map(as_image, pictures))))
        sheet.screenshot(path=Path(out), full_page=True)
        browser.close()


def codes(context: BrowserContext) -> list[bytes]:
    """The code, codes and links that lead nowhere, and the page after leaving quickly."""
    page = context.new_page()
    page.goto("/i")
    pictures = [page.screenshot()]
    page.fill("[name=code]", "AAAA2222")
    page.press("[name=code]", "Enter")
    page.wait_for_load_state()
    pictures.append(page.screenshot())
    page.goto(f"/o/{'x' * 22}")
    pictures.append(page.screenshot())
    page.goto("/pause")
    return [*pictures, page.screenshot()]


def with_slip(context: BrowserContext, slip: str, birthday: str) -> list[bytes]:
    """The check, a miss, "is this you", a sitting of somebody else, not mine, not now."""
    page = context.new_page()
    page.goto(slip)
    pictures = [seen(page)]
    for said in ("20000101", birthday):
        page.fill("#said", said)
        page.click("[name=next]")
        page.wait_for_load_state()
        pictures.append(seen(page))
    page.click("[value=alone]")
    page.wait_for_load_state()
    page.goto("/s/not-mine")
    pictures.append(seen(page))
    for address in ("/i/not-mine", "/i/later", "/word"):
        page.goto(address)
        pictures.append(seen(page))
    return pictures


def neutral(context: BrowserContext, slip: str, birthday: str) -> list[bytes]:
    """What somebody without consent is asked, which looks the same from the next seat."""
    page = context.new_page()
    page.goto(slip)
    page.fill("#said", birthday)
    page.click("[name=next]")
    page.click("[value=alone]")
    page.wait_for_load_state()
    pictures = [seen(page)]
    page.click("[value=yes]")
    page.wait_for_selector(".stepping")
    return [*pictures, seen(page)]


def at_seat(context: BrowserContext, room: str) -> list[bytes]:
    """A machine of the computer room takes its seat and waits for the next student."""
    page = context.new_page()
    page.goto(room)
    pictures = [seen(page)]
    page.fill("#number", str(random.randint(1, 40)))
    page.click("[value=take]")
    page.wait_for_load_state()
    return [*pictures, seen(page)]


def sitting(context: BrowserContext, link: str) -> list[bytes]:
    """Notice, a question, a wish to talk, help with the page, the last questions, the last page."""
    page = begun(context, link)
    pictures = [notice(context, link), seen(page)]
    for ask in ("talk", "help"):
        page.click(f"[value={ask}]:visible")
        pictures.append(seen(page))
        page.click("[data-resume]:visible, [name=do][value=show]:visible")
    while not page.url.count("/thanks") and page.locator("[name=next]:visible").count():
        name = page.locator("[data-screen]:visible").first.get_attribute("data-name") or ""
        if name.startswith("closing."):
            pictures.append(seen(page))
        answer(page)
    return [*pictures, seen(page)]


def notice(context: BrowserContext, link: str) -> bytes:
    page = context.new_page()
    page.goto(link)
    return seen(page)


def begun(context: BrowserContext, link: str) -> Page:
    page = context.new_page()
    page.goto(link)
    page.wait_for_timeout(1500)
    answer(page)
    return page


def answer(page: Page) -> None:
    """Choose the first answer, where there is one, and go on where the page does not by itself."""
    screen = page.locator("[data-screen]:visible").first
    before = screen.inner_text()
    if screen.locator(".option").count():
        screen.locator(".option").first.click()
        page.wait_for_timeout(700)
    still = page.locator("[data-screen]:visible")
    if still.count() and still.first.inner_text() == before:
        page.click("[name=next]:visible")
        page.wait_for_timeout(700)


def without_a_line(context: BrowserContext, link: str) -> list[bytes]:
    """A question answered while the signal is gone."""
    page = begun(context, link)
    context.set_offline(True)
    page.locator(".option:visible").first.click()
    page.wait_for_timeout(2500)
    picture = seen(page)
    context.set_offline(False)
    return [picture]


def seen(page: Page) -> bytes:
    page.wait_for_timeout(300)
    return page.screenshot()


def as_image(picture: bytes) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'


if __name__ == "__main__":
    address, *ways, out, locale = sys.argv[1:]
    main(address, Doors(*ways), out, locale)

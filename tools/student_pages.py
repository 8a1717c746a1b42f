"""Every state of a student's pages in one picture: student_pages.py ADDRESS LINK OUT.png LOCALE.

`make run` must be serving the demo at ADDRESS; LINK is its open link, as in /o/TOKEN.
"""

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

PHONE = {"width": 360, "height": 640}
COLUMNS = 5
SHEET = """<style>body { margin: 0; padding: 12px; background: #d9dedb; display: grid; gap: 12px;
grid-template-columns: repeat(%d, 360px) } img { border-radius: 6px; display: block }</style>%s"""


def main(address: str, link: str, out: str, locale: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context(
            base_url=address, viewport=PHONE, locale=locale, has_touch=True
        )
        pictures = [*doors(context), *sitting(context, link), *without_a_line(context, link)]
        width = COLUMNS * (PHONE["width"] + 12) + 12
        sheet = browser.new_page(viewport={"width": width, "height": 800}, device_scale_factor=0.6)
        sheet.set_content(SHEET % (COLUMNS, "".join(map(as_image, pictures))))
        sheet.screenshot(path=Path(out), full_page=True)
        browser.close()


def doors(context: BrowserContext) -> list[bytes]:
    """The code, a code that leads nowhere, and the page after leaving quickly."""
    page = context.new_page()
    page.goto("/i")
    pictures = [page.screenshot()]
    page.fill("[name=code]", "AAAA2222")
    page.press("[name=code]", "Enter")
    page.wait_for_load_state()
    pictures.append(page.screenshot())
    page.goto("/pause")
    return [*pictures, page.screenshot()]


def sitting(context: BrowserContext, link: str) -> list[bytes]:
    """Notice, a question, a wish to talk, help with the page, the last questions, the last page."""
    page = context.new_page()
    page.goto(link)
    pictures = [page.screenshot()]
    page.click("[value=yes]")
    pictures.append(seen(page))
    page.click("[value=talk]")
    pictures.append(seen(page))
    page.click("[data-resume]:visible, [name=do][value=show]:visible")
    page.click("[value=help]")
    pictures.append(seen(page))
    page.click("[data-resume]:visible, [name=do][value=show]:visible")
    while page.locator("textarea[name='closing.message']:visible").count() == 0:
        page.locator(".option:visible").first.click()
        page.wait_for_timeout(500)
    pictures.append(seen(page))
    page.click("[name=next]")
    while page.locator(".option:visible").count():
        pictures.append(seen(page))
        page.locator(".option:visible").first.click()
        page.wait_for_timeout(500)
    if page.locator("[name=next]:visible").count():
        page.click("[name=next]")
    page.wait_for_timeout(1500)
    return [*pictures, seen(page)]


def without_a_line(context: BrowserContext, link: str) -> list[bytes]:
    """A question answered while the signal is gone."""
    page = context.new_page()
    page.goto(link)
    page.wait_for_timeout(1500)
    page.click("[value=yes]")
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
    main(*sys.argv[1:])

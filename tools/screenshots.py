"""Makes the pictures of the README: tools/screenshots.py ADDRESS STUDENT_TOKEN BIRTHDAY.

`make run` must be serving the demo at ADDRESS; it prints a student's link and birthday.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "images"
PASSWORD = "xinqiao-demo"
DESK = {"width": 1280, "height": 800}
#: Small enough for a page that people open on a poor line.
SCALE = 0.75
PHONE = {"width": 360, "height": 640}


def main(address: str, token: str, birthday: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        counsellor = log_in(browser, address, "counsellor2")
        shoot(counsellor, "queue", f"{address}/queue")
        counsellor.goto(f"{address}/cases")
        counsellor.click("main table a[href*='/cases/']")
        shoot(counsellor, "case")
        counsellor.click("a[href*='/profiles/']")
        shoot(counsellor, "profile")
        administrator = log_in(browser, address, "admin")
        administrator.goto(f"{address}/campaigns")
        administrator.click("main table a")
        shoot(administrator, "campaign")
        head = log_in(browser, address, "head")
        head.goto(f"{address}/reports")
        head.click("main section a")
        head.evaluate("document.querySelectorAll('.report')[1].scrollIntoView()")
        shoot(head, "report")
        shoot(log_in(browser, address, "staff1"), "roster", f"{address}/roster")
        shoot(student(browser, address, token, birthday), "student")
        browser.close()


def log_in(browser: Browser, address: str, login: str) -> Page:
    context = browser.new_context(viewport=DESK, device_scale_factor=SCALE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("form .button--primary")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def student(browser: Browser, address: str, token: str, birthday: str) -> Page:
    page = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True).new_page()
    page.goto(f"{address}/i/{token}")
    page.fill("#said", birthday)
    page.click("[name=next]")
    page.click("[value=alone]")
    page.click("[value=yes]")
    page.wait_for_selector("[data-screen]:visible")
    return page


def shoot(page: Page, name: str, url: str | None = None) -> None:
    if url:
        page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])

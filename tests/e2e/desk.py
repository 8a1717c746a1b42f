"""What several people at several desks do: log in, take a student on, write a contact down."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from app.platform import clock

PASSWORD = "correct horse battery"
SHANGHAI = ZoneInfo("Asia/Shanghai")
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "locale": "zh-CN"}

#: `open_page(**PHONE)`: a page on a new device.
Visit = Callable[..., Page]


def log_in(page: Page, login: str) -> Page:
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("form .button--primary")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def open_case_from_queue(page: Page, name: str) -> None:
    page.goto("/queue")
    page.click(f".queue__who a:has-text('{name}')")
    page.click("form[action$='/claim'] .button--primary")
    page.check("form[action$='/open-case'] [name$=risk_level][value=high]")
    page.fill("form[action$='/open-case'] [name$=next_on]", local_day())
    page.click("form[action$='/open-case'] .button--primary")
    page.wait_for_url("**/cases/*")


def record_contact(page: Page, *, note: str, level: str, state: str, next_in: int) -> None:
    page.click("a[href$='/contacts/new']")
    form = "form[action$='/contacts']"
    page.check(f"{form} [name$=modality][value=in_person]")
    page.fill(f"{form} [name$=note]", note)
    page.select_option(f"{form} [name$=risk_level]", level)
    page.select_option(f"{form} [name$=state]", state)
    page.fill(f"{form} [name$=next_on]", local_day(next_in))
    page.click(f"{form} .button--primary")
    page.wait_for_selector(".timeline__line--contact")


def local_day(later: int = 0) -> str:
    """A day on the wall of the school, which is where forms are filled in."""
    return str((clock.now().astimezone(SHANGHAI) + timedelta(days=later)).date())

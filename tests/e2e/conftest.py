"""A real server on loopback, for the real Chromium of `browser`."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from app import create_app
from app.assessments.models import Response
from app.config import Settings
from app.platform import clock
from app.platform.db import begin_write, db
from tests.e2e.desk import Visit
from tests.e2e.phones import PATIENCE, Line
from tests.factories import assessments as sittings
from tests.factories import campaigns, people

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser may fail once: on a busy machine Chromium itself gives up now and then.

    The summary names what was run again (RERUN): a defect to be looked at, see CONTRIBUTING.md.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def live_app(settings: Settings) -> Iterator[Flask]:
    """The application as it is served, CSRF and all."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def line(live_app: Flask) -> Line:
    """What lies between `live_app` and the browser."""
    return Line(live_app)


@pytest.fixture
def address(line: Line) -> Iterator[str]:
    """Where `live_app` is served during this test."""
    server = make_server("127.0.0.1", 0, line, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser: Browser, address: str, line: Line) -> Iterator[Visit]:
    """A page of a new device: `open_page(**PHONE)`; what its console says is kept."""
    contexts: list[BrowserContext] = []

    def switch_on(**device: object) -> Page:
        contexts.append(browser.new_context(base_url=address, **{"locale": "zh-CN"} | device))
        contexts[-1].set_default_timeout(PATIENCE * 1000)
        page = contexts[-1].new_page()
        contexts[-1].line, page.complaints = line, []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield switch_on
    for context in contexts:
        context.close()


@pytest.fixture
def rows(live_app: Flask) -> Callable[[], list[tuple[str, float | None, bool]]]:
    """The stored answers as (item, value, refused), in the order in which they came."""

    def read() -> list[tuple[str, float | None, bool]]:
        with live_app.app_context():
            query = db.session.query(Response).order_by(Response.id)
            return [(row.item_code, row.value, row.refused) for row in query]

    return read


@pytest.fixture
def instruments() -> tuple[str, ...]:
    """What the campaign of `doors` asks; a test module may ask something else."""
    return ("phq9",)


@pytest.fixture
def doors(live_app: Flask, instruments: tuple[str, ...]) -> dict[str, str]:
    """Slips of two students and an open link, of a campaign that runs today."""
    with live_app.app_context():
        begin_write()
        site = people.site(name="青禾中学", duty_phone="0371-65000001")
        cohort = people.cohort(site, grade=10)
        first, second = (people.student(cohort, birth_date=sittings.BIRTHDAY) for _ in range(2))
        today = clock.today()
        campaign = campaigns.running(
            cohort,
            battery=campaigns.battery(*instruments),
            opens_on=today,
            closes_on=today + timedelta(days=14),
        )
        slip, other = (campaigns.invitation(campaign, student) for student in (first, second))
        link = sittings.link_of(slip)
        found = {"slip": slip.token, "code": slip.code, "other": other.token, "link": link.token}
        db.session.commit()
    return found

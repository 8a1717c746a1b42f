"""A real server on loopback, for the real Chromium of `browser`."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from app import create_app
from app.config import Settings
from app.platform.db import db
from tests.e2e.desk import Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in item.nodeid or item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def live_app(settings: Settings) -> Iterator[Flask]:
    """The application as it is served, CSRF and all."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def address(live_app: Flask) -> Iterator[str]:
    """Where `live_app` is served during this test."""
    server = make_server("127.0.0.1", 0, live_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A new device with a page: `visit(**PHONE)`."""
    contexts: list[BrowserContext] = []

    def open_page(**device: object) -> Page:
        contexts.append(browser.new_context(base_url=address, **device))
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()

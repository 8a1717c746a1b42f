"""The door: forwarded addresses count only behind a proxy, and every answer is fenced."""

from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.platform.web import CONTENT_SECURITY_POLICY, HEADERS, PAGE_HEADERS


def address_seen(app: Flask, forwarded_for: str) -> str:
    seen = []
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: seen.append(request.remote_addr)
    )
    app.test_client().get("/healthz", headers={"X-Forwarded-For": forwarded_for})
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.9"), (2, "192.0.2.8")]
)
def test_forwarded_address_counts_from_the_nearest_trusted_proxy(
    settings: Settings, proxies: int, address: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies), TESTING=True)

    assert address_seen(app, "10.0.0.1, 192.0.2.8, 192.0.2.9") == address


@pytest.mark.parametrize("path", ["/help", "/nowhere", "/static/nowhere.css", "/healthz"])
def test_every_page_is_fenced_found_or_not(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert set(PAGE_HEADERS) <= set(headers.items())
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["Cache-Control"] == "no-store"


def test_file_carries_what_concerns_files(client: FlaskClient) -> None:
    found = client.get("/static/js/student.js")
    kept = client.get("/static/js/student.js", headers={"If-None-Match": found.headers["ETag"]})

    assert kept.status_code == 304
    for answer in (found, kept):
        assert set(HEADERS) <= set(answer.headers.items())
        assert "Permissions-Policy" not in answer.headers

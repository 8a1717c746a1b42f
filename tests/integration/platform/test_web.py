"""The door believes forwarded addresses only where the operator put a proxy."""

from dataclasses import replace

import pytest
from flask import Flask, request

from app import create_app
from app.config import Settings


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

"""Names and answers never travel readable through a network, unless somebody forces it (P31)."""

from dataclasses import replace

import pytest

from app import create_app
from app.config import Settings, SettingsError

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
TLS = "https://localhost"
BANNER = "This connection is not encrypted"
PAGES = ("/login", "/i", "/help", "/nowhere")


@pytest.mark.parametrize(
    ("address", "starts"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost", True),
        ("http://[::1]:5000", True),
        ("https://192.168.1.20:8443", True),
        ("https://xinqiao.example", True),
        ("http://192.168.1.20:5000", False),
        ("http://xinqiao.example", False),
        ("http://127.0.0.1.example", False),
        ("xinqiao.example", False),
    ],
)
def test_address_that_can_be_overheard_does_not_start(address, starts):
    said = {"XINQIAO_BASE_URL": address}

    if starts:
        assert Settings.from_environ(said).base_url == address
    else:
        with pytest.raises(SettingsError, match="XINQIAO_BASE_URL"):
            Settings.from_environ(said)
        assert Settings.from_environ(said | {"XINQIAO_ALLOW_PLAIN_HTTP": "1"})


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_plain_request_from_elsewhere_is_refused(client, path, method):
    reply = getattr(client, method)(f"{path}?lang=en", environ_base=ELSEWHERE)

    assert reply.status_code == 403
    assert "https://" in reply.text
    assert "xinqiao" not in reply.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/img/icon.svg"])
def test_who_watches_the_machine_is_answered(client, path):
    assert client.get(path, environ_base=ELSEWHERE).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_forced_plain_http_says_so_on_every_page(settings, path):
    forced = create_app(replace(settings, allow_plain_http=True), TESTING=True).test_client()

    overheard = forced.get(f"{path}?lang=en", environ_base=ELSEWHERE)
    at_the_machine = forced.get(f"{path}?lang=en")
    encrypted = forced.get(f"{path}?lang=en", base_url=TLS, environ_base=ELSEWHERE)

    assert overheard.status_code == at_the_machine.status_code != 403
    assert BANNER in overheard.text or path == "/nowhere"
    assert BANNER not in at_the_machine.text
    assert BANNER not in encrypted.text


def test_every_layout_carries_the_sentence(app):
    loader = app.jinja_env.loader
    whole_pages = [
        name
        for name in app.jinja_env.list_templates()
        if "{% block body %}" in loader.get_source(app.jinja_env, name)[0]
        and name not in {"layouts/base.html", "errors/error.html"}
    ]

    assert len(whole_pages) >= 3
    for name in whole_pages:
        assert "{% include '_overheard.html' %}" in loader.get_source(app.jinja_env, name)[0]


def test_tls_is_promised_over_tls_only(client):
    over_tls = client.get("/login", base_url=TLS)
    plain = client.get("/login")

    assert over_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in plain.headers


def test_proxy_says_whether_it_was_reached_over_tls(settings):
    behind = create_app(replace(settings, trusted_proxies=1), TESTING=True).test_client()
    visitor = {"X-Forwarded-For": "192.0.2.7"}

    by_tls = behind.get("/login", headers=visitor | {"X-Forwarded-Proto": "https"})
    plain = behind.get("/login", headers=visitor | {"X-Forwarded-Proto": "http"})

    assert (by_tls.status_code, plain.status_code) == (200, 403)


def test_visitor_cannot_claim_tls_where_no_proxy_is_trusted(client):
    claimed = client.get("/login", headers={"X-Forwarded-Proto": "https"}, environ_base=ELSEWHERE)

    assert claimed.status_code == 403


@pytest.mark.parametrize(
    ("address", "name", "secure"),
    [("https://xinqiao.example", "__Host-xinqiao", True), ("http://127.0.0.1", "xinqiao", False)],
)
def test_cookies_follow_the_address(settings, address, name, secure):
    app = create_app(replace(settings, base_url=address), TESTING=True)

    cookie = app.test_client().get("/login", base_url=TLS).headers["Set-Cookie"]

    assert cookie.startswith(f"{name}=")
    assert ("Secure" in cookie) is secure
    assert "Domain" not in cookie

"""The door: forwarded addresses count only behind a proxy, and every answer is fenced."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask, flash, request, send_file
from flask.testing import FlaskClient
from sqlalchemy import update

from app import create_app
from app.access.guards import public
from app.assessments.service import store_responses
from app.cases.models import QueueEntry
from app.config import Settings
from app.platform.db import begin_write, db
from app.platform.web import CONTENT_SECURITY_POLICY, HEADERS, PAGE_HEADERS
from tests.factories import assessments


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


def test_printed_page_rests_in_no_cache(app: Flask, client: FlaskClient) -> None:
    """A sheet of slips holds names and what opens a sitting."""
    app.view_functions["assessments.left"] = lambda: send_file(BytesIO(b"%PDF"), "application/pdf")

    assert client.get("/pause").headers["Cache-Control"] == "no-store"


def test_file_carries_what_concerns_files(client: FlaskClient) -> None:
    found = client.get("/static/js/student.js")
    kept = client.get("/static/js/student.js", headers={"If-None-Match": found.headers["ETag"]})

    assert kept.status_code == 304
    for answer in (found, kept):
        assert set(HEADERS) <= set(answer.headers.items())
        assert "Permissions-Policy" not in answer.headers


@pytest.mark.usefixtures("fixed_clock")
def test_who_is_overtaken_by_the_last_thing_said_is_heard_once_more(app: Flask) -> None:
    """What a view has changed is written at its end; what it told the next page is undone too."""
    with app.app_context():
        begin_write()
        sitting = assessments.sitting("phq9")
        store_responses(assessment=sitting, answers=assessments.answers("phq9", {"q9": 1}))
        db.session.commit()
    tries = []

    @public
    def change() -> str:
        entry = db.session.query(QueueEntry).one()
        if not tries:
            raised = update(QueueEntry).values(version=QueueEntry.version + 1)
            db.session.connection().execute(raised)
        tries.append(entry.version)
        entry.urgency = 4
        flash("Changed.")
        return "changed"

    app.add_url_rule("/changed", view_func=change, methods=["POST"])
    client = app.test_client()

    assert client.post("/changed").text == "changed"
    assert len(tries) == 2
    with client.session_transaction() as session:
        assert session["_flashes"] == [("message", "Changed.")]
    with app.app_context():
        assert db.session.query(QueueEntry).one().urgency == 4

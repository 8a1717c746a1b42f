"""Nobody can tell from the pages who answered what: but for tickets every byte is the same."""

import re

import pytest

from app.platform.db import db
from app.results.models import Flag
from tests.factories import assessments as sittings

TICKETS = re.compile(r'((?:name="(?:csrf_token|visit|ticket)" value|data-ticket)=")[^"]*')


@pytest.fixture
def door(app, made):
    """Slips of one class, so that only the answers differ."""
    tokens = []

    def slips():
        first = sittings.invited()
        tokens.append(first.token)
        tokens.append(sittings.classmate_of(first).token)
        return first

    made(slips, "id")
    return tokens


def _journey(app, token, answers, closing):
    client = app.test_client()
    sittings.walk_in(client, token)
    first_page = sittings.agree(client)
    pages = [
        client.post(first_page, data=answers, follow_redirects=True),
        client.post("/s/2", data=closing, follow_redirects=True),
        client.get(first_page, follow_redirects=True),
    ]
    return [
        (TICKETS.sub(r"\1", page.text), page.status_code, sorted(page.headers.keys()))
        for page in pages
    ]


def test_pages_are_the_same_with_and_without_flags(app, door):
    calm = _journey(app, door[0], sittings.phq9(), sittings.closing())
    urgent = _journey(
        app,
        door[1],
        sittings.phq9(**{f"q{n}": 3 for n in range(1, 10)}),
        sittings.closing(talk=3, company=2, message="我不想活了"),
    )

    with app.app_context():
        assert db.session.query(Flag).count() > 0
    assert calm == urgent

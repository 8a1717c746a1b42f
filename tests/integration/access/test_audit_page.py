"""The auditor's page: the log, its filters and its chain."""

import re

import pytest
from sqlalchemy import update

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.platform import audit
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import people

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def log(app):
    """Sixty deeds of the operator on two sites, the last of them a closing."""
    with app.app_context():
        begin_write()
        first, second = people.site(), people.site()
        for n in range(59):
            audit.record(OPERATOR, "import_roster", first, rows=n)
        audit.record(OPERATOR, "close_campaign", second)
        db.session.commit()
        return first.public_id, second.public_id


@pytest.fixture
def auditor(as_):
    return as_(Role.AUDITOR)


def _numbers(page):
    return [int(n) for n in re.findall(r'<th scope="row" class="number">(\d+)</th>', page)]


def test_newest_deeds_come_first_and_older_ones_by_the_page(auditor, log):
    first, second = (auditor.get(f"/audit?page={n}").text for n in (1, 2))

    assert _numbers(first) + _numbers(second) == list(range(60, 0, -1))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("action=close_campaign", 1),
        ("actor=cli", 50),
        ("actor=nobody", 0),
        ("since=2026-10-12&until=2026-10-12", 50),
        ("since=2026-10-13", 0),
        ("until=2026-10-11", 0),
        ("since=rubbish&page=x", 50),
    ],
)
def test_filters_stand_in_the_address(auditor, log, asked, found):
    assert len(_numbers(auditor.get(f"/audit?{asked}").text)) == found


def test_deeds_on_one_record_are_found_by_its_reference(auditor, log):
    _, second = log

    assert _numbers(auditor.get(f"/audit?object={second}").text) == [60]


def test_chain_that_holds_is_said_to_hold(auditor, log):
    page = auditor.get("/audit/chain").text

    assert (page.count("notice--success"), page.count("notice--error")) == (1, 0)


def test_altered_link_is_found_and_named(app, auditor, log):
    with app.app_context():
        begin_write()
        db.session.execute(
            update(AuditEvent).where(AuditEvent.seq == 7).values(detail='{"rows": 8}')
        )
        db.session.commit()

    page = auditor.get("/audit/chain?lang=en").text

    assert "The chain is broken at entry 7" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_but_the_auditor_reads_the_log(as_, log, role):
    assert as_(role).get("/audit").status_code == 404

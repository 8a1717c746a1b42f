"""A school says of itself what an emergency needs."""

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.people.models import Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import people

FACTS = {
    "duty_phone": "0371-5550101",
    "counselling_room": "二楼",
    "hospital_name": "市医院",
    "hospital_phone": "0371-5550199",
    "guardian_rule": "组长当天电话告知。",
    "opens_at": "07:30",
    "closes_at": "18:00",
    "consent_age": "16",
}


@pytest.fixture
def site(app):
    with app.app_context():
        begin_write()
        site = people.site(code="zy1", hospital_name=None, hospital_phone=None, guardian_rule=None)
        db.session.commit()
        db.session.refresh(site)
    return site


@pytest.mark.parametrize("role", [Role.SITE_STAFF, Role.CRISIS_LEAD, Role.ADMINISTRATOR])
def test_facts_of_the_own_school_are_kept_and_the_log_knows_which(app, site, as_, role):
    client = as_(role, site=site)

    answer = client.post("/sites/zy1", data=FACTS)

    with app.app_context():
        kept = db.session.scalar(select(Site))
        said = {name: str(getattr(kept, name)) for name in FACTS}
        detail = db.session.scalar(select(AuditEvent.detail).order_by(AuditEvent.seq.desc()))
    assert answer.location == "/sites"
    assert said == FACTS | {"opens_at": "07:30:00", "closes_at": "18:00:00"}
    assert "guardian_rule" in detail
    assert "组长" not in detail
    assert "组长当天电话告知。" in client.get("/sites").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("closes_at", "07:00"), ("consent_age", "13"), ("guardian_rule", "长" * 501)],
)
def test_facts_that_cannot_be_are_refused(app, site, as_, field, value):
    answer = as_(Role.SITE_STAFF, site=site).post("/sites/zy1", data=FACTS | {field: value})

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(Site.hospital_name)) is None


def test_what_is_missing_is_said(app, site, as_):
    page = as_(Role.SITE_STAFF, site=site).get("/sites?lang=en").text

    assert page.count("without it no campaign opens") == 3

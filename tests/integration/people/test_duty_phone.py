"""The number that students find on the help page is kept by who plans the duty."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.permissions import Role
from app.people.models import Site
from app.platform.db import begin_write, db
from tests.factories import people

As = Callable[..., FlaskClient]


@pytest.fixture
def site_id(app: Flask) -> int:
    with app.app_context():
        begin_write()
        site = people.site(code="first", duty_phone=None)
        people.site(code="second")
        db.session.commit()
        return site.id


def phone_of(app: Flask, site_id: int) -> str | None:
    with app.app_context():
        return db.session.get(Site, site_id).duty_phone


def test_the_crisis_lead_enters_the_duty_phone(app: Flask, as_: As, site_id: int) -> None:
    client = as_(Role.CRISIS_LEAD)

    client.post("/duty/phone?site=first", data={"phone": "0371-5550101"})

    assert phone_of(app, site_id) == "0371-5550101"


def test_a_number_that_cannot_be_dialled_is_refused(app: Flask, as_: As, site_id: int) -> None:
    client = as_(Role.CRISIS_LEAD)

    client.post("/duty/phone?site=first", data={"phone": "ask the gate"})

    assert phone_of(app, site_id) is None


def test_another_school_changes_nothing(app: Flask, as_: As, site_id: int) -> None:
    with app.app_context():
        elsewhere = db.session.query(Site).filter_by(code="second").one()
        charlie = as_(Role.ADMINISTRATOR, site=elsewhere)

    answer = charlie.post("/duty/phone?site=first", data={"phone": "0371-5550101"})

    assert answer.status_code == 404
    assert phone_of(app, site_id) is None

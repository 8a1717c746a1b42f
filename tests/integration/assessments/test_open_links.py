"""The open link through plain forms: three requests, no redirect."""

import pytest

from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings


@pytest.fixture(autouse=True)
def _clock(fixed_clock):
    """The campaign runs today."""


@pytest.fixture
def address(app):
    """An open link to PHQ-9."""
    with app.app_context():
        begin_write()
        token = sittings.open_link().token
        db.session.commit()
    return f"/o/{token}"


def test_three_requests_make_a_complete_response(app, client, address):
    first = client.get(address)
    visit = {"visit": sittings.hidden(first.text, "visit")}
    second = client.post(
        address, data=visit | {"page": "1", "assent": "yes"} | sittings.phq9(), buffered=True
    )
    third = client.post(address, data=visit | {"page": "2"} | sittings.closing())

    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 200]
    assert "谢谢你认真作答" in third.text
    with app.app_context():
        assessment = db.session.query(Assessment).one()
        assert assessment.state is AssessmentState.SUBMITTED
        assert assessment.student_id is None
        assert db.session.query(Response).count() == 11

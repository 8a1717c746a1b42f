"""Who may be asked: a guardian's consent under the age, else questions about everyday life."""

from datetime import date

import pytest

from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.assessments.service.sittings import needs_neutral
from app.campaigns.models import Invitation
from app.people.domain import ConsentStatus
from app.platform.db import db
from tests.factories import assessments as sittings
from tests.factories import people

#: The tests' day is 2026-10-12.
TURNS_14_TODAY, TURNS_14_TOMORROW = date(2012, 10, 12), date(2012, 10, 13)
TURNS_18_TODAY, TURNS_18_TOMORROW = date(2008, 10, 12), date(2008, 10, 13)
GIVEN, REFUSED, WITHDRAWN = ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN


def _student(*, born, steps=(), site_age=14, grade=9):
    cohort = people.cohort(people.site(consent_age=site_age), grade=grade)
    student = people.student(cohort, birth_date=born)
    people.guardian_says(student, *steps)
    return student


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("situation", "neutral"),
    [
        ({"born": TURNS_14_TOMORROW}, True),
        ({"born": TURNS_14_TODAY}, False),
        ({"born": TURNS_14_TOMORROW, "steps": [GIVEN]}, False),
        ({"born": TURNS_14_TOMORROW, "steps": [REFUSED]}, True),
        ({"born": TURNS_14_TOMORROW, "steps": [GIVEN, WITHDRAWN]}, True),
        ({"born": TURNS_14_TOMORROW, "steps": [REFUSED, GIVEN]}, False),
        ({"born": TURNS_14_TODAY, "site_age": 18}, True),
        ({"born": TURNS_18_TOMORROW, "site_age": 18}, True),
        ({"born": TURNS_18_TODAY, "site_age": 18}, False),
        ({"born": TURNS_14_TODAY, "steps": [REFUSED]}, True),
        ({"born": TURNS_18_TODAY, "steps": [REFUSED]}, False),
        ({"born": None, "grade": 8}, True),
        ({"born": None, "grade": 9}, False),
        ({"born": None, "grade": None}, True),
    ],
)
def test_consent_decides_what_is_asked(situation, neutral):
    student = _student(**situation)

    assert needs_neutral(student) is neutral


def test_without_consent_nothing_of_the_questions_is_stored(app, client, made, heard):
    token = made(sittings.invited, "token", birth_date=TURNS_14_TOMORROW)
    sittings.walk_in(client, token, birthday="20121013")
    first_page = sittings.agree(client)

    page = client.get(first_page).text
    to_closing = client.post(first_page, data={f"neutral.n{n}": "1" for n in range(1, 10)})
    over = client.post(to_closing.location, data=sittings.closing(talk=3))

    assert "phq9" not in page
    assert over.location.startswith("/thanks/")
    with app.app_context():
        assessment = db.session.query(Assessment).one()
        assert (assessment.neutral, assessment.state) == (True, AssessmentState.SUBMITTED)
        assert {row.instrument_code for row in db.session.query(Response)} == {"closing"}
        assert db.session.query(Invitation).one().finished_at is not None
    assert [type(event).__name__ for event in heard] == ["ResponsesStored"]


def test_without_consent_the_pages_have_the_same_shape(app, client, made):
    with_consent = made(sittings.invited, "token")
    without = made(sittings.invited, "token", birth_date=TURNS_14_TOMORROW)

    shapes = []
    for token, birthday in ((with_consent, "20100520"), (without, "20121013")):
        visitor = app.test_client()
        sittings.walk_in(visitor, token, birthday=birthday)
        notice = visitor.get("/s").text
        page = visitor.get(sittings.agree(visitor)).text
        shapes.append(
            (
                [notice.count(tag) for tag in ("<h1", "<form", "<button")],
                [page.count(tag) for tag in ("<h1", "<fieldset", 'type="radio"', "<button")],
                "1–9 / 9" in page,
            )
        )

    assert shapes[0] == shapes[1]


def test_without_consent_taps_get_the_same_receipts(client, made):
    token = made(sittings.invited, "token", birth_date=TURNS_14_TOMORROW)
    sittings.walk_in(client, token, birthday="20121013")
    sittings.agree(client)
    uuid = "9b2c4f0e-6d1a-4f6e-8a55-0d6f0b1c2d3e"

    receipt = client.post(
        "/s/responses", json={"answers": [{"id": uuid, "name": "neutral.n1", "value": 1}]}
    )

    assert receipt.json == {"stored": [uuid], "conflicts": []}

"""The open link through plain forms: three requests, no redirect."""

import pytest

from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.platform.db import db
from tests.factories import assessments as sittings


@pytest.fixture
def address(made):
    """An open link to PHQ-9."""
    return "/o/" + made(sittings.open_link, "token")


def _visit(client, address):
    return {"visit": sittings.hidden(client.get(address).text, "visit")}


def test_three_requests_make_a_complete_response(app, client, address):
    first = client.get(address)
    visit = {"visit": sittings.hidden(first.text, "visit")}
    second = client.post(address, data=visit | {"page": "1", "assent": "yes"} | sittings.phq9())
    third = client.post(address, data=visit | {"page": "2"} | sittings.closing())

    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 200]
    assert "谢谢你认真作答" in third.text
    with app.app_context():
        assessment = db.session.query(Assessment).one()
        assert assessment.state is AssessmentState.SUBMITTED
        assert assessment.student_id is None
        assert db.session.query(Response).count() == 11


def test_page_says_who_watches_and_for_whom_it_is(app, client, address):
    with app.app_context():
        site = db.session.query(Assessment.__mapper__.relationships.site.mapper.class_).one().name

    page = client.get(address).text

    assert f"你的回答由{site}的心理老师查看，时间是上学日 08:00 到 17:30" in page
    assert "我已满 14 周岁" in page


def test_every_visit_is_a_new_respondent(app, client, address):
    for _ in range(2):
        visit = _visit(client, address)
        client.post(address, data=visit | {"page": "1", "assent": "yes"} | sittings.phq9())

    with app.app_context():
        assert db.session.query(Assessment).count() == 2


def test_page_sent_twice_is_one_respondent(app, client, address):
    first = _visit(client, address) | {"page": "1", "assent": "yes"} | sittings.phq9()

    client.post(address, data=first)
    client.post(address, data=first)

    with app.app_context():
        assert db.session.query(Assessment).count() == 1
        assert db.session.query(Response).count() == 9


def test_without_agreeing_nothing_is_stored(app, client, address):
    asked = client.post(address, data=_visit(client, address) | {"page": "1"} | sittings.phq9())

    assert "请先在下面打勾" in asked.text
    with app.app_context():
        assert db.session.query(Assessment).count() == 0


def test_finished_visit_shows_no_answers_again(client, address):
    visit = _visit(client, address)
    first = visit | {"page": "1", "assent": "yes"} | sittings.phq9()
    client.post(address, data=first)
    client.post(address, data=visit | {"page": "2"} | sittings.closing())

    again = client.post(address, data=first)

    assert "谢谢你认真作答" in again.text
    assert "checked" not in again.text


def test_visitor_may_leave_a_way_to_be_reached(app, client, address):
    visit = _visit(client, address)
    client.post(address, data=visit | {"page": "1", "assent": "yes"} | sittings.phq9(q9=2))

    client.post(
        address,
        data=visit | {"page": "2", "closing.contact": "13800000000"} | sittings.closing(company=2),
    )

    with app.app_context():
        contact = db.session.query(Response).filter_by(item_code="contact").one()
        assert contact.text == "13800000000"


def test_taps_of_a_visit_are_saved_under_its_ticket(app, client, address):
    visit = _visit(client, address)
    answer = {"id": "9b2c4f0e-6d1a-4f6e-8a55-0d6f0b1c2d3e", "name": "phq9.q9", "value": 3}

    too_early = client.post(f"{address}/responses", json=visit | {"answers": [answer]})
    agreed = client.post(
        f"{address}/responses", json=visit | {"assent": "yes", "answers": [answer]}
    )

    assert (too_early.status_code, agreed.status_code) == (401, 200)
    with app.app_context():
        assert [row.value for row in db.session.query(Response)] == [3]


def test_link_that_is_not_there_is_not_there(client):
    assert client.get("/o/" + "x" * 22).status_code == 404

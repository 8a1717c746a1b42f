"""The duty board on paper says who answers, whom to call next, and no number of a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.people.models import Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.integration.alarms.conftest import on_duty

LONG = "阿卜杜拉・买买提江・吐尔逊・阿不都热合曼"


@pytest.fixture
def board(as_, staff, cohort):
    """`board(span)`: the answer to whoever leads in a crisis."""
    site = db.session.get_one(Site, cohort.site_id)
    site.duty_phone, site.counselling_room = "0571-1234567", "北楼 203"
    db.session.commit()
    client = as_(Role.CRISIS_LEAD, user=staff.lea)
    return lambda span: client.get(f"/alarms/duty-board.pdf?site={site.code}&span={span}")


def test_board_of_a_week_names_who_answers_and_whom_to_call_next(blank_engine, board, staff):
    answer = board("week")

    assert answer.mimetype == "application/pdf"
    assert "duty-board-2026" in answer.headers["Content-Disposition"]
    [page] = blank_engine
    told = (
        staff.bob.name,
        staff.dora.name,
        staff.lea.name,
        staff.hana.name,
        "0571-1234567",
        "北楼 203",
    )
    assert [one for one in told if one not in page] == []
    assert "12356" in page
    assert page.count('<div class="page">') == 1


def test_board_of_a_month_goes_over_pages_and_leaves_no_day_out(blank_engine, board, staff, cohort):
    begin_write()
    staff.bob.name = LONG
    for day in range(20):
        on_duty(staff.dora, cohort.site_id, since=NOW + timedelta(days=day))
    db.session.commit()

    board("month")

    [page] = blank_engine
    pages = page.count('<div class="page">')
    assert pages > 1
    assert f"第{pages}页，共{pages}页" in page.replace(" ", "")
    assert LONG in page
    days = {f"10月{day}日" for day in range(1, 32)}
    assert [day for day in days if day not in page] == []


def test_board_is_in_the_log(blank_engine, board):
    board("week")

    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert "print_duty_board" in actions

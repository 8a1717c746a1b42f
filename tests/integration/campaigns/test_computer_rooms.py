"""A class's computer room: who opens it, for which class, and until when."""

import re
from datetime import UTC, datetime

import pytest

from app.access.actor import OPERATOR
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.campaigns import queries, service
from app.campaigns.domain import CampaignStateError, PlanError
from app.campaigns.models import Campaign, ComputerRoom
from app.people.models import Cohort, User
from app.people.service.logins import actor_of
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import campaigns, people


@pytest.fixture
def running(in_app, fixed_clock):
    """A class of two, and its running campaign."""
    cohort = people.cohort(people.site())
    for _ in range(2):
        people.student(cohort)
    return campaigns.running(cohort), cohort


def test_room_lasts_until_midnight_at_the_school(running):
    campaign, cohort = running

    room = service.open_computer_room(actor=OPERATOR, campaign=campaign, cohort=cohort, seats=45)

    assert room.closes_at.astimezone(UTC) == datetime(2026, 10, 12, 16, tzinfo=UTC)
    assert re.fullmatch("[2-9A-HJKMNP-Z]{6}", room.token)
    assert queries.computer_room_by_token(f" {room.token.lower()} ") is room


def test_class_has_one_room_at_a_time(running):
    campaign, cohort = running
    choice = {"actor": OPERATOR, "campaign": campaign, "cohort": cohort}

    first = service.open_computer_room(**choice, seats=45)
    again = service.open_computer_room(**choice, seats=40)
    service.close_computer_room(actor=OPERATOR, room=first)
    after = service.open_computer_room(**choice, seats=45)

    assert (again is first, first.seats, after is first) == (True, 40, False)
    assert queries.computer_room_of(campaign, cohort) is after


def test_class_or_size_that_cannot_be_is_refused(running):
    campaign, cohort = running
    stranger = people.cohort(cohort.site)

    for at, seats in ((stranger, 45), (cohort, 0), (cohort, 121)):
        with pytest.raises(PlanError):
            service.open_computer_room(actor=OPERATOR, campaign=campaign, cohort=at, seats=seats)
    service.close_campaign(actor=OPERATOR, campaign=campaign)
    with pytest.raises(CampaignStateError):
        service.open_computer_room(actor=OPERATOR, campaign=campaign, cohort=cohort, seats=45)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.PROCTOR, True),
        (Role.SITE_STAFF, True),
        (Role.COUNSELLOR, True),
        (Role.CLASS_TEACHER, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_who_holds_the_lesson_opens_the_room(running, role, may):
    campaign, cohort = running
    user: User = people.user(role, cohort.site_id)
    choice = {"actor": actor_of(user, role), "campaign": campaign, "cohort": cohort, "seats": 45}
    if may:
        service.open_computer_room(**choice)
    else:
        with pytest.raises(DeniedError):
            service.open_computer_room(**choice)

    assert db.session.query(ComputerRoom).count() == may
    assert db.session.query(AuditEvent).filter_by(action="open_computer_room").count() == may


def test_room_is_opened_shown_and_closed_on_its_page(app, as_, fixed_clock):
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site())
        people.student(cohort)
        campaign = campaigns.running(cohort)
        at = f"/campaigns/{campaign.public_id}/classes/{cohort.public_id}/room"
        ids = campaign.id, cohort.id
        db.session.commit()
        proctor = as_(Role.PROCTOR, site=db.session.get(Cohort, ids[1]).site)

    proposed = proctor.get(at).text
    refused = proctor.post(at, data={"seats": "500"})
    opened = proctor.post(at, data={"seats": "45"})
    shown = proctor.get(at).text
    with app.app_context():
        campaign, cohort = db.session.get(Campaign, ids[0]), db.session.get(Cohort, ids[1])
        token = queries.computer_room_of(campaign, cohort).token
    proctor.post(f"{at}/close")

    assert 'value="1"' in proposed
    assert (refused.status_code, opened.location) == (422, at)
    assert f"/room/{token}" in shown
    assert f"/room/{token}" not in proctor.get(at).text

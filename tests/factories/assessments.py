"""Sittings for tests: slips in hand, open links, and the pages that are pressed through."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.actor import OPERATOR
from app.assessments.domain import Answer, Mode
from app.assessments.models import Assessment
from app.assessments.service import assent, start
from app.campaigns.models import Campaign, ComputerRoom, Invitation, OpenLink
from app.campaigns.service import create_open_link, invite_new_students, open_computer_room
from tests.factories import campaigns, people

BIRTHDAY = date(2010, 5, 20)


def invited(*instrument_codes: str, campaign: Campaign | None = None, **student: Any) -> Invitation:
    """A sixteen-year-old with a slip for a running campaign of these instruments (PHQ-9)."""
    site = people.site()
    cohort = people.cohort(site, grade=10)
    person = people.student(cohort, **{"birth_date": BIRTHDAY} | student)
    battery = campaigns.battery(*(instrument_codes or ("phq9",)))
    campaign = campaign or campaigns.running(cohort, battery=battery)
    return campaigns.invitation(campaign, person)


def classmate_of(invitation: Invitation) -> Invitation:
    """Another student of the class, invited to the same campaign."""
    person = people.student(invitation.cohort, birth_date=BIRTHDAY)
    invite_new_students(actor=OPERATOR, campaign=invitation.campaign)
    return campaigns.invitation(invitation.campaign, person)


def open_link(*instrument_codes: str) -> OpenLink:
    """An anonymous door to a running campaign."""
    return link_of(invited(*instrument_codes))


def link_of(invitation: Invitation) -> OpenLink:
    """An anonymous door to the invitation's campaign, watched by its school."""
    return create_open_link(actor=OPERATOR, campaign=invitation.campaign, site=invitation.site)


def sitting(*instrument_codes: str, **student: Any) -> Assessment:
    """A sitting that was begun and agreed to."""
    invitation = invited(*instrument_codes, **student)
    assessment, _ = start(invitation=invitation, mode=Mode.PHONE, locale="zh_Hans")
    assent(assessment=assessment)
    return assessment


def answers(code: str, values: Mapping[str, int]) -> list[Answer]:
    return [Answer(code, item, value=value) for item, value in values.items()]


def walk_in(client: FlaskClient, token: str, *, birthday: str = "20100520") -> None:
    """From the QR code to the notice."""
    client.get(f"/i/{token}")
    client.post("/i/check", data={"said": birthday})
    client.post("/i/start", data={"where": "alone"})


def agree(client: FlaskClient) -> str:
    """Past the notice; the address of the first page."""
    client.post("/s", data={"next": "yes"})
    return client.get("/s").location


def phq9(**chosen: int) -> dict[str, str]:
    """Every item of PHQ-9 answered with 0 unless chosen otherwise."""
    values = {f"q{n}": 0 for n in range(1, 10)} | chosen
    return {f"phq9.{item}": str(value) for item, value in values.items()}


def closing(*, talk: int = 0, company: int = 0, message: str = "") -> dict[str, str]:
    return {
        "closing.talk": str(talk),
        "closing.company": str(company),
        "closing.message": message,
    }


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def computer_room(invitation: Invitation, *, seats: int = 45) -> ComputerRoom:
    """The computer room of the invitation's class, open until midnight."""
    return open_computer_room(
        actor=OPERATOR, campaign=invitation.campaign, cohort=invitation.cohort, seats=seats
    )


def sit_down(client: FlaskClient, room: str, seat: int, **said: str) -> TestResponse:
    """A machine takes its seat."""
    return client.post(f"/room/{room}", data={"number": str(seat), **said})

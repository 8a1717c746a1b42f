"""Campaigns for tests: a battery of the shipped instruments, classes, invitations."""

from datetime import date
from typing import Any

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.campaigns import service
from app.campaigns.models import Battery, Campaign, Invitation
from app.people.models import Cohort, Site, Student, User
from app.platform.db import db
from tests.factories import alarms, authoring, people
from tests.factories.numbers import numbers


def battery(*instrument_codes: str) -> Battery:
    codes = instrument_codes or ("who5", "phq9", "gad7")
    authoring.published(*codes)
    n = numbers.fresh()
    return service.create_battery(
        actor=OPERATOR,
        code=f"battery{n}",
        title_zh=f"组合{n}",
        title_en=f"Battery {n}",
        instrument_codes=codes,
    )


def draft(*cohorts: Cohort, **chosen: Any) -> Campaign:
    """A planned campaign of the classes; two responders of each school, on duty and rehearsed."""
    n = numbers.fresh()
    defaults: dict[str, Any] = {
        "code": f"campaign{n}",
        "title": f"第{n}次筛查",
        "opens_on": date(2026, 10, 12),
        "closes_on": date(2026, 10, 30),
    }
    if "responders" not in chosen:
        sites = dict.fromkeys(cohort.site for cohort in cohorts)
        chosen["responders"] = {site.id: _responders(site) for site in sites}
    if "battery" not in chosen:
        chosen["battery"] = battery()
    campaign = service.create_campaign(actor=OPERATOR, cohorts=cohorts, **defaults | chosen)
    for part in campaign.sites:
        users = [db.session.get(User, user) for user in chosen["responders"].get(part.site_id, ())]
        alarms.ready(part.site, *(user for user in users if user is not None))
    return campaign


def _responders(site: Site) -> tuple[int, int]:
    first, second = (people.user(Role.COUNSELLOR, site.id) for _ in range(2))
    people.on_duty(site, first, second)
    return first.id, second.id


def running(*cohorts: Cohort, **chosen: Any) -> Campaign:
    """An open campaign; whoever is in the classes by now is invited."""
    campaign = draft(*cohorts, **chosen)
    service.open_campaign(actor=OPERATOR, campaign=campaign)
    return campaign


def invitation(campaign: Campaign, student: Student) -> Invitation:
    return db.session.query(Invitation).filter_by(campaign=campaign, student=student).one()

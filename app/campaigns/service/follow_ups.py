"""One student answers one instrument again: a campaign of one slip that no list knows.

Its answers run through the same path as every other: what is critical raises a flag at the tap.
"""

from datetime import date

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.models import InstrumentVersion
from app.authoring.queries import instrument_of
from app.campaigns import default_texts
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Battery, BatteryPart, Campaign, CampaignSite, Invitation
from app.campaigns.service.batteries import showable_version
from app.campaigns.service.invitations import invite_one
from app.people.models import Student
from app.platform import audit, clock, ids
from app.platform.db import db


def invite_to_follow_up(
    *, actor: Actor, student: Student, instrument_code: str, until: date
) -> Invitation:
    """A slip for one instrument, for this student alone; the actor answers for what comes of it."""
    require(actor, Permission.WORK_CASE, student)
    version = showable_version(instrument_code)
    campaign = campaign_of_one(version, kind=CampaignKind.FOLLOW_UP, until=until)
    campaign.sites.append(CampaignSite(site_id=student.site_id, first_responder_id=actor.user_id))
    db.session.flush()
    invitation = invite_one(campaign, student)
    audit.record(actor, "invite_to_follow_up", invitation, instrument=instrument_code)
    return invitation


def campaign_of_one(version: InstrumentVersion, *, kind: CampaignKind, until: date) -> Campaign:
    """An open campaign with one instrument that no list of screenings knows."""
    campaign = Campaign(
        code=f"again-{ids.new_public_id()}",
        title=instrument_of(version).student_title.get("zh_Hans"),
        kind=kind,
        state=CampaignState.OPEN,
        battery=_battery_of(version),
        opens_on=clock.today(),
        closes_on=until,
        notice_zh=default_texts.NOTICE_ZH,
        notice_en=default_texts.NOTICE_EN,
        assent_zh=default_texts.ASSENT_ZH,
        assent_en=default_texts.ASSENT_EN,
        created_at=clock.now(),
        opened_at=clock.now(),
    )
    db.session.add(campaign)
    return campaign


def _battery_of(version: InstrumentVersion) -> Battery:
    """The battery of this version alone, made when it is first needed."""
    code = f"again-{version.id}"
    battery = db.session.scalar(select(Battery).where(Battery.code == code))
    if battery is None:
        title = instrument_of(version).title
        battery = Battery(code=code, title_zh=title.get("zh_Hans"), title_en=title.get("en"))
        battery.parts = [BatteryPart(position=0, instrument_version=version)]
        db.session.add(battery)
    return battery

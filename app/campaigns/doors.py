"""An open link as a visit finds it: one row, read with every page of the way in."""

from datetime import time
from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, OpenLink
from app.people.models import Site
from app.platform import clock
from app.platform.db import db


class OpenDoor(NamedTuple):
    """An open link as a visit finds it, with what its pages say of campaign and school."""

    id: int
    token: str
    campaign_id: int
    site_id: int
    campaign: str
    battery_id: int
    notice_zh: str
    notice_en: str
    assent_zh: str
    assent_en: str
    school: str
    school_id: str
    counselling_room: str | None
    duty_phone: str | None
    opens_at: time
    closes_at: time


#: Built once: every visit asks it. Columns in the order of `OpenDoor`.
_BY_TOKEN = (
    select(
        *(OpenLink.id, OpenLink.token, OpenLink.campaign_id, OpenLink.site_id),
        *(Campaign.public_id, Campaign.battery_id),
        *(Campaign.notice_zh, Campaign.notice_en, Campaign.assent_zh, Campaign.assent_en),
        *(Site.name, Site.public_id, Site.counselling_room, Site.duty_phone),
        *(Site.opens_at, Site.closes_at),
    )
    .join(Campaign, Campaign.id == OpenLink.campaign_id)
    .join(Site, Site.id == OpenLink.site_id)
    .where(
        OpenLink.token == bindparam("token"),
        OpenLink.closed_at.is_(None),
        Campaign.state == CampaignState.OPEN,
        Campaign.opens_on <= bindparam("today"),
    )
)


def open_door(token: str) -> OpenDoor | None:
    """The open link behind an address, while it is open and its campaign has begun and runs.

    From the first day until somebody closes it: a late visitor is better than a shut door.
    """
    sought = {"token": token, "today": clock.today()}
    row = db.session.connection().execute(_BY_TOKEN, sought).first()
    return OpenDoor._make(row) if row else None

"""Norms of several campaigns: which fit together, and the one sitting that counts of a student."""

from collections.abc import Sequence

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from app.access.actor import Actor
from app.assessments.models import Assessment
from app.campaigns.domain import CampaignState
from app.campaigns.models import Battery, BatteryPart, Campaign, CampaignSite
from app.campaigns.queries import visible_campaigns
from app.platform.db import db
from app.results.models import Administration
from app.results.queries import first_sittings


def poolable(actor: Actor, campaign: Campaign) -> Sequence[Campaign]:
    """Other closed campaigns at a school of the actor's that took part, newest first.

    With at least one instrument in the very version of the campaign: other versions may measure
    something else.
    """
    parts = select(BatteryPart.instrument_version_id)
    same = parts.where(BatteryPart.battery_id == campaign.battery_id)
    sites = select(CampaignSite.site_id).where(CampaignSite.campaign_id == campaign.id)
    if not actor.everywhere:
        sites = sites.where(CampaignSite.site_id.in_(actor.site_ids))
    query = visible_campaigns(actor).where(
        Campaign.id != campaign.id,
        Campaign.state == CampaignState.CLOSED,
        Campaign.sites.any(CampaignSite.site_id.in_(sites)),
        Campaign.battery.has(Battery.parts.any(BatteryPart.instrument_version_id.in_(same))),
    )
    return db.session.scalars(query).all()


def newest_sittings(campaigns: Sequence[Campaign], *, site_id: int, code: str) -> Subquery:
    """Each student of the school once, with the newest of the campaigns that scored the instrument.

    Within it the first sitting counts, as everywhere (`first_sittings`).
    """
    newest_first = sorted(campaigns, key=lambda one: (one.closes_on, one.id), reverse=True)
    every = union_all(
        *(_of_one(each, place, site_id, code) for place, each in enumerate(newest_first))
    ).subquery()
    newest = (
        select(every.c.student_id, func.min(every.c.place).label("place"))
        .group_by(every.c.student_id)
        .subquery()
    )
    return (
        select(every.c.id, every.c.student_id)
        .join(
            newest,
            (newest.c.student_id == every.c.student_id) & (newest.c.place == every.c.place),
        )
        .subquery()
    )


def campaigns_of(sittings: Subquery) -> frozenset[int]:
    """From which campaigns these sittings are."""
    query = select(Assessment.campaign_id).join(sittings, sittings.c.id == Assessment.id).distinct()
    return frozenset(db.session.scalars(query))


def _of_one(campaign: Campaign, place: int, site_id: int, code: str) -> Select[int, int, int]:
    first = first_sittings(
        Assessment.campaign_id == campaign.id,
        Assessment.site_id == site_id,
        Administration.instrument_code == code,
    )
    return select(first.c.id, first.c.student_id, literal(place).label("place"))

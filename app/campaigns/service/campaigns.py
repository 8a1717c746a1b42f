"""Campaigns: planned, opened when somebody can answer a call for help, closed once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict, Unpack

from sqlalchemy import select, update

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns import default_texts
from app.campaigns.domain import (
    CampaignClosed,
    CampaignState,
    CodeTakenError,
    NotReadyError,
    PlanError,
    reminder_day,
)
from app.campaigns.models import Battery, Campaign, CampaignCohort, CampaignSite, OpenLink
from app.campaigns.service.conditions import require_in_charge, require_state
from app.campaigns.service.invitations import invite
from app.campaigns.service.readiness import obstacles
from app.people.models import Cohort
from app.platform import audit, clock, events
from app.platform.db import db

#: Site id → user ids of the first and second responder; the first may be missing in a draft.
Responders = Mapping[int, tuple[int | None, int | None]]


class Plan(TypedDict):
    """What a campaign asks, when, and what students read before it."""

    title: str
    battery: Battery
    opens_on: date
    closes_on: date
    notice_zh: str
    notice_en: str
    assent_zh: str
    assent_en: str


def create_campaign(
    *,
    actor: Actor,
    code: str,
    title: str,
    battery: Battery,
    cohorts: Sequence[Cohort],
    responders: Responders,
    opens_on: date,
    closes_on: date,
    notice_zh: str = default_texts.NOTICE_ZH,
    notice_en: str = default_texts.NOTICE_EN,
    assent_zh: str = default_texts.ASSENT_ZH,
    assent_en: str = default_texts.ASSENT_EN,
) -> Campaign:
    """Plan a campaign; nobody is invited before it opens."""
    _require_classes(actor, cohorts)
    if db.session.scalar(select(Campaign.id).where(Campaign.code == code)):
        raise CodeTakenError(code)
    campaign = Campaign(code=code, state=CampaignState.DRAFT, created_at=clock.now())
    campaign.remind_on = reminder_day(opens_on, closes_on)
    _plan(
        campaign,
        title=title,
        battery=battery,
        opens_on=opens_on,
        closes_on=closes_on,
        notice_zh=notice_zh,
        notice_en=notice_en,
        assent_zh=assent_zh,
        assent_en=assent_en,
    )
    _take_part(campaign, cohorts, responders)
    db.session.add(campaign)
    audit.record(actor, "create_campaign", campaign, classes=len(campaign.cohorts))
    return campaign


def change_campaign(
    *,
    actor: Actor,
    campaign: Campaign,
    cohorts: Sequence[Cohort],
    responders: Responders,
    **plan: Unpack[Plan],
) -> None:
    """Change the plan of a draft: what is open was promised to students and stays."""
    require_in_charge(actor, campaign)
    require_state(campaign, CampaignState.DRAFT)
    _require_classes(actor, cohorts)
    _plan(campaign, **plan)
    campaign.sites.clear()
    campaign.cohorts.clear()
    db.session.flush()
    _take_part(campaign, cohorts, responders)
    audit.record(actor, "change_campaign", campaign, classes=len(campaign.cohorts))


def open_campaign(*, actor: Actor, campaign: Campaign) -> int:
    """Invite every student of the classes; refuse while nobody could answer a call for help."""
    require_in_charge(actor, campaign)
    require_state(campaign, CampaignState.DRAFT)
    if found := obstacles(campaign):
        raise NotReadyError(found)
    campaign.state = CampaignState.OPEN
    campaign.opened_at = clock.now()
    invited = invite(campaign)
    audit.record(actor, "open_campaign", campaign, invitations=invited)
    return invited


def close_campaign(*, actor: Actor, campaign: Campaign) -> None:
    """End the campaign for good, with its open links; sittings under way hear of it."""
    require_in_charge(actor, campaign)
    require_state(campaign, CampaignState.OPEN)
    campaign.state = CampaignState.CLOSED
    campaign.closed_at = clock.now()
    db.session.execute(
        update(OpenLink)
        .where(OpenLink.campaign_id == campaign.id, OpenLink.closed_at.is_(None))
        .values(closed_at=campaign.closed_at)
    )
    events.publish(CampaignClosed(campaign.id))
    # Last, because the chain holds every writer up until the commit, and the sittings that are
    # closed now may be held by those who hand them in.
    audit.record(actor, "close_campaign", campaign)


def _plan(campaign: Campaign, **plan: Unpack[Plan]) -> None:
    if plan["closes_on"] < plan["opens_on"]:
        raise PlanError("the last day lies before the first.")
    for name, value in plan.items():
        setattr(campaign, name, value)


def _require_classes(actor: Actor, cohorts: Sequence[Cohort]) -> None:
    if not cohorts:
        raise PlanError("a campaign needs at least one class.")
    for cohort in cohorts:
        require(actor, Permission.MANAGE_CAMPAIGNS, cohort)


def _take_part(campaign: Campaign, cohorts: Sequence[Cohort], responders: Responders) -> None:
    for cohort in cohorts:
        campaign.cohorts.append(CampaignCohort(site_id=cohort.site_id, cohort=cohort))
    for site_id in dict.fromkeys(cohort.site_id for cohort in cohorts):
        first, second = responders.get(site_id, (None, None))
        campaign.sites.append(
            CampaignSite(site_id=site_id, first_responder_id=first, second_responder_id=second)
        )

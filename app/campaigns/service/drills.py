"""A drill's own campaign: one slip for somebody who does not exist, and no list knows it."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Campaign, CampaignSite, Invitation
from app.campaigns.service.batteries import showable_version
from app.campaigns.service.follow_ups import campaign_of_one
from app.campaigns.service.invitations import invite_one
from app.people.models import Student
from app.platform import audit, clock
from app.platform.db import db


def invite_to_drill(*, actor: Actor, student: Student, instrument_code: str) -> Invitation:
    """A slip of today for the made-up student; the duty roster answers, nobody is named."""
    require(actor, Permission.HOLD_DRILLS, student)
    version = showable_version(instrument_code)
    campaign = campaign_of_one(version, kind=CampaignKind.DRILL, until=clock.today())
    campaign.sites.append(CampaignSite(site_id=student.site_id))
    db.session.flush()
    invitation = invite_one(campaign, student)
    audit.record(actor, "invite_to_drill", invitation, instrument=instrument_code)
    return invitation


def close_drill_campaign(*, campaign: Campaign) -> None:
    """Over with the drill; its one sitting was finished long before."""
    campaign.state, campaign.closed_at = CampaignState.CLOSED, clock.now()

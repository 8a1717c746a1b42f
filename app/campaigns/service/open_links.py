"""Open links: an anonymous door to a campaign, watched by one school."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import CampaignState, NotReadyError, PlanError
from app.campaigns.models import Campaign, OpenLink
from app.campaigns.service.conditions import require_state
from app.campaigns.service.readiness import link_obstacles
from app.people.models import Site
from app.platform import audit, clock, ids
from app.platform.db import db


def create_open_link(*, actor: Actor, campaign: Campaign, site: Site) -> OpenLink:
    """Open an anonymous door whose alerts go to `site`, where somebody answers day and night."""
    require(actor, Permission.MANAGE_CAMPAIGNS, site)
    require_state(campaign, CampaignState.OPEN)
    if site.id not in {part.site_id for part in campaign.sites}:
        raise PlanError("only a school that takes part can watch an open link.")
    if found := link_obstacles(campaign, site):
        raise NotReadyError(found)
    link = OpenLink(campaign=campaign, site=site, token=ids.new_public_id(), created_at=clock.now())
    db.session.add(link)
    audit.record(actor, "create_open_link", link)
    return link


def close_open_link(*, actor: Actor, link: OpenLink) -> None:
    """Close the door; who is inside may finish."""
    require(actor, Permission.MANAGE_CAMPAIGNS, link)
    link.closed_at = link.closed_at or clock.now()
    audit.record(actor, "close_open_link", link)

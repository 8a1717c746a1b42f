"""What this room asks of a school before its campaigns open, and every month while they run."""

from collections.abc import Iterator
from datetime import datetime

from app.access.actor import Actor
from app.alarms import words
from app.alarms.queries.channels import channels_drilled
from app.alarms.queries.drills import is_fresh, last_passed_at, sites_due
from app.campaigns.domain import CampaignKind, Obstacle, ObstacleKind
from app.campaigns.models import Campaign, CampaignSite
from app.cases.domain.stale import StaleRow
from app.people.models import Site
from app.people.queries import responders
from app.platform import clock
from app.platform.db import db


def obstacles_of(campaign_id: int) -> list[Obstacle]:
    """Responders whom nothing reaches, and schools that have not rehearsed (promise P16)."""
    campaign = db.session.get_one(Campaign, campaign_id)
    if campaign.kind is not CampaignKind.SCREENING:
        return []
    return [obstacle for part in campaign.sites for obstacle in _of_part(part)]


def drills_due(actor: Actor, as_of: datetime) -> list[StaleRow]:
    """A line for every school that owes its monthly drill."""
    return [
        StaleRow(
            kind="drill_due",
            since=due.since,
            ref=f"drill:{due.site.code}",
            student=None,
            site=due.site,
            owner=None,
            url=_address("drills", due.site),
            label=words.drill_due(),
            is_of_site=True,
        )
        for due in sites_due(actor, as_of)
    ]


def _of_part(part: CampaignSite) -> Iterator[Obstacle]:
    """Channels first: without them no drill can be passed. Who cannot answer at all is skipped."""
    site = part.site
    able = responders(site)
    named = [user for user in (part.first_responder, part.second_responder) if user in able]
    for user, is_drilled in channels_drilled(site, [user for user in named if user]).items():
        if not is_drilled:
            sentence = words.channel_missing(site.name, user.name or user.login)
            yield _obstacle(site, sentence, _address("reach", site))
    if not is_fresh(last_passed_at(site.id), clock.now()):
        yield _obstacle(site, words.drill_missing(site.name), _address("drills", site))


def _obstacle(site: Site, sentence: str, address: str) -> Obstacle:
    return Obstacle(
        ObstacleKind.OTHER, site.name, site_code=site.code, sentence=sentence, address=address
    )


def _address(page: str, site: Site) -> str:
    return f"/alarms/{page}?site={site.code}"

"""A school's own norms: made of a closed campaign, approved by a person, retired again."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments.models import Assessment
from app.authoring.queries import compiled_of
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignSite
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db, hold_row
from app.results import queries
from app.results.domain import FEWEST_IN_NORMS, NoNormsError
from app.results.local_norms import figures_of
from app.results.models import LocalNorm
from app.results.sampling import samples


def make(*, actor: Actor, campaign: Campaign) -> list[LocalNorm]:
    """Work out norms for each of the actor's schools that took part; they show nowhere yet.

    Norms of every instrument that enough students of the school answered. What was made of the
    same campaign before and not approved is retired.
    """
    if campaign.state is not CampaignState.CLOSED:
        raise NoNormsError
    sites = [site for site in campaign.sites if actor.everywhere or site.site_id in actor.site_ids]
    made = [norm for site in sites for norm in _made(actor, campaign, site)]
    if not made:
        raise NoNormsError
    db.session.add_all(made)
    for norm in made:
        audit.record(actor, "make_norms", norm, people=norm.people)
    return made


def _made(actor: Actor, campaign: Campaign, site: CampaignSite) -> list[LocalNorm]:
    require(actor, Permission.SEE_PSYCHOMETRICS, site)
    versions = queries.versions_of(campaign.id)
    found = samples(
        versions, Assessment.campaign_id == campaign.id, Assessment.site_id == site.site_id
    )
    made = []
    for code, version in versions.items():
        figures = figures_of(compiled_of(version), found[code])
        if not figures:
            continue
        for waiting in queries.waiting_norms(site.site_id, campaign.id, code):
            _retire(actor, waiting)
        made.append(
            LocalNorm(
                site_id=site.site_id,
                campaign_id=campaign.id,
                instrument_version_id=version.id,
                instrument_code=code,
                figures=figures,
                people=max(scale["groups"][-1]["size"] for scale in figures.values()),
                fewest=FEWEST_IN_NORMS,
                made_at=clock.now(),
                made_by_id=actor.user_id,
            )
        )
    return made


def approve(*, actor: Actor, norm: LocalNorm) -> None:
    """From now on profiles of the school show it, in place of what was approved before."""
    require(actor, Permission.APPROVE_NORMS, norm)
    hold_row(Site, norm.site_id)  # at most one of an instrument stands, whoever approves beside us
    db.session.refresh(norm)
    if norm.approved_at is not None or norm.retired_at is not None:
        return
    for standing in queries.standing_norms([norm.site_id]):
        if standing.instrument_code == norm.instrument_code:
            _retire(actor, standing)
    norm.approved_at, norm.approved_by_id = clock.now(), actor.user_id
    audit.record(actor, "approve_norms", norm)


def retire(*, actor: Actor, norm: LocalNorm) -> None:
    """It shows no longer; what it said stays on file."""
    require(actor, Permission.APPROVE_NORMS, norm)
    if norm.retired_at is None:
        _retire(actor, norm)


def _retire(actor: Actor, norm: LocalNorm) -> None:
    norm.retired_at, norm.retired_by_id = clock.now(), actor.user_id
    audit.record(actor, "retire_norms", norm)

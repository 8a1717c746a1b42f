"""A school's own norms: made of closed campaigns, approved by a person, retired again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignSite
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db, hold_row
from app.results import queries
from app.results.domain import FEWEST_IN_NORMS, NoNormsError, SecondPersonError
from app.results.local_norms import figures_of
from app.results.models import LocalNorm
from app.results.pooling import campaigns_of, newest_sittings
from app.results.sampling import samples


@dataclass(frozen=True)
class Reckoned:
    """Figures of one instrument at one school, not kept yet."""

    site_id: int
    version_id: int
    code: str
    figures: dict[str, Any]
    #: Campaigns beside the first that students come from.
    further: frozenset[int]


def reckon(*, actor: Actor, campaign: Campaign, further: Sequence[Campaign] = ()) -> list[Reckoned]:
    """Work out norms for each of the actor's schools that took part; nothing is written.

    Of every instrument that enough students of the school answered, in this campaign or in a
    further one with the same version of it. It takes long: answers must not wait for it, so call it
    outside of a write.
    """
    campaigns = (campaign, *further)
    if any(one.state is not CampaignState.CLOSED for one in campaigns):
        raise NoNormsError
    sites = [site for site in campaign.sites if actor.everywhere or site.site_id in actor.site_ids]
    found = [each for site in sites for each in _reckoned(actor, campaigns, site)]
    if not found:
        raise NoNormsError
    return found


def keep(*, actor: Actor, campaign: Campaign, reckoned: Sequence[Reckoned]) -> list[LocalNorm]:
    """Keep what was worked out of the campaign; it shows nowhere before somebody approves it.

    What was made of the same campaign before and not approved is retired.
    """
    return [_keep(actor, campaign, each) for each in reckoned]


def _reckoned(
    actor: Actor, campaigns: Sequence[Campaign], site: CampaignSite
) -> Iterator[Reckoned]:
    require(actor, Permission.SEE_PSYCHOMETRICS, site)
    asked = {one: queries.versions_of(one.id) for one in campaigns}
    for code, version in asked[campaigns[0]].items():
        pool = [
            one for one in campaigns if code in asked[one] and asked[one][code].id == version.id
        ]
        reckoned = _of_pool(version, pool, site.site_id)
        if reckoned:
            yield reckoned


def _of_pool(
    version: InstrumentVersion, campaigns: Sequence[Campaign], site_id: int
) -> Reckoned | None:
    code = version.code
    sittings = newest_sittings(campaigns, site_id=site_id, code=code)
    figures = figures_of(compiled_of(version), samples({code: version}, sittings)[code])
    further = campaigns_of(sittings) - {campaigns[0].id}
    return Reckoned(site_id, version.id, code, figures, further) if figures else None


def _keep(actor: Actor, campaign: Campaign, reckoned: Reckoned) -> LocalNorm:
    require(actor, Permission.SEE_PSYCHOMETRICS, reckoned)
    for waiting in queries.waiting_norms(reckoned.site_id, campaign.id, reckoned.code):
        _retire(actor, waiting)
    norm = LocalNorm(
        site_id=reckoned.site_id,
        campaign=campaign,
        instrument_version_id=reckoned.version_id,
        instrument_code=reckoned.code,
        figures=reckoned.figures,
        people=max(scale["groups"][-1]["size"] for scale in reckoned.figures.values()),
        fewest=FEWEST_IN_NORMS,
        made_at=clock.now(),
        made_by_id=actor.user_id,
        further=[db.session.get_one(Campaign, each) for each in sorted(reckoned.further)],
    )
    db.session.add(norm)
    campaigns = [one.public_id for one in norm.campaigns]
    audit.record(actor, "make_norms", norm, people=norm.people, campaigns=campaigns)
    return norm


def approve(*, actor: Actor, norm: LocalNorm) -> None:
    """A second person: from now on profiles of the school show it, in place of the one before."""
    require(actor, Permission.APPROVE_NORMS, norm)
    if actor.user_id is None or actor.user_id == norm.made_by_id:
        raise SecondPersonError(norm.public_id)
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

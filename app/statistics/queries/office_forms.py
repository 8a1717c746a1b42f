"""The education office's forms of a school, and what they can be filled from."""

import base64
from collections.abc import Sequence

from sqlalchemy import Select, select

from app.access.actor import Actor
from app.authoring.queries import instrument_of
from app.campaigns.models import Campaign
from app.campaigns.queries import visible_campaigns
from app.instruments.model import Instrument
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform.db import db
from app.results.queries import versions_of
from app.statistics.domain.grid import Spot
from app.statistics.domain.returns import Figure
from app.statistics.models import OfficeForm
from app.statistics.queries.places import closed_campaigns, sites_of

#: Figures are offered of the questionnaires of the newest campaigns.
NEWEST = 3


def visible_forms(actor: Actor) -> Select[OfficeForm]:
    """The forms of the actor's schools, newest first."""
    mine = visible_sites(actor).with_only_columns(Site.id).order_by(None)
    query = select(OfficeForm).where(OfficeForm.site_id.in_(mine))
    return query.order_by(OfficeForm.uploaded_at.desc(), OfficeForm.id.desc())


def find_form(actor: Actor, public_id: str) -> OfficeForm | None:
    """One form, if it is of a school of the actor's."""
    return db.session.scalar(visible_forms(actor).where(OfficeForm.public_id == public_id))


def form_like(site: Site, layout: str) -> OfficeForm | None:
    """The newest form of the school with the same printed words at the same places."""
    query = (
        select(OfficeForm)
        .where(OfficeForm.site_id == site.id, OfficeForm.layout == layout)
        .order_by(OfficeForm.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def file_of(form: OfficeForm) -> bytes:
    """The form as it was uploaded."""
    return base64.b64decode(form.content or "")


def mapping_of(form: OfficeForm) -> dict[Spot, Figure]:
    """Which figure goes where."""
    pairs = ((Spot.parse(spot), Figure.parse(figure)) for spot, figure in form.mapping.items())
    return {spot: figure for spot, figure in pairs if spot and figure}


def campaigns_for(actor: Actor, site: Site) -> Sequence[Campaign]:
    """Closed campaigns of the school, newest first."""
    return [one for one in closed_campaigns(actor) if site in sites_of(actor, one)]


def instruments_for(actor: Actor, site: Site) -> list[Instrument]:
    """The questionnaires of the school's newest campaigns, each once."""
    mine = visible_campaigns(actor).where(Campaign.sites.any(site_id=site.id)).limit(NEWEST)
    found: dict[str, Instrument] = {}
    for campaign in db.session.scalars(mine):
        for code, version in versions_of(campaign.id).items():
            found.setdefault(code, instrument_of(version))
    return list(found.values())

"""On which day each class begins, kept as a proposal that the campaign can follow."""

from collections.abc import Iterable

from sqlalchemy import delete

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.appointments.domain import capacity
from app.appointments.models import ClassDay
from app.campaigns.models import Campaign
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db


def store_class_days(
    *, actor: Actor, site: Site, campaign: Campaign, days: Iterable[capacity.ClassDay]
) -> list[ClassDay]:
    """Replace the school's proposal for this campaign."""
    require(actor, Permission.PLAN_INTERVIEWS, site)
    db.session.execute(
        delete(ClassDay).where(ClassDay.campaign_id == campaign.id, ClassDay.site_id == site.id)
    )
    rows = [
        ClassDay(
            site_id=site.id,
            campaign_id=campaign.id,
            cohort_id=day.key,
            on=day.on,
            proposed_by_id=actor.user_id,
            proposed_at=clock.now(),
        )
        for day in days
    ]
    db.session.add_all(rows)
    audit.record(actor, "store_class_days", campaign, site_id=site.id, classes=len(rows))
    return rows

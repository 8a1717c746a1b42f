"""Reminders: on days that the campaign names, class teachers find one for a class with gaps.

What is laid out is a class and a day. Who is missing is looked up when somebody opens the list, so
that no row ever says of a student that they did not come.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import exists, or_, select

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns import queries
from app.campaigns.domain import CampaignKind, CampaignState, PlanError
from app.campaigns.models import Campaign, ClassReminder
from app.campaigns.service.conditions import require_in_charge
from app.people.models import Cohort
from app.platform import audit, clock
from app.platform.db import db


def set_reminder_days(
    *, actor: Actor, campaign: Campaign, first: date | None, again: date | None
) -> None:
    """Choose the days, also while the campaign runs; without one nobody is reminded."""
    require_in_charge(actor, campaign)
    days = sorted({day for day in (first, again) if day is not None})
    if any(not campaign.opens_on <= day <= campaign.closes_on for day in days):
        raise PlanError("a reminder lies outside the days of the campaign.")
    campaign.remind_on, campaign.remind_again_on = (*days, None, None)[:2]
    audit.record(actor, "set_reminder_days", campaign, days=[day.isoformat() for day in days])


def prepare_reminders() -> int:
    """Lay out what is due today, once a campaign and day; how many classes are reminded."""
    today = clock.today()
    query = select(Campaign).where(
        Campaign.kind == CampaignKind.SCREENING,
        Campaign.state == CampaignState.OPEN,
        Campaign.closes_on >= today,
        or_(Campaign.remind_on <= today, Campaign.remind_again_on <= today),
    )
    return sum(_prepare(campaign, today) for campaign in db.session.scalars(query).all())


def note_list_seen(*, actor: Actor, campaign: Campaign, cohort: Cohort) -> None:
    """Names of who is missing were opened; a class teacher's reminder has done its work."""
    require(actor, Permission.SEE_COMPLETION, cohort)
    audit.record(actor, "see_missing", cohort, campaign=campaign.public_id)
    for reminder in queries.reminders_for(actor):
        if (reminder.campaign_id, reminder.cohort_id) == (campaign.id, cohort.id):
            reminder.seen_at = clock.now()


def note_list_printed(*, actor: Actor, campaign: Campaign, students: int) -> None:
    """The same on paper."""
    require(actor, Permission.SEE_COMPLETION)
    audit.record(actor, "print_missing", campaign, students=students)


def _prepare(campaign: Campaign, today: date) -> int:
    days = [campaign.remind_on, campaign.remind_again_on]
    day = max(day for day in days if day is not None and day <= today)
    laid_out = exists().where(ClassReminder.campaign_id == campaign.id, ClassReminder.on == day)
    if db.session.scalar(select(laid_out)):
        return 0
    classes = _classes(campaign)
    for site_id, cohort_id in classes:
        db.session.add(
            ClassReminder(
                campaign_id=campaign.id,
                site_id=site_id,
                cohort_id=cohort_id,
                on=day,
                prepared_at=clock.now(),
            )
        )
    if classes:
        audit.record(SYSTEM, "prepare_reminders", campaign, classes=len(classes))
    return len(classes)


def _classes(campaign: Campaign) -> list[tuple[int, int]]:
    """Site and class of everybody who is missing, each once."""
    missing: Iterable[tuple[int, int]] = (
        (slip.site_id, slip.cohort_id) for slip in queries.missing(SYSTEM, campaign)
    )
    return list(dict.fromkeys(missing))

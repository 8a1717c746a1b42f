"""Whether interviews fit: expected a day against the roster's slots, and the days of classes.

GET  /interviews/capacity             capacity
GET  /interviews/spread/<campaign>    spread_campaign
POST /interviews/spread/<campaign>    store_spread
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.appointments.domain.capacity import FEW, MANY, Spread, spread
from app.appointments.queries import capacity as queries
from app.appointments.routes.blueprint import bp, site_or_404
from app.appointments.service import spreading as service
from app.campaigns.models import Campaign, CampaignSite
from app.campaigns.queries import visible_campaign, visible_campaigns
from app.people.models import Cohort, Site
from app.people.queries import visible_cohorts, visible_sites
from app.platform.db import db

#: Half-days of duty that the page can add for a try.
MOST_HALF_DAYS = 10


@bp.get("/interviews/capacity")
@requires(Permission.PLAN_INTERVIEWS)
def capacity() -> ResponseReturnValue:
    """What a campaign brings, and what one more half-day of duty would change."""
    site = site_or_404() or abort(404)
    campaigns = _campaigns_of(site)
    chosen = _chosen(campaigns)
    half_days = min(max(request.args.get("half_days", 1, type=int), 1), MOST_HALF_DAYS)
    return render_template(
        "appointments/capacity.html",
        site=site,
        sites=db.session.scalars(visible_sites(current_actor())).all(),
        campaigns=campaigns,
        campaign=chosen,
        capacity=queries.capacity(site, chosen) if chosen else None,
        half_days=half_days,
        most=MOST_HALF_DAYS,
    )


@bp.get("/interviews/spread/<campaign_id>")
@requires(Permission.PLAN_INTERVIEWS)
def spread_campaign(campaign_id: str) -> ResponseReturnValue:
    """On which day each class begins, so that each day's interviews fit."""
    plan = _plan(campaign_id)
    stored = queries.proposed_days(current_actor(), plan.site, plan.campaign)
    return render_template("appointments/spread.html", plan=plan, stored=stored)


@bp.post("/interviews/spread/<campaign_id>")
@requires(Permission.PLAN_INTERVIEWS)
def store_spread(campaign_id: str) -> ResponseReturnValue:
    """Keep the proposal."""
    plan = _plan(campaign_id)
    service.store_class_days(
        actor=current_actor(), site=plan.site, campaign=plan.campaign, days=plan.spread.days
    )
    flash(_("The days of the classes are kept as a proposal."), "success")
    return redirect(plan.address())


@dataclass(frozen=True)
class SpreadPlan:
    """What the page of a spread shows."""

    site: Site
    campaign: Campaign
    percent: int
    shares: Sequence[int]
    slots: dict[object, int]
    cohorts: dict[int, Cohort]
    students: dict[int, int]
    spread: Spread

    def address(self, percent: int | None = None) -> str:
        """This page, at this or another share."""
        return url_for(
            "appointments.spread_campaign",
            campaign_id=self.campaign.public_id,
            site=self.site.code,
            percent=percent or self.percent,
        )


def _plan(campaign_id: str) -> SpreadPlan:
    actor = current_actor()
    campaign = visible_campaign(actor, campaign_id) or abort(404)
    site = site_or_404() or abort(404)
    sizes = queries.class_sizes(site, campaign)
    shares = _shares(site, campaign)
    percent = request.args.get("percent", shares[0], type=int)
    percent = min(max(percent, 1), 100)
    days = queries.slots_by_day(site, queries.coming_school_days(site, campaign))
    cohorts = db.session.scalars(visible_cohorts(actor).where(Cohort.id.in_(sizes)))
    return SpreadPlan(
        site=site,
        campaign=campaign,
        percent=percent,
        shares=shares,
        slots=dict(days),
        cohorts={cohort.id: cohort for cohort in cohorts},
        students={key: size.students for key, size in sizes.items()},
        spread=spread(sizes.values(), days, percent / 100),
    )


def _shares(site: Site, campaign: Campaign) -> list[int]:
    own = queries.own_share(site, campaign).share
    percents = [round(FEW * 100), round(MANY * 100)]
    return percents if own is None else [*percents, max(1, round(own * 100))]


def _campaigns_of(site: Site) -> Sequence[Campaign]:
    query = visible_campaigns(current_actor()).where(
        Campaign.sites.any(CampaignSite.site_id == site.id)
    )
    return db.session.scalars(query).all()


def _chosen(campaigns: Sequence[Campaign]) -> Campaign | None:
    asked = request.args.get("campaign")
    if not asked:
        return campaigns[0] if campaigns else None
    return next((each for each in campaigns if each.public_id == asked), None) or abort(404)

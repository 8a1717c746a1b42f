"""Planning, opening and closing campaigns, and how far they have come.

GET  /campaigns                 index
GET  /campaigns/new             new
POST /campaigns                 create
GET  /campaigns/<id>            show
GET  /campaigns/<id>/edit       edit
POST /campaigns/<id>            update
GET  /campaigns/<id>/open       confirm_open
POST /campaigns/<id>/open       open_
GET  /campaigns/<id>/close      confirm_close
POST /campaigns/<id>/close      close
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.campaigns import queries, service
from app.campaigns.domain import (
    CampaignState,
    CodeTakenError,
    Counts,
    NotReadyError,
    Obstacle,
    PlanError,
)
from app.campaigns.forms import open_link_form
from app.campaigns.models import Campaign
from app.campaigns.routes.blueprint import bp, find_campaign
from app.campaigns.routes.plan import decided, new_plan, plan_form, plan_of, starter_offers
from app.platform.db import db


@bp.get("/campaigns")
@requires(Permission.SEE_CAMPAIGNS)
def index() -> ResponseReturnValue:
    """Every campaign that concerns the reader, newest first."""
    campaigns = db.session.scalars(queries.visible_campaigns(current_actor())).all()
    return render_template(
        "campaigns/index.html",
        campaigns=campaigns,
        totals=queries.totals(current_actor(), campaigns),
    )


@bp.get("/campaigns/new")
@requires(Permission.MANAGE_CAMPAIGNS)
def new() -> ResponseReturnValue:
    """An empty plan with texts that can stay as they are."""
    return render_template(
        "campaigns/plan.html", form=plan_form(new_plan()), campaign=None, offers=starter_offers()
    )


@bp.post("/campaigns")
@requires(Permission.MANAGE_CAMPAIGNS)
def create() -> ResponseReturnValue:
    """Keep the plan as a draft; nobody is invited yet."""
    form = plan_form(new_plan())
    if not form.validate_on_submit():
        return render_template("campaigns/plan.html", form=form, campaign=None), 422
    try:
        campaign = service.create_campaign(
            actor=current_actor(), code=form.code.data, **decided(form)
        )
    except (CodeTakenError, PlanError) as refusal:
        flash(_refusal(refusal), "error")
        return render_template("campaigns/plan.html", form=form, campaign=None), 422
    return redirect(url_for("campaigns.show", public_id=campaign.public_id))


@bp.get("/campaigns/<public_id>")
@requires(Permission.SEE_CAMPAIGNS)
def show(public_id: str) -> ResponseReturnValue:
    """How far each class has come, and what has to be done next."""
    campaign, actor = find_campaign(public_id), current_actor()
    progress, parts = queries.progress(actor, campaign), queries.visible_parts(actor, campaign)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        progress=progress,
        total=sum((row.counts for row in progress), Counts()),
        parts=parts,
        obstacles=_obstacles(campaign),
        pausing=campaign.state is CampaignState.OPEN
        and any(service.must_wait(campaign.id, part.site_id) for part in parts),
        waiting=queries.waiting_slips(actor, campaign),
        links=queries.visible_open_links(actor, campaign),
        link_form=open_link_form(campaign),
    )


@bp.get("/campaigns/<public_id>/edit")
@requires(Permission.MANAGE_CAMPAIGNS)
def edit(public_id: str) -> ResponseReturnValue:
    """The plan of a draft."""
    campaign = find_campaign(public_id)
    form = plan_form(plan_of(campaign))
    return render_template("campaigns/plan.html", form=form, campaign=campaign)


@bp.post("/campaigns/<public_id>")
@requires(Permission.MANAGE_CAMPAIGNS)
def update(public_id: str) -> ResponseReturnValue:
    """Keep the changed plan."""
    campaign = find_campaign(public_id)
    form = plan_form(plan_of(campaign))
    if not form.validate_on_submit():
        return render_template("campaigns/plan.html", form=form, campaign=campaign), 422
    try:
        service.change_campaign(actor=current_actor(), campaign=campaign, **decided(form))
    except PlanError as refusal:
        flash(_refusal(refusal), "error")
        return render_template("campaigns/plan.html", form=form, campaign=campaign), 422
    flash(_("The plan is saved."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


@bp.get("/campaigns/<public_id>/open")
@requires(Permission.MANAGE_CAMPAIGNS)
def confirm_open(public_id: str) -> ResponseReturnValue:
    """What opening means, and what is missing for it; an old address leads to how things stand."""
    campaign = find_campaign(public_id)
    if campaign.state is not CampaignState.DRAFT:
        return redirect(url_for("campaigns.show", public_id=public_id))
    return render_template(
        "campaigns/open.html",
        campaign=campaign,
        obstacles=service.obstacles(campaign),
        expected=queries.expected_students(campaign),
    )


@bp.post("/campaigns/<public_id>/open")
@requires(Permission.MANAGE_CAMPAIGNS)
def open_(public_id: str) -> ResponseReturnValue:
    """Invite everybody, unless nobody could answer a call for help."""
    campaign = find_campaign(public_id)
    try:
        invited = service.open_campaign(actor=current_actor(), campaign=campaign)
    except NotReadyError:
        return redirect(url_for("campaigns.confirm_open", public_id=public_id))
    flash(_("The campaign is open. Invited: %(number)s.", number=invited), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


@bp.get("/campaigns/<public_id>/close")
@requires(Permission.MANAGE_CAMPAIGNS)
def confirm_close(public_id: str) -> ResponseReturnValue:
    """What closing means; an old address leads to how things stand."""
    campaign = find_campaign(public_id)
    if campaign.state is not CampaignState.OPEN:
        return redirect(url_for("campaigns.show", public_id=public_id))
    total = queries.totals(current_actor(), [campaign])[campaign.id]
    return render_template("campaigns/close.html", campaign=campaign, total=total)


@bp.post("/campaigns/<public_id>/close")
@requires(Permission.MANAGE_CAMPAIGNS)
def close(public_id: str) -> ResponseReturnValue:
    """End the campaign for good."""
    service.close_campaign(actor=current_actor(), campaign=find_campaign(public_id))
    flash(_("The campaign is closed."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


def _obstacles(campaign: Campaign) -> list[Obstacle]:
    """What is missing, for who plans a draft."""
    planning = campaign.state is CampaignState.DRAFT
    allowed = can(current_actor(), Permission.MANAGE_CAMPAIGNS)
    return service.obstacles(campaign) if planning and allowed else []


def _refusal(refusal: Exception) -> str:
    words: str = _("Please choose at least one class.")
    if isinstance(refusal, CodeTakenError):
        words = _("Another campaign has this short code. Please choose another one.")
    return words

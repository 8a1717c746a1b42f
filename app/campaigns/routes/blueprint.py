"""The blueprint that every page of this room hangs on, and what all of them need."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor
from app.campaigns import queries
from app.campaigns.domain import CampaignStateError, Obstacle, ObstacleKind
from app.campaigns.models import Campaign
from app.campaigns.words import obstacle_words, state_name
from app.people.models import Cohort
from app.platform import clock

bp = Blueprint("campaigns", "app.campaigns", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "state_name": state_name,
        "obstacle_words": obstacle_words,
        "obstacle_address": obstacle_address,
    }


def obstacle_address(obstacle: Obstacle, campaign: Campaign) -> str:
    """The page on which an obstacle is mended."""
    match obstacle.kind:
        case ObstacleKind.OTHER:
            return obstacle.address
        case ObstacleKind.DUTY_GAP if obstacle.gap:
            week = clock.local(obstacle.gap.starts_at).date()
            return url_for("people.duty", site=obstacle.site_code, week=week)
        case ObstacleKind.NO_DUTY_PHONE | ObstacleKind.NO_HOSPITAL | ObstacleKind.NO_GUARDIAN_RULE:
            return url_for("people.edit_site", code=obstacle.site_code)
    return url_for("campaigns.edit", public_id=campaign.public_id)


@bp.errorhandler(CampaignStateError)
def _moved_on(_error: CampaignStateError) -> ResponseReturnValue:
    """Somebody else was quicker, or the page stood open for long: show how things are now."""
    flash(_("The campaign has moved on meanwhile. This is how it stands now."), "error")
    public_id = (request.view_args or {})["public_id"]
    return redirect(url_for("campaigns.show", public_id=public_id))


def find_campaign(public_id: str) -> Campaign:
    """The campaign of this address, or 404 when it is not there or not yours."""
    return queries.visible_campaign(current_actor(), public_id) or abort(404)


def find_class(campaign: Campaign, cohort_id: str) -> Cohort:
    """A class that takes part, and is the reader's."""
    classes = queries.visible_taking_part(current_actor(), campaign)
    found = (cohort for _part, cohort, _site in classes if cohort.public_id == cohort_id)
    return next(found, None) or abort(404)

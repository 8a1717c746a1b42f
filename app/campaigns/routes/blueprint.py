"""The blueprint that every page of this room hangs on, and what all of them need."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor
from app.campaigns import queries
from app.campaigns.domain import CampaignStateError
from app.campaigns.models import Campaign
from app.campaigns.words import obstacle_words, state_name

bp = Blueprint("campaigns", "app.campaigns", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"state_name": state_name, "obstacle_words": obstacle_words}


@bp.errorhandler(CampaignStateError)
def _moved_on(_error: CampaignStateError) -> ResponseReturnValue:
    """Somebody else was quicker, or the page stood open for long: show how things are now."""
    flash(_("The campaign has moved on meanwhile. This is how it stands now."), "error")
    public_id = (request.view_args or {})["public_id"]
    return redirect(url_for("campaigns.show", public_id=public_id))


def find_campaign(public_id: str) -> Campaign:
    """The campaign of this address, or 404 when it is not there or not yours."""
    return queries.visible_campaign(current_actor(), public_id) or abort(404)

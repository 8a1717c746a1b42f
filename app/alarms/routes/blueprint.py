"""The blueprint that every page of this room hangs on, and the banner of the whole desk."""

from flask import Blueprint, abort, request

from app.access.guards import current_actor
from app.alarms import words
from app.people.models import Site
from app.people.queries import chosen_site
from app.platform import clock

bp = Blueprint("alarms", "app.alarms", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words, "now": clock.now}


def site_or_404() -> Site | None:
    """The school that the address asks for, or the first; None for who has no school."""
    asked = request.args.get("site")
    site = chosen_site(current_actor(), asked)
    if asked and site is None:
        abort(404)
    return site

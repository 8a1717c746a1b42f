"""The blueprint that every page of this room hangs on, and the school that a page is about."""

from flask import Blueprint, abort, request

from app.access.guards import current_actor
from app.meetings import words
from app.meetings.figure_words import figure_rows
from app.people.models import Site
from app.people.queries import chosen_site
from app.platform import clock

bp = Blueprint("meetings", "app.meetings", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words, "today": clock.today, "figure_rows": figure_rows}


def asked_site() -> Site:
    """The school that the address names, or the first of the actor's."""
    return chosen_site(current_actor(), request.args.get("site")) or abort(404)

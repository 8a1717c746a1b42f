"""The blueprint that every page of this room hangs on, and the draft that a page is about."""

from flask import Blueprint, abort

from app.access.guards import current_actor
from app.authoring import words
from app.authoring.models import InstrumentDraft
from app.authoring.queries import drafts as queries

bp = Blueprint("authoring", "app.authoring", template_folder="templates")


@bp.context_processor
def _vocabulary() -> dict[str, object]:
    return {"words": words}


def asked_draft(draft_id: str) -> InstrumentDraft:
    """The draft that the address names, if the actor may see it."""
    return queries.find_draft(current_actor(), draft_id) or abort(404)

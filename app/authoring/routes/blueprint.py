"""The blueprint that every page of this room hangs on, and the draft that a page is about."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor
from app.authoring import words
from app.authoring.domain import DraftStateError
from app.authoring.models import InstrumentDraft
from app.authoring.queries import drafts as queries
from app.platform.db import db

bp = Blueprint("authoring", "app.authoring", template_folder="templates")


@bp.errorhandler(DraftStateError)
def _moved_on(_error: DraftStateError) -> ResponseReturnValue:
    """Somebody was quicker, or the page was old; nothing of this request is kept."""
    db.session.rollback()
    flash(_("The draft has changed meanwhile; please look at it again."), "error")
    return redirect(url_for("authoring.drafts"), 303)


@bp.context_processor
def _vocabulary() -> dict[str, object]:
    return {"words": words}


def asked_draft(draft_id: str) -> InstrumentDraft:
    """The draft that the address names, if the actor may see it."""
    return queries.find_draft(current_actor(), draft_id) or abort(404)

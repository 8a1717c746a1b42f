"""The blueprint that every page of this room hangs on, and the banner of the whole desk."""

from flask import Blueprint

from app.alarms import words
from app.platform import clock

bp = Blueprint("alarms", "app.alarms", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words, "now": clock.now}

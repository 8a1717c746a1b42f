"""Two addresses for whoever watches the machine: is it alive, can it serve."""

from flask import Blueprint
from sqlalchemy import text

from app.platform.db import db

bp = Blueprint("health", __name__)


def _open_to_all(view):  # type: ignore[no-untyped-def] # a decorator keeps its view's type
    view.required = None
    return view


@bp.get("/healthz")
@_open_to_all
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@_open_to_all
def ready() -> dict[str, str]:
    """The database answers too."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}

"""Two addresses for whoever watches the machine: is it alive, can it serve."""

from flask import Blueprint
from sqlalchemy import text

from app.platform.db import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> dict[str, str]:
    """The database answers too."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


# The basement does not know the guards, so it says by hand that these two are public.
alive.required = ready.required = None  # type: ignore[attr-defined]

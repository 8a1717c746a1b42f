"""Two addresses for whoever watches the machine: is it alive, can it serve."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.platform import beats, events
from app.platform.db import db

bp = Blueprint("health", __name__)


@dataclass(frozen=True)
class FiguresAsked:
    """A question to the rooms: which numbers should who watches see? Answers: (name, number)."""


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The web answers, and so does the worker: without it no alarm leaves the house."""
    silent = beats.silence()
    if silent is None:
        return {"status": "ok"}
    since = silent.since.isoformat(timespec="seconds") if silent.since else None
    return {"status": "silent", "silent": ["worker"], "since": since}, 503


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """The web can serve: the database answers; figures that should be zero stand beside it."""
    db.session.execute(text("SELECT 1"))
    figures: dict[str, Any] = dict(events.ask(FiguresAsked()))
    return {"status": "ok", **figures}


# The basement does not know the guards, so it says by hand that these two are public.
alive.required = ready.required = None  # type: ignore[attr-defined]

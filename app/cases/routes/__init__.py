"""Pages of the queue, of cases, of profiles and of printing."""

from app.cases.routes import cases, hand_overs, profiles, queue, releases
from app.cases.routes.blueprint import bp

__all__ = ["bp", "cases", "hand_overs", "profiles", "queue", "releases"]

"""Pages of the queue, of cases, of profiles and of printing."""

from app.cases.routes import cases, partners, profiles, queue, referrals, releases, replies, stale
from app.cases.routes.blueprint import bp

__all__ = [
    "bp",
    "cases",
    "partners",
    "profiles",
    "queue",
    "referrals",
    "releases",
    "replies",
    "stale",
]

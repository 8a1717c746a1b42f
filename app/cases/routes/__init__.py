"""Pages of the queue, of cases, of profiles and of printing."""

from app.cases.routes import (
    cases,
    closings,
    conferences,
    contacts,
    guardians,
    holidays,
    leaves,
    measures,
    owners,
    partners,
    plans,
    profiles,
    queue,
    referrals,
    releases,
    replies,
    stale,
)
from app.cases.routes.blueprint import bp

__all__ = [
    "bp",
    "cases",
    "closings",
    "conferences",
    "contacts",
    "guardians",
    "holidays",
    "leaves",
    "measures",
    "owners",
    "partners",
    "plans",
    "profiles",
    "queue",
    "referrals",
    "releases",
    "replies",
    "stale",
]

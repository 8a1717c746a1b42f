"""Pages of the queue, of cases, of profiles and of printing."""

from app.cases.routes import cases, conferences, profiles, queue, releases
from app.cases.routes.blueprint import bp

__all__ = ["bp", "cases", "conferences", "profiles", "queue", "releases"]

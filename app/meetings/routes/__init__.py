"""Pages of review meetings and of supervision."""

from app.meetings.routes import reviews, supervision
from app.meetings.routes.blueprint import bp

__all__ = ["bp", "reviews", "supervision"]

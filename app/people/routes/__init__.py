"""Pages about people: log-in and start page here, the others beside it."""

from app.people.routes import logins
from app.people.routes.blueprint import bp

__all__ = ["bp", "logins"]

"""Pages about people: log-in and start page, register, imports, duty, schools, accounts."""

from app.people.routes import duty, imports, logins, rosters, sites, staff
from app.people.routes.blueprint import bp

__all__ = ["bp", "duty", "imports", "logins", "rosters", "sites", "staff"]

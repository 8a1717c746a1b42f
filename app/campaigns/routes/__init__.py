"""Pages about campaigns, one module a noun."""

from app.campaigns.routes import batteries, campaigns, invitations, open_links, reminders
from app.campaigns.routes.blueprint import bp

__all__ = ["batteries", "bp", "campaigns", "invitations", "open_links", "reminders"]

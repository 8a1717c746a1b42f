"""Pages about campaigns, one module a noun."""

from app.campaigns.routes import (
    batteries,
    campaigns,
    computer_rooms,
    invitations,
    open_links,
    reminders,
)
from app.campaigns.routes.blueprint import bp

__all__ = [
    "batteries",
    "bp",
    "campaigns",
    "computer_rooms",
    "invitations",
    "open_links",
    "reminders",
]

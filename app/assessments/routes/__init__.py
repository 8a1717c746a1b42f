"""Pages of a sitting: the doors, the questions, and what everybody sees at the end."""

from app.assessments.routes import (
    board,
    doors,
    help,
    open_links,
    outbox,
    previews,
    seats,
    sittings,
    words,
)
from app.assessments.routes.blueprint import bp

__all__ = [
    "board",
    "bp",
    "doors",
    "help",
    "open_links",
    "outbox",
    "previews",
    "seats",
    "sittings",
    "words",
]

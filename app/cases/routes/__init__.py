"""Pages of the queue, of cases, of profiles and of printing."""

from app.cases.routes import cases, profiles, queue, releases, student_words, tags
from app.cases.routes.blueprint import bp

__all__ = ["bp", "cases", "profiles", "queue", "releases", "student_words", "tags"]

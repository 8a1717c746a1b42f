"""Pages of the library and of the authors' desk."""

from app.authoring.routes import drafts, library, media, reviews, starter, translations, trials
from app.authoring.routes.blueprint import bp

__all__ = ["bp", "drafts", "library", "media", "reviews", "starter", "translations", "trials"]

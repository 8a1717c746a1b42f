"""Pages of the library and of the authors' desk."""

from app.authoring.routes import drafts, library, reviews
from app.authoring.routes.blueprint import bp

__all__ = ["bp", "drafts", "library", "reviews"]

"""The pages of results."""

from app.results.routes import budget as budget
from app.results.routes import items as items
from app.results.routes import rescorings as rescorings
from app.results.routes import sittings as sittings
from app.results.routes import weighings as weighings
from app.results.routes.blueprint import bp as bp

"""The pages of group reports."""

from app.statistics.routes import office_forms as office_forms
from app.statistics.routes import quality as quality
from app.statistics.routes import reports as reports
from app.statistics.routes.blueprint import bp as bp

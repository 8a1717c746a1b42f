"""The pages of group reports and research exports."""

from app.statistics.routes import exports as exports
from app.statistics.routes import office_forms as office_forms
from app.statistics.routes import quality as quality
from app.statistics.routes import reports as reports
from app.statistics.routes.blueprint import bp as bp

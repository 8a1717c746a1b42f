"""How well a screening worked.

GET /reports/<campaign>/schools/<code>/quality   quality
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access.guards import requires
from app.access.permissions import Permission
from app.authoring.queries import instrument_of
from app.results.queries import versions_of
from app.statistics import words
from app.statistics.queries.quality import quality_of
from app.statistics.routes.blueprint import bp
from app.statistics.routes.reports import asked_school


@bp.get("/reports/<public_id>/schools/<code>/quality")
@requires(Permission.SUPERVISE)
def quality(public_id: str, code: str) -> ResponseReturnValue:
    """Reached, flagged, met: as it stands now."""
    campaign, site = asked_school(public_id, code)
    titles = {
        code: instrument_of(version).title for code, version in versions_of(campaign.id).items()
    }
    return render_template(
        "statistics/quality.html",
        campaign=campaign,
        site=site,
        found=quality_of(campaign, site),
        titles=titles,
        words=words,
    )

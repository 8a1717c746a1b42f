"""How the items of an instrument did in closed campaigns.

GET /instruments/<code>/item-figures   item_figures
"""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.access.guards import requires
from app.access.permissions import Permission
from app.authoring.queries import instrument_of, versions_of
from app.results.domain import FEWEST_IN_FIGURES
from app.results.item_figures import MOST_STUDENTS
from app.results.item_figures import item_figures as figures_of
from app.results.routes.blueprint import bp


@bp.get("/instruments/<code>/item-figures")
@requires(Permission.SEE_ITEM_FIGURES)
def item_figures(code: str) -> ResponseReturnValue:
    """Which items hang together and which do not; no school, no person, no small number."""
    versions = versions_of(code) or abort(404)
    return render_template(
        "results/item_figures.html",
        instrument=instrument_of(versions[0]),
        figures=figures_of(code),
        fewest=FEWEST_IN_FIGURES,
        most=MOST_STUDENTS,
    )

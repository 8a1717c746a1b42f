"""The library of instruments as it is in service.

GET /instruments          index
GET /instruments/<code>   show
"""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.access.guards import requires
from app.access.permissions import Permission
from app.authoring import queries
from app.authoring.domain import UnknownInstrumentError
from app.authoring.routes.blueprint import bp
from app.platform.i18n import choose_locale


@bp.get("/instruments")
@requires(Permission.SEE_INSTRUMENTS)
def index() -> ResponseReturnValue:
    """Every instrument in service, and how far its wording may be trusted."""
    instruments = [queries.instrument_of(version) for version in queries.library()]
    return render_template("authoring/index.html", instruments=instruments, locale=choose_locale())


@bp.get("/instruments/<code>")
@requires(Permission.SEE_INSTRUMENTS)
def show(code: str) -> ResponseReturnValue:
    """One instrument: what it asks, how it is scored, and on whose word."""
    try:
        version = queries.current_version(code)
    except UnknownInstrumentError:
        abort(404)
    return render_template(
        "authoring/show.html",
        version=version,
        instrument=queries.instrument_of(version),
        locale=choose_locale(),
    )

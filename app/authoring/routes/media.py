"""Pictures and recordings of published questionnaires, as students' pages ask for them.

GET /media/<code>/<version>/<path:name>   medium
"""

from io import BytesIO

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.authoring import queries
from app.authoring.routes.blueprint import bp
from app.instruments.media import media_type
from app.platform.statics import YEAR


@bp.get("/media/<code>/<version>/<path:name>")
@public
def medium(code: str, version: str, name: str) -> ResponseReturnValue:
    """One file of a version: it says nothing about anybody, and a version never changes.

    In parts, too: without them iPhones play no recording.
    """
    found = queries.version_of(code, version) or abort(404)
    content = queries.instrument_of(found).source.media.get(name)
    if content is None:
        abort(404)
    response = send_file(
        BytesIO(content),
        mimetype=media_type(name),
        etag=found.content_hash,
        conditional=True,
    )
    if request.args.get("v") == found.content_hash[:10]:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response

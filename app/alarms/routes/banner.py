"""The banner on every page of the desk of who may be called.

GET  /alarms/banner             banner
"""

import hashlib

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.alarms.queries import alerts as queries
from app.alarms.queries.channels import unconfirmed_tests
from app.alarms.routes.blueprint import bp
from app.platform import i18n

#: How many calls have a button of their own; the others are counted.
SHOWN = 3


@bp.app_template_global()
def alarm_banner() -> Markup:
    """The banner and what asks for it; nothing for who is never called, or is not logged in."""
    if not current_user.is_authenticated or "actor" not in g:
        return Markup()
    if not can(current_actor(), Permission.RECEIVE_ALARMS):
        return Markup()
    page = render_template("alarms/_holder.html", csrf=generate_csrf(), **_content())
    return Markup(page)  # noqa: S704 -- our own template


@bp.get("/alarms/banner")
@requires(Permission.RECEIVE_ALARMS)
def banner() -> ResponseReturnValue:
    """What is open for this person, for the page that keeps asking; 304 while the same."""
    # The token of forms changes every second, and the tag with it: the page puts in its own.
    page = render_template("alarms/_banner.html", csrf="", **_content())
    response = make_response(page)
    response.set_etag(hashlib.sha256(f"{i18n.choose_locale()} {page}".encode()).hexdigest()[:20])
    return response.make_conditional(request)


def _content() -> dict[str, object]:
    actor = current_actor()
    calls = queries.calls_for(actor)
    return {
        "calls": calls[:SHOWN],
        "total": len(calls),
        "tests": unconfirmed_tests(actor),
        "sees_queue": can(actor, Permission.SEE_QUEUE),
    }

"""Drills: hold one, watch it, and read how the earlier ones went.

GET  /alarms/drills                   drills
POST /alarms/drills                   start_drill
GET  /alarms/drills/script.pdf        drill_script
GET  /alarms/drills/<id>              drill
GET  /alarms/drills/<id>/steps        drill_steps
POST /alarms/drills/<id>/end          end_drill
"""

import hashlib

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.alarms.domain import DrillError
from app.alarms.models import Drill
from app.alarms.printing import script_pdf
from app.alarms.queries import drills as queries
from app.alarms.routes.blueprint import bp, site_or_404
from app.alarms.script import EVERY, LASTS, SCRIPT
from app.alarms.service import drills as service
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform.db import db
from app.platform.i18n import choose_locale
from app.platform.pdf import PdfError

LANGUAGES = ("zh_Hans", "en")


@bp.get("/alarms/drills")
@requires(Permission.HOLD_DRILLS)
def drills() -> ResponseReturnValue:
    """What a school needs for a drill, the one that runs, and how the earlier ones went."""
    return _page(site_or_404())


@bp.post("/alarms/drills")
@requires(Permission.HOLD_DRILLS)
def start_drill() -> ResponseReturnValue:
    """From here on everything is real but the student."""
    site = site_or_404() or abort(404)
    try:
        drill = service.start_drill(actor=current_actor(), site=site)
    except DrillError:
        return _page(site), 409
    flash(_("The drill has begun. Look at the clock."), "success")
    return redirect(url_for("alarms.drill", drill_id=drill.public_id))


@bp.get("/alarms/drills/script.pdf")
@requires(Permission.HOLD_DRILLS)
def drill_script() -> ResponseReturnValue:
    """The script to hold in the hand, in the language that is asked for."""
    site = site_or_404() or abort(404)
    asked = request.args.get("in", "")
    locale = asked if asked in LANGUAGES else choose_locale()
    try:
        with force_locale(locale):
            content = script_pdf(site, locale=locale, printed_by=current_user.name)
    except PdfError as error:
        flash(str(error), "error")
        return redirect(url_for("alarms.drills", site=site.code))
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="drill.pdf"'
    return response


@bp.get("/alarms/drills/<drill_id>")
@requires(Permission.HOLD_DRILLS)
def drill(drill_id: str) -> ResponseReturnValue:
    """The checklist, from what has happened."""
    return render_template("alarms/drill.html", **_content(_drill(drill_id)))


@bp.get("/alarms/drills/<drill_id>/steps")
@requires(Permission.HOLD_DRILLS)
def drill_steps(drill_id: str) -> ResponseReturnValue:
    """The checklist alone, for the page that keeps asking; 304 while the same."""
    page = render_template("alarms/_drill_steps.html", **_content(_drill(drill_id)))
    response = make_response(page)
    response.set_etag(hashlib.sha256(f"{choose_locale()} {page}".encode()).hexdigest()[:20])
    return response.make_conditional(request)


@bp.post("/alarms/drills/<drill_id>/end")
@requires(Permission.HOLD_DRILLS)
def end_drill(drill_id: str) -> ResponseReturnValue:
    """Done: the result is fixed."""
    found = _drill(drill_id)
    try:
        service.end_drill(actor=current_actor(), drill=found)
    except DrillError:
        flash(_("The drill had ended already."), "error")
    return redirect(url_for("alarms.drill", drill_id=drill_id))


def _drill(drill_id: str) -> Drill:
    return queries.find_drill(current_actor(), drill_id) or abort(404)


def _content(found: Drill) -> dict[str, object]:
    sees_queue = can(current_actor(), Permission.SEE_QUEUE)
    return {
        "drill": found,
        "steps": queries.steps_of(found),
        "entry": queries.entry_of(found) if sees_queue else None,
        "lasts": LASTS,
    }


def _page(site: Site | None) -> str:
    held = queries.drills_of(current_actor(), site) if site else []
    return render_template(
        "alarms/drills.html",
        site=site,
        sites=db.session.scalars(visible_sites(current_actor())).all(),
        held=held,
        rows=[(each, queries.steps_of(each)) for each in held if each.ended_at],
        running=next((each for each in held if each.ended_at is None), None),
        obstacles=service.obstacles_to_drill(site) if site else [],
        passed_at=queries.last_passed_at(site.id) if site else None,
        is_fresh=queries.is_fresh,
        every=EVERY,
        script=SCRIPT,
    )

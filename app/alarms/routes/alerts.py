"""Alerts: who is called for whom, and the button that ends the calling.

GET  /alarms                    index
POST /alarms/<id>/acknowledge   acknowledge
POST /alarms/<id>/known         know
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.alarms.models import Alert
from app.alarms.queries import alerts as queries
from app.alarms.routes.blueprint import bp
from app.alarms.service import alerts as service
from app.platform.db import db


@bp.get("/alarms")
@requires(Permission.RECEIVE_ALARMS)
def index() -> ResponseReturnValue:
    """Who still calls, who was called when by which channel, and what was answered of late."""
    actor = current_actor()
    return render_template(
        "alarms/index.html",
        board=queries.board(actor),
        sees_queue=can(actor, Permission.SEE_QUEUE),
        holds_drills=can(actor, Permission.HOLD_DRILLS),
        plans_duty=can(actor, Permission.MANAGE_DUTY),
    )


@bp.post("/alarms/<alert_id>/acknowledge")
@requires(Permission.SEE_QUEUE)
def acknowledge(alert_id: str) -> ResponseReturnValue:
    """I am going."""
    alert = queries.find_alert(current_actor(), alert_id) or abort(404)
    service.acknowledge(actor=current_actor(), alert=alert)
    db.session.flush()
    if alert.acknowledged_by_id == current_actor().user_id:
        flash(_("You are going. Nobody else is called."), "success")
    else:
        name = alert.acknowledged_by.name if alert.acknowledged_by else ""
        flash(_("%(name)s was quicker and is going already.", name=name), "success")
    return redirect(_where_to(alert))


@bp.post("/alarms/<alert_id>/known")
@requires(Permission.RECEIVE_ALARMS)
def know(alert_id: str) -> ResponseReturnValue:
    """I have seen it: who cannot see where to go finds somebody who can."""
    alert = queries.find_alert(current_actor(), alert_id) or abort(404)
    service.note_known(actor=current_actor(), alert=alert)
    flash(_("Written down. The others are called on until one of them is going."), "success")
    return redirect(url_for("alarms.index"))


def _where_to(alert: Alert) -> str:
    """Straight to the student."""
    if len(alert.entries) == 1:
        return url_for("cases.entry", entry_id=alert.entries[0].entry.public_id)
    return url_for("alarms.index")

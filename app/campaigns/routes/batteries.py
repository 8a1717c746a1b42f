"""Putting a battery together.

GET  /batteries/new   new_battery
POST /batteries       create_battery
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring.queries import instrument_of, library
from app.campaigns import service
from app.campaigns.domain import CodeTakenError, is_showable
from app.campaigns.forms import BatteryForm, battery_form
from app.campaigns.routes.blueprint import bp
from app.platform.i18n import choose_locale


@bp.get("/batteries/new")
@requires(Permission.MANAGE_CAMPAIGNS)
def new_battery() -> ResponseReturnValue:
    """Choose instruments in order."""
    return render_template("campaigns/battery.html", form=_form())


@bp.post("/batteries")
@requires(Permission.MANAGE_CAMPAIGNS)
def create_battery() -> ResponseReturnValue:
    """Keep the battery, and go on planning."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("campaigns/battery.html", form=form), 422
    try:
        service.create_battery(actor=current_actor(), **form.decided())
    except CodeTakenError:
        flash(_("Another battery has this short code. Please choose another one."), "error")
        return render_template("campaigns/battery.html", form=form), 422
    flash(_("The battery can be chosen now."), "success")
    return redirect(url_for("campaigns.new"))


def _form() -> BatteryForm:
    locale = choose_locale()
    instruments = [instrument_of(version) for version in library()]
    return battery_form([(i.code, i.title.get(locale)) for i in instruments if is_showable(i)])

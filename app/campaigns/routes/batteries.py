"""Putting a battery together.

GET  /batteries/new[?starter=CODE]   new_battery
POST /batteries                      create_battery
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring.queries import instrument_of, library
from app.campaigns import service
from app.campaigns.domain import CodeTakenError, is_showable
from app.campaigns.forms import PLACES, BatteryForm, battery_form
from app.campaigns.routes.blueprint import bp
from app.campaigns.starters import Offer, offers
from app.instruments.model import Instrument
from app.platform.i18n import choose_locale


@bp.get("/batteries/new")
@requires(Permission.MANAGE_CAMPAIGNS)
def new_battery() -> ResponseReturnValue:
    """Choose instruments in order, or begin with a starter."""
    known = _library()
    offered = {offer.starter.code: offer for offer in offers(known)}
    starter = offered.get(request.args.get("starter", ""))
    locale = choose_locale()
    return render_template(
        "campaigns/battery.html",
        form=_form(known, _proposal(starter) if starter else None),
        offers=offered.values(),
        starter=starter,
        left_out=[known[code].title.get(locale) for code in starter.left_out] if starter else [],
    )


@bp.post("/batteries")
@requires(Permission.MANAGE_CAMPAIGNS)
def create_battery() -> ResponseReturnValue:
    """Keep the battery, and go on planning."""
    form = _form(_library())
    if not form.validate_on_submit():
        return render_template("campaigns/battery.html", form=form), 422
    try:
        service.create_battery(actor=current_actor(), **form.decided())
    except CodeTakenError:
        flash(_("Another battery has this short code. Please choose another one."), "error")
        return render_template("campaigns/battery.html", form=form), 422
    flash(_("The battery can be chosen now."), "success")
    return redirect(url_for("campaigns.new"))


def _library() -> dict[str, Instrument]:
    return {version.code: instrument_of(version) for version in library()}


def _form(known: dict[str, Instrument], data: dict[str, object] | None = None) -> BatteryForm:
    locale = choose_locale()
    choices = [(i.code, i.title.get(locale)) for i in known.values() if is_showable(i)]
    return battery_form(choices, data)


def _proposal(offer: Offer) -> dict[str, object]:
    title = offer.starter.title
    return {
        "code": offer.starter.code,
        "title_zh": title.get("zh_Hans"),
        "title_en": title.get("en"),
        "instruments": [*offer.codes, *[""] * (PLACES - len(offer.codes))],
    }

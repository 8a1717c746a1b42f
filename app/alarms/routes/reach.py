"""Whether a school can reach its responders, and when it calls the next one.

GET  /alarms/reach                    reach
POST /alarms/reach                    set_clocks
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.alarms.domain import ClockError, Clocks
from app.alarms.forms import ClocksForm
from app.alarms.queries.alerts import clocks_of
from app.alarms.queries.channels import reach_of
from app.alarms.routes.blueprint import bp, site_or_404
from app.alarms.service import channels as service
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform.db import db


@bp.get("/alarms/reach")
@requires(Permission.MANAGE_DUTY)
def reach() -> ResponseReturnValue:
    """Who of a school has a channel that was tried within seven days."""
    site = site_or_404()
    return _page(site, _form(site) if site else None)


@bp.post("/alarms/reach")
@requires(Permission.MANAGE_DUTY)
def set_clocks() -> ResponseReturnValue:
    """Call the next one earlier."""
    site = site_or_404() or abort(404)
    form = ClocksForm()
    if not (form.validate_on_submit() and _set(site, form)):
        return _page(site, form), 422
    flash(_("The times are saved; they hold for alerts from now on."), "success")
    return redirect(url_for("alarms.reach", site=site.code))


def _form(site: Site) -> ClocksForm:
    clocks = clocks_of(site.id)
    minutes = {
        name: int(getattr(clocks, name).total_seconds()) // 60
        for name in ("second", "lead", "head")
    }
    return ClocksForm(formdata=None, **minutes)


def _set(site: Site, form: ClocksForm) -> bool:
    try:
        chosen = (form.second.data, form.lead.data, form.head.data)
        clocks = Clocks(*(timedelta(minutes=n) for n in chosen))
    except ClockError:
        form.head.errors = [_("Each comes after the one before.")]
        return False
    service.set_clocks(actor=current_actor(), site=site, clocks=clocks)
    return True


def _page(site: Site | None, form: ClocksForm | None) -> str:
    return render_template(
        "alarms/reach.html",
        site=site,
        sites=db.session.scalars(visible_sites(current_actor())).all(),
        people=reach_of(site) if site else [],
        form=form,
    )

"""What a school says of itself, and what it still owes before a campaign opens.

GET  /sites               sites
GET  /sites/<code>/edit   edit_site
POST /sites/<code>        change_site
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.people.forms import SiteForm
from app.people.models import Site
from app.people.queries import visible_site, visible_sites
from app.people.routes.blueprint import bp
from app.people.service import sites as service
from app.platform.db import db


@bp.get("/sites")
@requires(Permission.MANAGE_SITES)
def sites() -> ResponseReturnValue:
    """The schools that the reader looks after."""
    found = db.session.scalars(visible_sites(current_actor())).all()
    return render_template("people/sites.html", sites=found)


@bp.get("/sites/<code>/edit")
@requires(Permission.MANAGE_SITES)
def edit_site(code: str) -> ResponseReturnValue:
    """The facts of one school."""
    site = _site(code)
    return _edit_page(site, SiteForm(formdata=None, obj=site))


@bp.post("/sites/<code>")
@requires(Permission.MANAGE_SITES)
def change_site(code: str) -> ResponseReturnValue:
    """Keep them."""
    site, form = _site(code), SiteForm()
    if not form.validate_on_submit():
        return _edit_page(site, form), 422
    service.change_site(actor=current_actor(), site=site, **form.facts())
    flash(_("Saved."), "success")
    return redirect(url_for("people.sites"))


def _site(code: str) -> Site:
    return visible_site(current_actor(), code) or abort(404)


def _edit_page(site: Site, form: SiteForm) -> str:
    return render_template("people/site_edit.html", site=site, form=form)

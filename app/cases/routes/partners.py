"""The register of partners: hospitals, offices and lines with which a school works.

GET  /partners             partners
GET  /partners/new         new_partner
POST /partners             add_partner
GET  /partners/<id>        partner
POST /partners/<id>        change_partner
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.referrals import PartnerForm
from app.cases.models import PartnerPlace
from app.cases.queries import referrals as queries
from app.cases.routes.blueprint import bp
from app.cases.service import partners as service
from app.cases.service.partners import PlaceFacts
from app.people.models import Site
from app.people.queries import chosen_site, visible_sites
from app.platform.db import db


@bp.get("/partners")
@requires(Permission.MANAGE_PARTNERS)
def partners() -> ResponseReturnValue:
    """The register of the schools that the person may see."""
    return render_template(
        "cases/partners/index.html", places=queries.partners(current_actor()), sites=_sites()
    )


@bp.get("/partners/new")
@requires(Permission.MANAGE_PARTNERS)
def new_partner() -> ResponseReturnValue:
    """An empty form."""
    return _page(PartnerForm(formdata=None), _site(request.args.get("site")), None)


@bp.post("/partners")
@requires(Permission.MANAGE_PARTNERS)
def add_partner() -> ResponseReturnValue:
    """Enter a place."""
    form, site = PartnerForm(), _site(request.form.get("site"))
    if not form.validate_on_submit():
        return _page(form, site, None), 422
    service.add_partner(actor=current_actor(), site=site, facts=_facts(form))
    flash(_("The place is in the register."), "success")
    return redirect(url_for("cases.partners"))


@bp.get("/partners/<partner_id>")
@requires(Permission.MANAGE_PARTNERS)
def partner(partner_id: str) -> ResponseReturnValue:
    """One place, to be read and changed."""
    place = _find(partner_id)
    return _page(PartnerForm(formdata=None, obj=place), place.site, place)


@bp.post("/partners/<partner_id>")
@requires(Permission.MANAGE_PARTNERS)
def change_partner(partner_id: str) -> ResponseReturnValue:
    """Change a place."""
    place, form = _find(partner_id), PartnerForm()
    if not form.validate_on_submit():
        return _page(form, place.site, place), 422
    service.change_partner(actor=current_actor(), place=place, facts=_facts(form))
    flash(_("The register is changed."), "success")
    return redirect(url_for("cases.partners"))


def _page(form: PartnerForm, site: Site, place: PartnerPlace | None) -> str:
    return render_template(
        "cases/partners/edit.html", form=form, site=site, place=place, sites=_sites()
    )


def _facts(form: PartnerForm) -> PlaceFacts:
    return PlaceFacts(
        kind=form.kind.data,
        name=form.name.data or "",
        department=form.department.data or "",
        phone=form.phone.data or "",
        address=form.address.data or "",
        contact=form.contact.data or "",
        notes=form.notes.data or "",
        active=form.active.data,
    )


def _sites() -> list[Site]:
    return list(db.session.scalars(visible_sites(current_actor())))


def _site(code: str | None) -> Site:
    return chosen_site(current_actor(), code) or abort(404)


def _find(partner_id: str) -> PartnerPlace:
    return queries.find_partner(current_actor(), partner_id) or abort(404)

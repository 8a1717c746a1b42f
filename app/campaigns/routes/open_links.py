"""Open links: an anonymous door, shown as an address and a QR code.

POST /campaigns/<id>/links                create_link
GET  /campaigns/<id>/links/<link>         show_link
POST /campaigns/<id>/links/<link>/close   close_link
"""

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns import queries, service
from app.campaigns.domain import NotReadyError
from app.campaigns.forms import open_link_form
from app.campaigns.models import Campaign, OpenLink
from app.campaigns.routes.blueprint import bp, find_campaign
from app.campaigns.slips import qr_code


@bp.post("/campaigns/<public_id>/links")
@requires(Permission.MANAGE_CAMPAIGNS)
def create_link(public_id: str) -> ResponseReturnValue:
    """Open an anonymous door that one school watches."""
    campaign = find_campaign(public_id)
    form = open_link_form(campaign)
    if not form.validate_on_submit():
        abort(422)
    site = next(p.site for p in campaign.sites if p.site.public_id == form.site.data)
    try:
        link = service.create_open_link(actor=current_actor(), campaign=campaign, site=site)
    except NotReadyError as refusal:
        page = render_template(
            "campaigns/link_refused.html", campaign=campaign, obstacles=refusal.obstacles
        )
        return page, 422
    return redirect(url_for("campaigns.show_link", public_id=public_id, link_id=link.public_id))


@bp.get("/campaigns/<public_id>/links/<link_id>")
@requires(Permission.SEE_CAMPAIGNS)
def show_link(public_id: str, link_id: str) -> ResponseReturnValue:
    """The address and its QR code, ready to be put up."""
    campaign = find_campaign(public_id)
    link = _find_link(campaign, link_id)
    address = f"{current_app.config['SETTINGS'].base_url}/o/{link.token}"
    return render_template(
        "campaigns/link.html", campaign=campaign, link=link, address=address, qr=qr_code(address)
    )


@bp.post("/campaigns/<public_id>/links/<link_id>/close")
@requires(Permission.MANAGE_CAMPAIGNS)
def close_link(public_id: str, link_id: str) -> ResponseReturnValue:
    """Close the door."""
    link = _find_link(find_campaign(public_id), link_id)
    service.close_open_link(actor=current_actor(), link=link)
    flash(_("The open link is closed."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


def _find_link(campaign: Campaign, link_id: str) -> OpenLink:
    return queries.visible_open_link(current_actor(), campaign, link_id) or abort(404)

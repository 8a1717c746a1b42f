"""Inviting who came later, printing slips, and giving a hand where a slip is stuck.

POST /campaigns/<id>/invite                 invite
GET  /campaigns/<id>/slips.pdf?cohort=…     slips
POST /campaigns/<id>/slips/<slip>/free      free_slip
POST /campaigns/<id>/slips/<slip>/helped    settle_help
"""

import io

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns import queries, service
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, Invitation
from app.campaigns.routes.blueprint import bp, find_campaign
from app.campaigns.slips import print_slips
from app.platform.db import begin_write
from app.platform.pdf import PdfError


@bp.post("/campaigns/<public_id>/invite")
@requires(Permission.MANAGE_CAMPAIGNS)
def invite(public_id: str) -> ResponseReturnValue:
    """Invite who came into a class after the opening."""
    invited = service.invite_new_students(actor=current_actor(), campaign=find_campaign(public_id))
    flash(
        _("New invitations: %(number)s. Their slips can be printed now.", number=invited)
        if invited
        else _("Everybody in these classes is invited already."),
        "success",
    )
    return redirect(url_for("campaigns.show", public_id=public_id))


@bp.get("/campaigns/<public_id>/slips.pdf")
@requires(Permission.PRINT_SLIPS)
def slips(public_id: str) -> ResponseReturnValue:
    """The slips of one class (`?cohort=`) or of all, to be cut and handed out."""
    campaign = find_campaign(public_id)
    if campaign.state is not CampaignState.OPEN:
        abort(404)
    found = queries.slips(current_actor(), campaign, request.args.get("cohort"))
    if not found:
        abort(404)
    try:
        pdf = print_slips(campaign, found)
    except PdfError as failure:
        flash(str(failure), "error")
        return redirect(url_for("campaigns.show", public_id=public_id))
    # The printing took seconds: only now, for the audit row, does it hold the writers' turn.
    begin_write()
    service.note_slips_printed(actor=current_actor(), campaign=campaign, slips=len(found))
    return send_file(io.BytesIO(pdf), "application/pdf", download_name=f"slips-{campaign.code}.pdf")


@bp.post("/campaigns/<public_id>/slips/<slip_id>/free")
@requires(Permission.FREE_SLIP)
def free_slip(public_id: str, slip_id: str) -> ResponseReturnValue:
    """Let a slip be tried again."""
    campaign = find_campaign(public_id)
    service.free_slip(actor=current_actor(), invitation=_find_slip(campaign, slip_id))
    flash(_("The slip can be used again."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


@bp.post("/campaigns/<public_id>/slips/<slip_id>/helped")
@requires(Permission.FREE_SLIP)
def settle_help(public_id: str, slip_id: str) -> ResponseReturnValue:
    """Somebody has helped with the page."""
    campaign = find_campaign(public_id)
    service.settle_help(actor=current_actor(), invitation=_find_slip(campaign, slip_id))
    flash(_("Thank you. The student is off the list."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


def _find_slip(campaign: Campaign, slip_id: str) -> Invitation:
    return queries.visible_invitation(current_actor(), campaign, slip_id) or abort(404)

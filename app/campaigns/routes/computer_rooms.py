"""The computer room of a class: its address for the machines, and what to do when one fails.

GET  /campaigns/<id>/classes/<cohort>/room         computer_room
POST /campaigns/<id>/classes/<cohort>/room         open_room
POST /campaigns/<id>/classes/<cohort>/room/close   close_room
"""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, require, requires
from app.access.permissions import Permission
from app.campaigns import queries, service
from app.campaigns.forms import ComputerRoomForm
from app.campaigns.models import Campaign, ComputerRoom
from app.campaigns.routes.blueprint import bp, find_campaign, find_class
from app.people.models import Cohort


@bp.get("/campaigns/<public_id>/classes/<cohort_id>/room")
@requires(Permission.WATCH_CLASS)
def computer_room(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """The open room with its address, or the form that opens one."""
    campaign, cohort = _find(public_id, cohort_id)
    room = queries.computer_room_of(campaign, cohort)
    seats = room.seats if room else queries.invited_in(current_actor(), campaign, cohort)
    return _page(campaign, cohort, room, ComputerRoomForm(seats=seats or None))


@bp.post("/campaigns/<public_id>/classes/<cohort_id>/room")
@requires(Permission.WATCH_CLASS)
def open_room(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """Open the room, or change how many seats it has."""
    campaign, cohort = _find(public_id, cohort_id)
    form = ComputerRoomForm()
    if not form.validate_on_submit():
        room = queries.computer_room_of(campaign, cohort)
        return _page(campaign, cohort, room, form), 422
    service.open_computer_room(
        actor=current_actor(), campaign=campaign, cohort=cohort, seats=form.seats.data
    )
    return redirect(url_for(".computer_room", public_id=public_id, cohort_id=cohort_id), 303)


@bp.post("/campaigns/<public_id>/classes/<cohort_id>/room/close")
@requires(Permission.WATCH_CLASS)
def close_room(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """Nobody sits down any more."""
    campaign, cohort = _find(public_id, cohort_id)
    if room := queries.computer_room_of(campaign, cohort):
        service.close_computer_room(actor=current_actor(), room=room)
    flash(_("The computer room is closed. Whoever is still answering may finish."), "success")
    return redirect(url_for(".computer_room", public_id=public_id, cohort_id=cohort_id), 303)


def _page(
    campaign: Campaign, cohort: Cohort, room: ComputerRoom | None, form: ComputerRoomForm
) -> str:
    base = current_app.config["SETTINGS"].base_url
    return render_template(
        "campaigns/computer_room.html",
        campaign=campaign,
        cohort=cohort,
        room=room,
        address=f"{base}/room/{room.token}" if room else "",
        form=form,
    )


def _find(public_id: str, cohort_id: str) -> tuple[Campaign, Cohort]:
    """A class that takes part and that the reader may watch."""
    campaign = find_campaign(public_id)
    cohort = find_class(campaign, cohort_id)
    require(current_actor(), Permission.WATCH_CLASS, cohort)
    return campaign, cohort

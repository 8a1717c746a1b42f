"""The class board: where each student of a class stands, live, while the class answers.

GET  /campaigns/<id>/classes/<cohort>/board                        board
GET  /campaigns/<id>/classes/<cohort>/board/places                 board_places
POST /campaigns/<id>/classes/<cohort>/board/slips/<slip>/helped    helped
POST /campaigns/<id>/classes/<cohort>/board/slips/<slip>/free      free_at_board
"""

import hashlib
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.assessments import queries
from app.assessments.board import URGENT, Completion, Standing, completion, counts, standing
from app.assessments.routes.blueprint import bp
from app.campaigns.models import Campaign, Invitation
from app.campaigns.queries import (
    excused_students,
    visible_campaign,
    visible_invitation,
    visible_taking_part,
)
from app.campaigns.service import free_slip, settle_help
from app.people.models import Cohort
from app.platform import audit, clock, i18n


@bp.get("/campaigns/<public_id>/classes/<cohort_id>/board")
@requires(Permission.SEE_COMPLETION, audits=True)
def board(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """The class as it stands now; the page then asks for what changes."""
    campaign, cohort = _find(public_id, cohort_id)
    audit.record(current_actor(), "see_board", cohort, campaign=campaign.public_id)
    return render_template(
        "assessments/board.html", campaign=campaign, cohort=cohort, **_content(campaign, cohort)
    )


@bp.get("/campaigns/<public_id>/classes/<cohort_id>/board/places")
@requires(Permission.SEE_COMPLETION)
def board_places(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """The places alone; 304 while nothing has changed.

    The names are those of the page that asks, which stands in the log already.
    """
    campaign, cohort = _find(public_id, cohort_id)
    content = _content(campaign, cohort)
    response = make_response()
    tag = _tag(content["places"])
    response.set_etag(tag)
    if tag in request.if_none_match:
        return response.make_conditional(request)
    page = render_template("assessments/_board.html", campaign=campaign, cohort=cohort, **content)
    response.set_data(page)
    return response


@bp.post("/campaigns/<public_id>/classes/<cohort_id>/board/slips/<slip_id>/helped")
@requires(Permission.FREE_SLIP)
def helped(public_id: str, cohort_id: str, slip_id: str) -> ResponseReturnValue:
    """Somebody has helped with the page."""
    settle_help(actor=current_actor(), invitation=_find_slip(public_id, cohort_id, slip_id))
    flash(_("Thank you. The student is off the list."), "success")
    return redirect(url_for("assessments.board", public_id=public_id, cohort_id=cohort_id))


@bp.post("/campaigns/<public_id>/classes/<cohort_id>/board/slips/<slip_id>/free")
@requires(Permission.FREE_SLIP)
def free_at_board(public_id: str, cohort_id: str, slip_id: str) -> ResponseReturnValue:
    """Let a slip be tried again."""
    free_slip(actor=current_actor(), invitation=_find_slip(public_id, cohort_id, slip_id))
    flash(_("The slip can be used again."), "success")
    return redirect(url_for("assessments.board", public_id=public_id, cohort_id=cohort_id))


def standing_name(state: Standing) -> str:
    """Where a student stands, in the reader's language."""
    names: dict[Standing, str] = {
        Standing.HELP: _("Needs help with the page"),
        # Translators: on the class board: three wrong checks, or “this is not me”
        Standing.SLIP: _("The slip does not open"),
        # Translators: on the class board: the device is not heard of any more
        Standing.SILENT: _("No signal"),
        # Translators: on the class board: no answer has come for some minutes
        Standing.STUCK: _("No answer for a while"),
        # Translators: on the class board: is answering
        Standing.UNDER_WAY: _("Answering"),
        # Translators: on the class board: began, and went away long ago
        Standing.LEFT: _("Begun, set aside"),
        # Translators: on the class board: this student has not begun
        Standing.NOT_BEGUN: _("Not begun yet"),
        # Translators: on the class board: this student has finished
        Standing.FINISHED: _("Finished"),
    }
    return names[state]


def completion_name(state: Completion) -> str:
    """All that a class teacher learns, in the reader's language."""
    names: dict[Completion, str] = {
        Completion.FINISHED: _("Finished"),
        # Translators: on a class teacher's list: this student has not finished yet
        Completion.NOT_YET: _("Not yet"),
    }
    return names[state]


def _content(campaign: Campaign, cohort: Cohort) -> dict[str, Any]:
    if can(current_actor(), Permission.WATCH_CLASS, cohort):
        return _live(campaign, cohort)
    return _completed(campaign, cohort)


def _live(campaign: Campaign, cohort: Cohort) -> dict[str, Any]:
    items, now = queries.plan_of_battery(campaign.battery_id).total, clock.now()
    places = [
        (place.slip, standing(place.signs, items=items, now=now), place.seat)
        for place in queries.places(current_actor(), campaign, cohort)
    ]
    return {
        "places": places,
        "urgent": [place for state in URGENT for place in places if place[1] is state],
        "counts": counts(state for _slip, state, _seat in places),
        "name_of": standing_name,
        "is_live": True,
    }


def _completed(campaign: Campaign, cohort: Cohort) -> dict[str, Any]:
    items, now = queries.plan_of_battery(campaign.battery_id).total, clock.now()
    excused = excused_students(current_actor(), campaign, cohort)
    places = [
        (place.slip, completion(place.signs, items=items, now=now, is_excused=is_excused), None)
        for place in queries.places(current_actor(), campaign, cohort)
        for is_excused in [place.slip.student_id in excused]
    ]
    states = [state for _slip, state, _seat in places]
    return {
        "places": places,
        "urgent": [],
        "counts": {state: states.count(state) for state in Completion},
        "name_of": completion_name,
        "is_live": False,
    }


def _tag(places: list[tuple[Invitation, Any, int | None]]) -> str:
    lines = [f"{slip.public_id} {state} {seat or ''}" for slip, state, seat in places]
    return hashlib.sha256("\n".join([i18n.choose_locale(), *lines]).encode()).hexdigest()[:20]


def _find(public_id: str, cohort_id: str) -> tuple[Campaign, Cohort]:
    """A class that takes part in the campaign, and is the reader's."""
    campaign = visible_campaign(current_actor(), public_id) or abort(404)
    classes = visible_taking_part(current_actor(), campaign)
    found = next((each for _part, each, _site in classes if each.public_id == cohort_id), None)
    return campaign, found or abort(404)


def _find_slip(public_id: str, cohort_id: str, slip_id: str) -> Invitation:
    campaign, cohort = _find(public_id, cohort_id)
    slip = visible_invitation(current_actor(), campaign, slip_id) or abort(404)
    return slip if slip.cohort_id == cohort.id else abort(404)

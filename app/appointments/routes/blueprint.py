"""The blueprint that every page of this room hangs on, and how they find what they show."""

from functools import partial

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor
from app.appointments import words
from app.appointments.domain.appointments import AppointmentState, InterviewError, Origin
from app.appointments.models import InterviewDay
from app.appointments.queries import days as queries
from app.cases.words import level_word
from app.people.models import Site
from app.people.queries import chosen_site
from app.platform import carrying, clock
from app.platform.db import db

bp = Blueprint("appointments", "app.appointments", template_folder="templates")

carry_out = partial(carrying.carry_out, refusal=InterviewError, explain=words.explain)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "words": words,
        "level_word": level_word,
        "now": clock.now,
        "today": clock.today,
        "local": clock.local,
        "AppointmentState": AppointmentState,
        "Origin": Origin,
    }


@bp.errorhandler(InterviewError)
def _moved_on(error: InterviewError) -> ResponseReturnValue:
    """A colleague was quicker, or there is no way: say why, and show how things are now."""
    db.session.rollback()
    flash(words.explain(error), "error")
    return redirect(url_for("appointments.index"))


def find_day(public_id: str) -> InterviewDay:
    """The day of the address, or 404."""
    return queries.find_day(current_actor(), public_id) or abort(404)


def site_or_404() -> Site | None:
    """The school that the address asks for, or the first; None for who has no school."""
    asked = request.args.get("site")
    site = chosen_site(current_actor(), asked)
    if asked and site is None:
        abort(404)
    return site

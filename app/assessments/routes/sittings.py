"""The sitting of an invited student: notice, pages, answers saved at the tap.

GET  /s                sitting
POST /s                agree
GET  /s/<number>       page
POST /s/<number>       turn
POST /s/responses      save
POST /s/beat           beat
GET  /s/rest           rest
GET  /s/not-mine       doubt
POST /s/not-mine       give_up
"""

from collections.abc import Mapping
from hmac import compare_digest

from flask import abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments import queries
from app.assessments.domain import UnknownAnswerError
from app.assessments.models import Assessment
from app.assessments.plan import Page, Plan
from app.assessments.routes import cookies, pages
from app.assessments.routes.blueprint import bp
from app.assessments.routes.help import go_away
from app.assessments.routes.receipts import read_parcel, receipt_of
from app.assessments.schools import school
from app.assessments.service import assent, begun_under, decline, disown, take_parcel, ticket_for
from app.assessments.service.doors import last_digits
from app.assessments.service.presence import note_beat, note_move
from app.platform.forms import csrf
from app.platform.web import counts_once


@bp.get("/s")
@public
def sitting() -> ResponseReturnValue:
    """The notice first; after that, where the student left off."""
    assessment = cookies.read_attended()
    if assessment is None:
        return redirect(url_for("assessments.enter"))
    if assessment.assented_at is None:
        notice = None if assessment.neutral else pages.notice(assessment.campaign)
        return pages.show_same("assessments/notice.html", notice=notice)
    return redirect(_where_left(assessment))


@bp.post("/s")
@public
def agree() -> ResponseReturnValue:
    """Yes goes to the first page; no looks like having finished."""
    assessment = cookies.read_sitting()
    if assessment is None:
        return redirect(url_for("assessments.enter"), 303)
    if request.form.get("do") == "decline":
        decline(assessment=assessment)
        return _leave(assessment)
    assent(assessment=assessment)
    note_move(assessment=assessment)
    return redirect(_where_left(assessment), 303)


@bp.get("/s/<int:number>")
@public
def page(number: int) -> ResponseReturnValue:
    """One page of items, with what was answered before."""
    assessment = cookies.read_attended()
    if assessment is None or assessment.assented_at is None:
        return redirect(url_for("assessments.sitting"))
    plan, shown = _find(assessment, number)
    stored = queries.current_responses(assessment.id)
    if not shown.asked(hidden := plan.hidden(stored)):
        return redirect(_address(plan.after(shown, hidden).number))
    return pages.show_page(assessment, plan, shown, _door(assessment, number), stored)


@bp.post("/s/<int:number>")
@public
@csrf.of_its_own
@counts_once
def turn(number: int) -> ResponseReturnValue:
    """Store the page and go on, back, or to a person."""
    assessment = cookies.read_sitting()
    if assessment is None and request.form.get("do") == "leave":
        _keep_for_owner(number)
        return go_away()
    if assessment is None or assessment.assented_at is None or not _is_of(request.form, assessment):
        return _keep_for_owner(number) or redirect(url_for("assessments.sitting"), 303)
    plan, shown = _find(assessment, number)
    try:
        return _turn(assessment, plan, shown)
    except UnknownAnswerError:
        abort(422)


@bp.post("/s/responses")
@public
@csrf.of_its_own
@counts_once
def save() -> ResponseReturnValue:
    """Answers saved at the tap, as JSON; a receipt goes out after the commit.

    Whatever this browser still had to say is taken, also when the sitting is over.
    """
    said = request.get_json(silent=True)
    own = cookies.read_ticket()
    assessment = own if own and _is_of(said, own) else _owner(said)
    if assessment is None or assessment.assented_at is None:
        return jsonify(error="no sitting"), 401
    try:
        parcel = read_parcel(said)
        rows = take_parcel(assessment=assessment, parcel=parcel)
    except UnknownAnswerError:
        return jsonify(error="not an answer of this sitting"), 422
    reply = make_response(receipt_of(parcel, rows))
    is_over = assessment is own and not cookies.is_under_way(assessment)
    return cookies.take_back(reply) if is_over else reply


@bp.get("/s/rest")
@public
def rest() -> ResponseReturnValue:
    """The whole sitting, blank, for a device that may lose its line."""
    assessment = cookies.read_sitting()
    if assessment is None or assessment.assented_at is None:
        abort(404)
    door, plan, site = _door(assessment, 1), queries.plan_for(assessment), assessment.site
    return pages.show_rest(door, plan, school(site), site.public_id, anonymous=False)


@bp.post("/s/beat")
@public
@csrf.of_its_own
@counts_once
def beat() -> ResponseReturnValue:
    """The page says that it is there, and whether it holds answers that do not get out."""
    assessment = cookies.read_sitting()
    said = request.get_json(silent=True)
    if assessment is None or not _is_of(said, assessment):
        return "", 401
    note_beat(
        assessment=assessment, is_waiting=isinstance(said, dict) and bool(said.get("waiting"))
    )
    return "", 204


@bp.get("/s/not-mine")
@public
def doubt() -> ResponseReturnValue:
    """这不是我的, midway: whose pages these are, and what saying so does."""
    assessment = cookies.read_sitting()
    if assessment is None or assessment.invitation is None:
        return redirect(url_for("assessments.enter"))
    return render_template(
        "assessments/doubt.html",
        cohort=assessment.invitation.cohort,
        digits=last_digits(assessment.invitation.student),
    )


@bp.post("/s/not-mine")
@public
def give_up() -> ResponseReturnValue:
    """End the sitting for a person to decide; nothing of it stays in this browser."""
    if assessment := cookies.read_sitting():
        disown(assessment=assessment)
    forward = make_response(redirect(url_for("assessments.disowned", begun=1), 303))
    return cookies.take_back(forward)


def _is_of(said: object, assessment: Assessment) -> bool:
    """Not a page that another student left open, whose browser has gone on to this sitting.

    Nor one of another site, in this student's name: only pages of the sitting know its ticket.
    """
    ticket = said.get("ticket") if isinstance(said, Mapping) else None
    if ticket is None:
        csrf.require_token()
        return True
    return isinstance(ticket, str) and compare_digest(
        ticket.encode(), ticket_for(assessment).encode()
    )


def _owner(said: object) -> Assessment | None:
    """Whose page it is, when the cookie does not say so: the ticket is the right to store."""
    ticket = said.get("ticket") if isinstance(said, Mapping) else None
    return begun_under(ticket) if isinstance(ticket, str) else None


def _keep_for_owner(number: int) -> ResponseReturnValue | None:
    """A page whose sitting goes on elsewhere: what it says is heard, nothing is shown."""
    assessment = _owner(request.form)
    if assessment is None or assessment.assented_at is None:
        return None
    _plan, shown = _find(assessment, number)
    stored = queries.current_responses(assessment.id)
    try:
        if (do := request.form.get("do")) in pages.ASKS:
            return pages.answer_ask(assessment, shown, _door(assessment, number), do, stored)
        pages.keep(assessment, shown, stored)
    except UnknownAnswerError:
        abort(422)
    return None


def _turn(assessment: Assessment, plan: Plan, shown: Page) -> ResponseReturnValue:
    do = request.form.get("do")
    door = _door(assessment, shown.number)
    stored = queries.current_responses(assessment.id)
    if do == "leave":
        pages.keep(assessment, shown, stored)
        return go_away()
    if do in pages.ASKS:
        return pages.answer_ask(assessment, shown, door, do, stored)
    note_move(assessment=assessment)
    if do == "back":
        pages.keep(assessment, shown, stored)
        return redirect(_address(plan.before(shown, plan.hidden(stored)).number, "last"), 303)
    again = pages.take(assessment, shown, stored)
    if again:
        stored = queries.current_responses(assessment.id)
        return pages.show_page(assessment, plan, shown, door, stored, again)
    if shown.is_closing:
        return _leave(assessment)
    if plan.branches:
        stored = queries.current_responses(assessment.id)
    return redirect(_address(plan.after(shown, plan.hidden(stored)).number), 303)


def _leave(assessment: Assessment) -> ResponseReturnValue:
    """The same last page for everybody, and nothing left in this browser."""
    over = url_for("assessments.thanks", site_id=assessment.site.public_id)
    return cookies.take_back(make_response(redirect(over, 303)))


def _where_left(assessment: Assessment) -> str:
    """The first page that is not answered; who has just agreed is there without another round."""
    stored = queries.current_responses(assessment.id)
    return _address(queries.plan_for(assessment).left_off(stored).number)


def _find(assessment: Assessment, number: int) -> tuple[Plan, Page]:
    plan = queries.plan_for(assessment)
    return plan, plan.page(number) or abort(404)


def _door(assessment: Assessment, number: int) -> pages.Door:
    return pages.Door(
        _address(number),
        url_for("assessments.save"),
        url_for("assessments.rest"),
        pages.outbox(queries.asked_in(assessment).public_id, ticket_for(assessment)),
    )


def _address(number: int, anchor: str | None = None) -> str:
    return url_for("assessments.page", number=number, _anchor=anchor)

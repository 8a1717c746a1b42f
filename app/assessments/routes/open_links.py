"""The open link: anonymous, every visit a new respondent, without cookies of its own or redirects.

Nobody's cookie opens anything here, so that no other site can send in anybody's name: who brings
answers shows the visit that the page was drawn for, and a session is neither read nor begun.

GET  /o/<token>             visit
POST /o/<token>             answer
POST /o/<token>/responses   save_visit
GET  /o/<token>/rest        rest_of_visit
"""

import re
import secrets
from functools import lru_cache

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments import queries
from app.assessments.domain import Mode, UnknownAnswerError
from app.assessments.given import Stored
from app.assessments.models import Assessment
from app.assessments.plan import Page, Plan
from app.assessments.routes import pages
from app.assessments.routes.blueprint import bp
from app.assessments.routes.cookies import is_under_way
from app.assessments.routes.help import go_away, thanks_page
from app.assessments.routes.receipts import read_parcel, receipt_of
from app.assessments.schools import School, school_of
from app.assessments.service import start, take_parcel, ticket_for, ticket_for_visit
from app.campaigns.doors import OpenDoor, open_door
from app.platform.forms import csrf
from app.platform.i18n import choose_locale
from app.platform.web import counts_once

VISIT = re.compile(r"[A-Za-z0-9_-]{22}")


@bp.get("/o/<token>")
@public
def visit(token: str) -> ResponseReturnValue:
    """Notice and first section on one page, under a ticket that only this page knows."""
    link = _link(token)
    return _first_page(link, secrets.token_urlsafe(16))


@bp.post("/o/<token>")
@public
@csrf.of_its_own
@counts_once
def answer(token: str) -> ResponseReturnValue:
    """Store a page of the visit and show the next."""
    said = request.form.get("visit", "")
    assessment, stored = _resume(said)
    if assessment is None and request.form.get("do") == "leave":
        return go_away()
    if assessment is None:
        link = _link(token)
        assessment = _begin(link, said, request.form.get("assent"))
        if assessment is None:
            return _first_page(link, said, unasked=True)
    if not is_under_way(assessment):
        return thanks_page(school_of(assessment.site_id))
    outbox = pages.outbox(queries.asked_in(assessment).public_id, ticket_for(assessment))
    door = _door(token, said, outbox)
    try:
        return _turn(assessment, queries.plan_for(assessment), door, stored)
    except UnknownAnswerError:
        abort(422)


@bp.post("/o/<token>/responses")
@public
@csrf.of_its_own
@counts_once
def save_visit(token: str) -> ResponseReturnValue:
    """Answers of a visit saved at the tap, as JSON."""
    body = request.get_json(silent=True)
    said = body if isinstance(body, dict) else {}
    ticket = str(said.get("visit", ""))
    assessment = queries.sitting_by_ticket(ticket) if VISIT.fullmatch(ticket) else None
    if assessment is None:
        assessment = _begin(_link(token), ticket, said.get("assent"))
    if assessment is None:
        return jsonify(error="no sitting"), 401
    try:
        parcel = read_parcel(body)
        rows = take_parcel(assessment=assessment, parcel=parcel)
    except UnknownAnswerError:
        return jsonify(error="not an answer of this sitting"), 422
    return receipt_of(parcel, rows)


@bp.get("/o/<token>/rest")
@public
def rest_of_visit(token: str) -> ResponseReturnValue:
    """The whole visit, blank, for a device that may lose its line; its page has the ticket."""
    link = _link(token)
    door = _door(token, "", pages.outbox(link.campaign, ""))
    plan = queries.plan_of_battery(link.battery_id)
    return pages.show_rest(door, plan, _school(link), link.school_id, anonymous=True)


def _turn(
    assessment: Assessment, plan: Plan, door: pages.Door, stored: Stored
) -> ResponseReturnValue:
    page = plan.page(request.form.get("page", 1, type=int)) or abort(422)
    do = request.form.get("do")
    if do == "show":
        return pages.show_page(assessment, plan, page, door, stored)
    if do in pages.ASKS:
        return pages.answer_ask(assessment, page, door, do, stored)
    if do in {"back", "leave"}:
        pages.keep(assessment, page, stored)
        if do == "leave":
            return go_away()
        earlier = plan.before(page, plan.hidden(stored))
        return pages.show_page(assessment, plan, earlier, door, stored)
    return _forward(assessment, plan, page, door, stored)


def _forward(
    assessment: Assessment, plan: Plan, page: Page, door: pages.Door, stored: Stored
) -> ResponseReturnValue:
    again = pages.take(assessment, page, stored)
    if again:
        stored = queries.current_responses(assessment.id)
        return pages.show_page(assessment, plan, page, door, stored, again)
    if page.is_closing:
        return thanks_page(school_of(assessment.site_id))
    if plan.branches:
        stored = queries.current_responses(assessment.id)
    following = plan.after(page, plan.hidden(stored))
    return pages.show_page(assessment, plan, following, door, stored)


def _first_page(link: OpenDoor, said: str, *, unasked: bool = False) -> ResponseReturnValue:
    plan = queries.plan_of_battery(link.battery_id)
    outbox = pages.outbox(link.campaign, ticket_for_visit(link.token, said))
    return pages.show_blank(
        "assessments/open.html",
        _door(link.token, said, outbox),
        site=_school(link),
        notice=pages.notice(link),
        plan=plan,
        page=plan.pages[0],
        unasked=unasked,
    )


def _resume(ticket: str) -> tuple[Assessment | None, Stored]:
    assessment = queries.sitting_by_ticket(ticket)
    return assessment, queries.current_responses(assessment.id) if assessment else {}


def _begin(link: OpenDoor, ticket: str, agreed: object) -> Assessment | None:
    """The visit becomes a sitting with its first answers, if the visitor agrees."""
    if agreed != "yes" or not VISIT.fullmatch(ticket):
        return None
    assessment, _ = start(
        open_link=link, mode=Mode.PHONE, locale=choose_locale(), ticket=ticket, agreed=True
    )
    return assessment


def _link(token: str) -> OpenDoor:
    return open_door(token) or abort(404)


def _school(link: OpenDoor) -> School:
    contact = link.counselling_room, link.duty_phone
    return School(link.school, *contact, link.opens_at, link.closes_at)


def _door(token: str, said: str, outbox: pages.Outbox) -> pages.Door:
    return pages.Door(*_addresses(request.root_path, token), outbox, said)


@lru_cache(maxsize=1_000)
def _addresses(_root: str, token: str) -> tuple[str, str, str]:
    """Where the pages of a link are sent, saved and carried from: the same at every request."""
    return (
        url_for("assessments.answer", token=token),
        url_for("assessments.save_visit", token=token),
        url_for("assessments.rest_of_visit", token=token),
    )

"""What everybody sees at the end, and whenever they look for a person.

GET  /thanks/<site_id>   thanks
GET  /help               help_card
POST /help               ask
GET  /pause              left
"""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.access.guards import public
from app.assessments.content import helplines
from app.assessments.routes import cookies, pages
from app.assessments.routes.blueprint import bp
from app.assessments.schools import School, school
from app.assessments.service import request_talk
from app.campaigns.service import want_help
from app.people.models import Site
from app.platform.db import db


@bp.app_context_processor
def _numbers() -> dict[str, object]:
    return {"helplines": helplines}


@bp.get("/thanks/<site_id>")
@public
def thanks(site_id: str) -> ResponseReturnValue:
    """The last page, the same for everybody of the school."""
    site = db.session.scalar(select(Site).where(Site.public_id == site_id))
    return thanks_page(school(site) if site else None)


@bp.get("/help")
@public
def help_card() -> ResponseReturnValue:
    """How the pages work and whom to call, before anybody knows who is asking."""
    return _help_page()


@bp.post("/help")
@public
def ask() -> ResponseReturnValue:
    """The quiet buttons of the pages before the questions; a slip in hand says who asks."""
    if request.form.get("do") == "leave":
        return go_away()
    assessment, slip, told = cookies.read_sitting(), cookies.read_slip(), None
    invitation = assessment.invitation if assessment else slip.invitation if slip else None
    if request.form.get("do") == "talk" and assessment:
        request_talk(assessment=assessment)
        told = "talk"
    elif request.form.get("do") == "help" and invitation:
        want_help(invitation)
        told = "help"
    return _help_page(told)


@bp.get("/pause")
@public
def left() -> ResponseReturnValue:
    """Where “Leave quickly” and five idle minutes lead; the same for everybody, at any time."""
    return pages.show_same("assessments/left.html")


def go_away() -> ResponseReturnValue:
    """To a page that says nothing; slip and check lead back to the sitting."""
    return cookies.take_back(make_response(redirect(url_for("assessments.left"), 303)))


def _help_page(told: str | None = None) -> str:
    """With the school's own number, where a slip or a sitting says which school it is."""
    assessment, slip = cookies.read_sitting(), cookies.read_slip()
    holder = assessment or (slip.invitation if slip else None)
    return render_template(
        "assessments/help.html",
        told=told,
        site=holder.site if holder else None,
        in_hand="sitting" if assessment else "slip" if slip else None,
    )


def thanks_page(site: School | None) -> ResponseReturnValue:
    """Thanks, the school's own contact and the numbers."""
    return pages.show_same("assessments/thanks.html", site=site)

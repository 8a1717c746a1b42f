"""The cookies of a student, the slip in hand and the sitting begun with it; and of a machine."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import joinedload

from app.assessments import queries
from app.assessments.domain import TICKET_LASTS, Mode
from app.assessments.models import Assessment, Seat
from app.assessments.routes.blueprint import bp
from app.campaigns.models import Invitation
from app.platform import clock
from app.platform.db import db
from app.platform.i18n import COOKIE as LANGUAGE
from app.platform.wire import cookie_name

SLIP, SITTING = "slip", "sitting"
#: Set by the script when a sitting was finished without a line: until what it holds has arrived,
#: this browser shows no more of it.
OVER = "over"
#: Lasts for five minutes from the last sign of life: after that slip and check come first (P24).
ATTENDED = "attended"
#: The machine's place in a computer room: it stays from student to student.
SEAT = "seat"
SLIP_SECONDS = 30 * 60
IDLE_SECONDS = 5 * 60
#: Whose slip it is, read with it: every page before the sitting looks at that.
_WHOSE = (joinedload(Invitation.student), joinedload(Invitation.cohort))
SIGNS_OF_LIFE = {"assessments.agree", "assessments.turn", "assessments.save"}


@dataclass(frozen=True)
class Slip:
    """An invitation that was found, and whether its owner has shown to be that."""

    invitation: Invitation
    checked: bool


def read_slip() -> Slip | None:
    """The slip in hand, for half an hour after it was found."""
    try:
        said = _signer().loads(request.cookies.get(_name(SLIP), ""), max_age=SLIP_SECONDS)
    except BadSignature:
        return None
    invitation = db.session.get(Invitation, said["invitation"], options=_WHOSE)
    return Slip(invitation, said["checked"]) if invitation else None


def hand_slip(response: Response, invitation: Invitation, *, checked: bool) -> Response:
    """Remember the slip while its owner is asked."""
    sealed = _signer().dumps({"invitation": invitation.id, "checked": checked})
    return _set(response, SLIP, sealed, SLIP_SECONDS)


def read_ticket() -> Assessment | None:
    """The sitting of this browser, also when it is over: for bringing answers, not for reading."""
    ticket = request.cookies.get(_name(SITTING))
    return queries.sitting_by_ticket(ticket) if ticket else None


def read_sitting() -> Assessment | None:
    """The sitting of this browser, while it is not over and nobody has pressed "finish" here."""
    if OVER in request.cookies:
        return None
    assessment = read_ticket()
    return assessment if assessment and is_under_way(assessment) else None


def read_attended() -> Assessment | None:
    """The same for what shows answers: not after five minutes without a sign of life.

    Sending is not showing: what was answered on a page is taken however long that took.
    """
    return read_sitting() if _name(ATTENDED) in request.cookies else None


@bp.after_request
def _stay_attended(response: Response) -> Response:
    """Five more minutes for whoever sends something, or looks on within the last five."""
    if _name(SITTING) not in request.cookies:
        return response
    signs = request.endpoint in SIGNS_OF_LIFE or _name(ATTENDED) in request.cookies
    settled = any(
        one.startswith(f"{_name(ATTENDED)}=") for one in response.headers.getlist("Set-Cookie")
    )
    if signs and not settled:
        _set(response, ATTENDED, "1", IDLE_SECONDS)
    return response


def is_under_way(assessment: Assessment) -> bool:
    """Whether answers can still be given; an expired sitting may be finished late."""
    return assessment.state in queries.GOES_ON


def hand_ticket(response: Response, ticket: str, mode: Mode) -> Response:
    """Let this browser go on; on a shared computer only until it is closed."""
    lasts = int(TICKET_LASTS.total_seconds()) if mode is Mode.PHONE else None
    _remove(response, SLIP)
    response.delete_cookie(OVER)
    _set(response, ATTENDED, "1", IDLE_SECONDS)
    return _set(response, SITTING, ticket, lasts)


def take_back(response: Response) -> Response:
    """Leave nothing in the browser by which the sitting could be opened again."""
    for name in (SLIP, SITTING, ATTENDED):
        _remove(response, name)
    response.delete_cookie(OVER)
    return response


def read_seat() -> Seat | None:
    """The seat of this machine, while its room is open."""
    if "seat" not in g:
        secret = request.cookies.get(_name(SEAT))
        g.seat = queries.seat_by_secret(secret) if secret else None
    found: Seat | None = g.seat
    return found


def hand_seat(response: Response, secret: str, until: datetime) -> Response:
    """Let this machine keep its seat, restarts and all, until the room closes."""
    return _set(response, SEAT, secret, int((until - clock.now()).total_seconds()))


def hand_over(response: Response) -> Response:
    """The next student sits down: nothing of the one before can be opened here any more.

    What a page of theirs still holds may arrive: the ticket stays until the next one replaces it.
    """
    for name in (SLIP, ATTENDED):
        _remove(response, name)
    response.delete_cookie(LANGUAGE)
    if _name(SITTING) in request.cookies:
        # By the name under which the script sets it too.
        lasts = int(TICKET_LASTS.total_seconds())
        response.set_cookie(OVER, "1", max_age=lasts, samesite="Lax")
    return response


def _set(response: Response, name: str, value: str, lasts: int | None) -> Response:
    secure = current_app.config["SETTINGS"].is_encrypted
    kept = {"httponly": True, "samesite": "Lax", "secure": secure}
    response.set_cookie(_name(name), value, max_age=lasts, **kept)
    return response


def _remove(response: Response, name: str) -> None:
    """A browser listens only to who speaks of the cookie as it was set."""
    response.delete_cookie(_name(name), secure=current_app.config["SETTINGS"].is_encrypted)


def _name(name: str) -> str:
    return cookie_name(current_app, name)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SLIP)

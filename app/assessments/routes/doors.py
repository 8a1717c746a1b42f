"""From the slip to the sitting: the code or QR, one check, "this is me".

GET  /i            enter
POST /i            look_up
GET  /i/<token>    scan
GET  /i/check      check
POST /i/check      answer_check
GET  /i/me         confirm
POST /i/start      start
POST /i/not-mine   disown
GET  /i/not-mine   disowned
GET  /i/later      later
"""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments import queries
from app.assessments.domain import ClassWaitsError, Mode, NobodyOnDutyError, SittingOverError
from app.assessments.routes import cookies, pages
from app.assessments.routes.blueprint import bp
from app.assessments.service import doors
from app.assessments.service.seats import seat_for
from app.assessments.service.sittings import start as start_sitting
from app.campaigns.models import Invitation
from app.campaigns.service import note_disowned
from app.platform import stencils
from app.platform.db import begin_write
from app.platform.i18n import choose_locale


@bp.get("/i")
@public
def enter() -> ResponseReturnValue:
    """Where the code of a slip is typed."""
    return pages.show_same("assessments/enter.html", problem=None)


@bp.post("/i")
@public
def look_up() -> ResponseReturnValue:
    """Find the slip of a typed code; the code never stands in an address."""
    return _found_by(code=request.form.get("code", ""))


@bp.get("/i/<token>")
@public
def scan(token: str) -> ResponseReturnValue:
    """Find the slip of a QR code; who was interrupted in this browser just goes on."""
    begin_write()
    return _found_by(token=token)


@bp.get("/i/check")
@public
def check() -> ResponseReturnValue:
    """Ask for what only the owner of the slip knows."""
    slip = cookies.read_slip()
    if slip is None:
        return redirect(url_for("assessments.enter"))
    return _check_page(slip.invitation, missed=False)


@bp.post("/i/check")
@public
def answer_check() -> ResponseReturnValue:
    """Compare; three misses lock the slip until the proctor frees it."""
    slip = cookies.read_slip()
    if slip is None:
        return redirect(url_for("assessments.enter"))
    if not doors.check(invitation=slip.invitation, said=request.form.get("said", "")):
        return _check_page(slip.invitation, missed=True), 422
    forward = make_response(redirect(url_for("assessments.confirm"), 303))
    return cookies.hand_slip(forward, slip.invitation, checked=True)


@bp.get("/i/me")
@public
def confirm() -> ResponseReturnValue:
    """Show class and last digits, and ask whether this is a good moment."""
    slip = cookies.read_slip()
    if slip is None or not slip.checked:
        return redirect(url_for("assessments.enter"))
    is_asked = cookies.read_seat() is None and not queries.is_begun(slip.invitation)
    own = {
        "cohort": slip.invitation.cohort.name,
        "digits": doors.last_digits(slip.invitation.student),
    }
    return pages.show_same(
        "assessments/confirm.html",
        own,
        **{name: stencils.hole(name) for name in own},
        resting=queries.rests(slip.invitation) if is_asked else None,
    )


@bp.post("/i/start")
@public
def start() -> ResponseReturnValue:
    """Begin, or go on where the slip's sitting was left."""
    slip = cookies.read_slip()
    if slip is None or not slip.checked:
        return redirect(url_for("assessments.enter"))
    if doors.is_locked(slip.invitation):  # disowned while this page stood open
        return redirect(url_for("assessments.check"), 303)
    mode, seat = _where(slip.invitation)
    try:
        _assessment, ticket = start_sitting(
            invitation=slip.invitation, mode=mode, locale=choose_locale(), seat=seat
        )
    except ClassWaitsError:
        return render_template("assessments/wait.html", where=request.form.get("where", ""))
    except NobodyOnDutyError as error:
        return render_template(
            "assessments/resting.html", until=error.until, site=slip.invitation.site
        )
    except SittingOverError:
        over = url_for("assessments.thanks", site_id=slip.invitation.site.public_id)
        return cookies.take_back(make_response(redirect(over, 303)))
    forward = make_response(redirect(url_for("assessments.sitting"), 303))
    return cookies.hand_ticket(forward, ticket, mode)


@bp.post("/i/not-mine")
@public
def disown() -> ResponseReturnValue:
    """这不是我的: the slip stays unused."""
    if slip := cookies.read_slip():
        note_disowned(slip.invitation)
    forward = make_response(redirect(url_for("assessments.disowned"), 303))
    return cookies.take_back(forward)


@bp.get("/i/not-mine")
@public
def disowned() -> ResponseReturnValue:
    """What to do with somebody else's slip."""
    return render_template("assessments/disowned.html")


@bp.get("/i/later")
@public
def later() -> ResponseReturnValue:
    """现在不方便: nothing has begun, the slip still works."""
    return cookies.take_back(make_response(render_template("assessments/later.html")))


def _found_by(*, token: str = "", code: str = "") -> ResponseReturnValue:
    try:
        invitation = doors.find_slip(token=token, code=code, address=_whence())
    except doors.TooManyMissesError:
        return pages.show_same("assessments/enter.html", problem="wait"), 429
    if invitation is None:
        return pages.show_same("assessments/enter.html", problem="unknown"), 422
    sitting = cookies.read_attended()
    if sitting and sitting.invitation_id == invitation.id:
        return redirect(url_for("assessments.sitting"), 303)
    forward = make_response(redirect(url_for("assessments.check"), 303))
    return cookies.hand_slip(forward, invitation, checked=False)


def _whence() -> str:
    """By whom misses are counted: each machine of an open room for itself, others by address.

    The whole school may stand behind one address, and a class types its codes at once. A seat is
    known by its number: who goes from one to the other comes back to what was counted there.
    """
    machine = cookies.read_seat()
    return f"seat {machine.room_id}.{machine.number}" if machine else request.remote_addr or ""


def _where(invitation: Invitation) -> tuple[Mode, int | None]:
    """At a machine of an open computer room, whose seat counts for its own class; or as said."""
    machine = cookies.read_seat()
    if machine is None and request.form.get("where") == "alone":
        return Mode.PHONE, None
    return Mode.COMPUTER_ROOM, seat_for(invitation, machine)


def _check_page(invitation: Invitation, *, missed: bool) -> Response:
    return pages.show_same(
        "assessments/check.html",
        locked=doors.is_locked(invitation),
        disputed=doors.is_disputed(invitation),
        birthday=doors.asks_birthday(invitation),
        missed=missed,
    )

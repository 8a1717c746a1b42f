"""A machine of a computer room: it takes its seat once, then student follows student.

GET  /room           next_student
GET  /room/<token>   room
POST /room/<token>   sit_down
"""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments import queries
from app.assessments.domain import SeatTakenError
from app.assessments.models import Seat
from app.assessments.routes import cookies
from app.assessments.routes.blueprint import bp
from app.assessments.service.seats import take_seat
from app.campaigns.models import ComputerRoom
from app.campaigns.queries import computer_room_by_token


@bp.context_processor
def _at_seat() -> dict[str, object]:
    """Whether this is a machine of a computer room, for pages that are not the same for all."""
    return {"at_seat": cookies.read_seat() is not None}


@bp.get("/room")
@public
def next_student() -> ResponseReturnValue:
    """下一位同学: nothing of the student before stays, and the next code can be typed."""
    return cookies.hand_over(make_response(redirect(url_for("assessments.enter"))))


@bp.get("/room/<token>")
@public
def room(token: str) -> ResponseReturnValue:
    """Where a machine says which seat it is."""
    return _page(computer_room_by_token(token))


@bp.post("/room/<token>")
@public
def sit_down(token: str) -> ResponseReturnValue:
    """Take the seat; from then on this machine is for one student after the other."""
    found, number = computer_room_by_token(token), request.form.get("number", type=int)
    if found is None or number is None or not 1 <= number <= found.seats:
        return _page(found, is_missed=True)
    replaces = request.form.get("do") == "replace"
    try:
        secret = take_seat(room=found, number=number, own=_own(found), replaces=replaces)
    except SeatTakenError:
        return _page(found, taken=number)
    forward = make_response(redirect(url_for("assessments.next_student"), 303))
    return cookies.hand_seat(forward, secret, found.closes_at)


def _own(found: ComputerRoom) -> Seat | None:
    seat = cookies.read_seat()
    return seat if seat and seat.room_id == found.id else None


def _page(
    found: ComputerRoom | None, *, is_missed: bool = False, taken: int | None = None
) -> ResponseReturnValue:
    if found is None:
        return render_template("assessments/room.html", room=None), 404
    page = render_template(
        "assessments/room.html",
        room=found,
        own=_own(found),
        is_missed=is_missed,
        taken=taken,
        seats=queries.taken_seats(found),
    )
    return (page, 422) if is_missed else (page, 409) if taken else page

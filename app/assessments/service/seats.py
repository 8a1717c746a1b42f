"""A machine of a computer room takes its seat; what proves it later is a secret in its cookie."""

import secrets

from sqlalchemy import select

from app.access.actor import SYSTEM
from app.assessments import queries
from app.assessments.domain import SeatTakenError
from app.assessments.models import Seat
from app.campaigns.models import ComputerRoom, Invitation
from app.platform import audit
from app.platform.db import db, hold_row


def take_seat(
    *, room: ComputerRoom, number: int, own: Seat | None = None, replaces: bool = False
) -> str:
    """Give the seat to this machine, which leaves its `own` of before; returned with its secret.

    Two machines may type the same number: the second is told, and replaces the first only when
    somebody says that it is the same machine (its cookie is gone) or stands in for it.
    """
    hold_row(ComputerRoom, room.id)
    seat = _taken(room, number)
    if seat is not None and not replaces and (own is None or seat.id != own.id):
        raise SeatTakenError
    if own is not None and own is not seat and own.room_id == room.id:
        db.session.delete(own)
    if seat is None:
        seat = Seat(room=room, number=number)
        db.session.add(seat)
    secret = secrets.token_urlsafe(32)
    seat.secret_hash = queries.ticket_hash(secret)
    db.session.flush()
    audit.record(SYSTEM, "take_seat", room, seat=number, replaces=replaces)
    return secret


def seat_for(invitation: Invitation, seat: Seat | None) -> int | None:
    """The number under which the board shows a sitting; a guest of another class has none."""
    if seat is None:
        return None
    fits = (seat.room.campaign_id, seat.room.cohort_id)
    return seat.number if fits == (invitation.campaign_id, invitation.cohort_id) else None


def _taken(room: ComputerRoom, number: int) -> Seat | None:
    query = select(Seat).where(Seat.room_id == room.id, Seat.number == number)
    return db.session.scalar(query)

"""Computer rooms: a class sits down at the school's machines, each of which takes a seat."""

from datetime import datetime, time, timedelta

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import MOST_SEATS, CampaignState, PlanError
from app.campaigns.models import Campaign, ComputerRoom
from app.campaigns.queries import computer_room_of
from app.campaigns.service.conditions import require_state
from app.people.models import Cohort
from app.platform import audit, clock, ids
from app.platform.db import db

#: Of 31 characters each: with a hundred rooms open, one in nine million guesses finds one.
TOKEN_LENGTH = 6


def open_computer_room(
    *, actor: Actor, campaign: Campaign, cohort: Cohort, seats: int
) -> ComputerRoom:
    """Open a room for the class until midnight; it has one, so opening again changes its seats."""
    require(actor, Permission.WATCH_CLASS, cohort)
    require_state(campaign, CampaignState.OPEN)
    if cohort.id not in {part.cohort_id for part in campaign.cohorts}:
        raise PlanError("only a class that takes part can have a computer room.")
    if not 1 <= seats <= MOST_SEATS:
        raise PlanError(f"a computer room has 1 to {MOST_SEATS} seats.")
    room = computer_room_of(campaign, cohort) or _new(campaign, cohort)
    room.seats = seats
    db.session.add(room)
    audit.record(actor, "open_computer_room", room, seats=seats)
    return room


def close_computer_room(*, actor: Actor, room: ComputerRoom) -> None:
    """Nobody begins at a seat any more; who has begun may finish."""
    require(actor, Permission.WATCH_CLASS, room.cohort)
    room.closed_at = room.closed_at or clock.now()
    audit.record(actor, "close_computer_room", room)


def _new(campaign: Campaign, cohort: Cohort) -> ComputerRoom:
    return ComputerRoom(
        campaign=campaign,
        site=cohort.site,
        cohort=cohort,
        token=ids.new_code(TOKEN_LENGTH),
        closes_at=_midnight(),
    )


def _midnight() -> datetime:
    """The end of the day on the wall of the school."""
    return datetime.combine(clock.today() + timedelta(days=1), time(), clock.zone())

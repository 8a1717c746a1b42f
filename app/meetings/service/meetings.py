"""Writes of review meetings: figures as they stood, and decisions that somebody carries."""

from collections.abc import Sequence
from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.meetings.domain import Decided, MeetingRefusedError, SchoolYear
from app.meetings.models import Decision, ReviewMeeting
from app.meetings.queries.figures import figures_of
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db


def record_meeting(
    *,
    actor: Actor,
    site: Site,
    held_on: date,
    present: str,
    minutes: str,
    decided: Sequence[Decided],
) -> ReviewMeeting:
    """Write a review meeting down; the figures of its school year are kept as they stand now."""
    require(actor, Permission.HOLD_REVIEWS, site)
    if held_on > clock.today() or not decided:
        raise MeetingRefusedError
    year = SchoolYear.of(held_on)
    meeting = ReviewMeeting(
        site_id=site.id,
        school_year=year.first,
        held_on=held_on,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        figures=figures_of(site, year).as_json(),
        present=present,
        minutes=minutes,
    )
    meeting.decisions = [
        Decision(site_id=site.id, what=one.what, who=one.who, due_on=one.due_on) for one in decided
    ]
    db.session.add(meeting)
    audit.record(actor, "record_review_meeting", meeting, decisions=len(decided))
    return meeting


def finish_decision(*, actor: Actor, decision: Decision) -> None:
    """A decision has been carried out; saying so twice changes nothing."""
    require(actor, Permission.HOLD_REVIEWS, decision)
    if decision.done_at is None:
        decision.done_at = clock.now()
        audit.record(actor, "finish_decision", decision)

"""One action places everybody of the proposal, and paper follows."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.appointments.domain.appointments import Origin, PlanChangedError, evening
from app.appointments.models import Appointment, InterviewDay
from app.appointments.queries.placing import Proposal, proposal
from app.people.models import Site
from app.platform import audit, clock, jobs
from app.platform.db import db, only

#: The evening's look at who was not marked.
SWEEP = "interviews.sweep"


def see_day(*, actor: Actor, day: InterviewDay) -> None:
    """Who is invited is kept as read."""
    require(actor, Permission.PLAN_INTERVIEWS, day)
    audit.record(actor, "see_interview_day", day)


def propose(*, actor: Actor, day: InterviewDay) -> Proposal:
    """What placing would do now; reading the names is kept in the log."""
    require(actor, Permission.PLAN_INTERVIEWS, day)
    found = proposal(actor, day)
    audit.record(actor, "see_interview_proposal", day, shown=len(found.places))
    return found


def place_students(*, actor: Actor, day: InterviewDay, fingerprint: str) -> list[Appointment]:
    """Carry out the proposal that was shown; what has changed since is shown anew instead."""
    require(actor, Permission.PLAN_INTERVIEWS, day)
    # Two counsellors placing at once take turns, at all days of the school.
    db.session.get_one(Site, day.site_id, with_for_update=only(Site), populate_existing=True)
    found = proposal(actor, day)
    if found.fingerprint != fingerprint:
        raise PlanChangedError
    placed = [
        Appointment(
            site_id=day.site_id,
            day_id=day.id,
            slot_id=place.slot.id,
            student_id=place.student.id,
            origin=Origin.ENTRY if place.entry else Origin.RANDOM,
            entry_id=place.entry.id if place.entry else None,
            placed_by_id=actor.user_id,
            placed_at=clock.now(),
        )
        for place in found.places
    ]
    db.session.add_all(placed)
    ask_for_sweep(day)
    audit.record(actor, "place_students", day, placed=len(placed), left_out=len(found.unplaced))
    return placed


def ask_for_sweep(day: InterviewDay) -> None:
    """Let the worker look in the evening at who was not marked."""
    jobs.enqueue(
        SWEEP,
        run_at=evening(day.on, day.site.closes_at, clock.zone()),
        key=f"{SWEEP}:{day.id}",
    )


def note_printed(*, actor: Actor, day: InterviewDay, slips: int) -> None:
    """Who printed how many slips is kept."""
    require(actor, Permission.PLAN_INTERVIEWS, day)
    audit.record(actor, "print_interview_slips", day, slips=slips)

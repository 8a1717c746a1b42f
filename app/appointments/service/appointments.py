"""What becomes of an appointment: came, did not come, moved, called off."""

from contextlib import suppress
from datetime import datetime

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.appointments.domain.appointments import (
    STEPS,
    AppointmentState,
    AppointmentStateError,
    NoFreeSlotError,
    evening,
)
from app.appointments.models import Appointment, Slot
from app.appointments.queries.days import planned_after, unmarked
from app.appointments.queries.placing import free_slots_from
from app.appointments.service.placing import ask_for_sweep
from app.cases.domain.queue import AlreadyClaimedError, EntryNow, EntryState
from app.cases.service.queue import claim, hold
from app.cases.service.returning import put_back
from app.platform import audit, clock
from app.platform.db import db, only
from app.triage.domain import Lane


def attend(*, actor: Actor, appointment: Appointment) -> None:
    """The student came; whoever held the talk has the entry and writes the contact."""
    _step(actor, appointment, AppointmentState.ATTENDED)
    entry = appointment.entry
    held_it = actor.user_id == appointment.slot.counsellor_id
    if held_it and entry is not None and entry.state is EntryState.WAITING and not entry.case_id:
        # A colleague may be taking it on at this moment: then it is theirs, and the talk was held.
        with suppress(AlreadyClaimedError):
            claim(actor=actor, entry=entry)
    audit.record(actor, "mark_attended", appointment)


def miss(*, actor: Actor, appointment: Appointment) -> None:
    """The student did not come: the entry waits in the queue again."""
    _step(actor, appointment, AppointmentState.NO_SHOW)
    if appointment.entry is not None:
        put_back(actor=actor, entry=appointment.entry)
    audit.record(actor, "mark_no_show", appointment)


def move(*, actor: Actor, appointment: Appointment) -> Appointment:
    """To the next free slot before the student is due, or, where that is past, of the same day."""
    _step(actor, appointment, AppointmentState.MOVED)
    slots = free_slots_from(appointment, clock.now())
    slot = next((each for each in slots if _is_in_time(each, appointment)), None)
    if slot is None:
        raise NoFreeSlotError
    moved = Appointment(
        site_id=appointment.site_id,
        day_id=slot.day_id,
        slot_id=slot.id,
        student_id=appointment.student_id,
        origin=appointment.origin,
        entry_id=appointment.entry_id,
        placed_by_id=actor.user_id,
        placed_at=clock.now(),
    )
    db.session.add(moved)
    ask_for_sweep(slot.day)
    audit.record(actor, "move_appointment", appointment, to=slot.public_id)
    return moved


def cancel(*, actor: Actor, appointment: Appointment) -> None:
    """Call it off; the entry stays in the queue as it is."""
    _step(actor, appointment, AppointmentState.CANCELLED)
    audit.record(actor, "cancel_appointment", appointment)


def release_urgent(entry: EntryNow) -> None:
    """A student who must be seen now is not parked in a later slot: somebody must go."""
    if entry.lane is not Lane.FAST or entry.student_id is None:
        return
    for appointment in planned_after(entry.id, entry.due_at):
        _step(SYSTEM, appointment, AppointmentState.CANCELLED)
        audit.record(SYSTEM, "release_appointment", appointment)


def sweep(now: datetime) -> int:
    """In the evening, who was not marked counts as not having come; how many there were."""
    found = [
        each
        for each in unmarked(now)
        if evening(each.day.on, each.day.site.closes_at, clock.zone()) <= now
    ]
    for appointment in found:
        miss(actor=SYSTEM, appointment=appointment)
    return len(found)


def _is_in_time(slot: Slot, appointment: Appointment) -> bool:
    entry = appointment.entry
    if entry is None:  # random students are never due
        return True
    is_same_day = slot.day_id == appointment.day_id and entry.lane != Lane.FAST
    return slot.starts_at <= entry.due_at or is_same_day


def _step(actor: Actor, appointment: Appointment, state: AppointmentState) -> None:
    if actor is not SYSTEM:
        require(actor, Permission.PLAN_INTERVIEWS, appointment)
    # The entry, then the appointment: new flags lock them in this order.
    if appointment.entry is not None:
        hold(appointment.entry)
    db.session.refresh(appointment, ["state"], with_for_update=only(Appointment))
    if state not in STEPS[appointment.state]:
        raise AppointmentStateError
    appointment.state = state
    appointment.marked_at, appointment.marked_by_id = clock.now(), actor.user_id
    db.session.flush()

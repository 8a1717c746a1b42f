"""Came, did not come, moved, and the evening's look: nobody is lost on the way."""

from datetime import datetime, time, timedelta

import pytest

from app.access.permissions import Role
from app.appointments.domain.appointments import (
    AppointmentState,
    AppointmentStateError,
    NoFreeSlotError,
)
from app.appointments.models import Appointment
from app.appointments.queries.placing import proposal
from app.appointments.service import appointments as service
from app.appointments.service.placing import SWEEP
from app.cases.domain.queue import EntryState
from app.cases.models import CaseEvent
from app.cases.queries.queue import stale_entries
from app.cases.service.cases import open_case
from app.cases.service.queue import claim
from app.people.service.logins import actor_of
from app.platform import clock, jobs
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.factories import appointments as make
from tests.factories import people
from tests.factories.work import run_due

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")


@pytest.fixture
def world():
    return make.world()


@pytest.fixture
def appointment(world):
    make.waits(world, make.students_of(world.cohorts[0])[0])
    (placed,) = make.placed(world, make.interview_day(world))
    return placed


def _on_tuesday(hour: int) -> datetime:
    return datetime.combine(make.TUESDAY, time(hour), make.SHANGHAI)


def test_no_show_waits_in_the_queue_again_and_tops_the_stale_list(world, appointment, fixed_clock):
    claim(actor=world.actor, entry=appointment.entry)

    with fixed_clock(_on_tuesday(9)):
        service.miss(actor=world.actor, appointment=appointment)
        stale = stale_entries(world.actor, clock.now())

    entry = appointment.entry
    assert (entry.state, entry.claimed_by_id) == (EntryState.WAITING, None)
    assert stale == [entry]


def test_no_show_can_be_placed_again(world, appointment, fixed_clock):
    with fixed_clock(_on_tuesday(9)):
        service.miss(actor=world.actor, appointment=appointment)
        make.duty(world.site, world.counsellor, make.TUESDAY + timedelta(days=1))
        again = make.interview_day(world, make.TUESDAY + timedelta(days=1))

        (place,) = proposal(world.actor, again).places

    assert place.entry == appointment.entry


def test_missed_interview_of_an_open_case_stands_in_its_story(world, appointment):
    claim(actor=world.actor, entry=appointment.entry)
    case = open_case(
        actor=world.actor,
        entry=appointment.entry,
        risk_level=RiskLevel.HIGH,
        next_on=clock.today(),
    )

    service.miss(actor=world.actor, appointment=appointment)

    told = db.session.query(CaseEvent).order_by(CaseEvent.id.desc()).first()
    assert (told.case_id, told.what) == (case.id, "interview_missed")
    assert appointment.entry.state is EntryState.SETTLED
    assert case.next_on == clock.today()


def test_who_held_the_talk_has_the_entry(world, appointment):
    service.attend(actor=world.actor, appointment=appointment)

    assert appointment.state is AppointmentState.ATTENDED
    assert appointment.entry.claimed_by_id == world.counsellor.id


def test_random_talk_is_settled_with_one_tap(world):
    for student in make.students_of(world.cohorts[0])[:2]:
        make.waits(world, student)
    placed = make.placed(world, make.interview_day(world, random_every=2))
    drawn = next(each for each in placed if each.entry_id is None)

    service.attend(actor=world.actor, appointment=drawn)

    assert drawn.state is AppointmentState.ATTENDED
    assert proposal(world.actor, drawn.day).places == ()


def test_what_is_marked_cannot_be_marked_again(world, appointment):
    service.attend(actor=world.actor, appointment=appointment)

    with pytest.raises(AppointmentStateError):
        service.miss(actor=world.actor, appointment=appointment)


def test_moving_takes_the_next_free_slot(world, appointment):
    moved = service.move(actor=world.actor, appointment=appointment)

    db.session.flush()
    assert appointment.state is AppointmentState.MOVED
    assert (make.at(moved.slot), moved.entry_id) == ("08:30", appointment.entry_id)


def test_moving_past_the_due_time_to_another_day_is_refused(world):
    world.site.opens_at, world.site.closes_at = time(8), time(8, 30)
    wednesday = make.TUESDAY + timedelta(days=1)
    make.duty(world.site, world.counsellor, wednesday)
    make.waits(world, make.students_of(world.cohorts[0])[0])
    (only_slot,) = make.placed(world, make.interview_day(world))
    make.interview_day(world, wednesday)

    with pytest.raises(NoFreeSlotError):
        service.move(actor=world.actor, appointment=only_slot)


def test_evening_counts_who_was_not_marked_as_missed(world, appointment):
    before = service.sweep(_on_tuesday(19))
    swept = service.sweep(_on_tuesday(20))
    again = service.sweep(_on_tuesday(21))

    assert (before, swept, again) == (0, 1, 0)
    assert (appointment.state, appointment.marked_by_id) == (AppointmentState.NO_SHOW, None)
    assert appointment.entry.state is EntryState.WAITING


def test_worker_sweeps_in_the_evening_by_itself(app, world, appointment, fixed_clock, monkeypatch):
    # The watch over silent sittings would find this one in need of somebody at once.
    only_sweep = {SWEEP: jobs._handlers[SWEEP]}
    monkeypatch.setattr(jobs, "_handlers", only_sweep)
    appointment_id = appointment.id
    db.session.commit()

    with fixed_clock(_on_tuesday(20)):
        run_due()

    assert db.session.get_one(Appointment, appointment_id).state is AppointmentState.NO_SHOW
    begin_write()


def test_missed_without_a_word_can_still_be_marked(world, appointment):
    service.sweep(_on_tuesday(20))

    service.attend(actor=world.actor, appointment=appointment)

    assert appointment.state is AppointmentState.ATTENDED


def test_student_who_becomes_urgent_is_not_parked_in_tomorrows_slot(world, appointment):
    make.waits(world, appointment.student, q9=3)

    assert appointment.entry.lane == "fast"
    assert appointment.state is AppointmentState.CANCELLED
    assert proposal(world.actor, appointment.day).places == ()


def test_colleague_who_marks_does_not_take_the_entry(world, appointment):
    lead = actor_of(people.user(Role.CRISIS_LEAD, world.site.id), Role.CRISIS_LEAD)

    service.attend(actor=lead, appointment=appointment)

    assert appointment.entry.claimed_by_id is None

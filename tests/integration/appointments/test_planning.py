"""From duty to slots, and from the queue into them."""

from datetime import date, datetime, time, timedelta

import pytest

from app.access.guards import DeniedError
from app.access.permissions import Role
from app.appointments.domain.appointments import (
    DayRefusedError,
    DayTakenError,
    NobodyOnDutyError,
    Origin,
    PlanChangedError,
    TellingPlaceError,
)
from app.appointments.domain.placement import Reason
from app.appointments.models import Appointment
from app.appointments.queries.placing import proposal
from app.appointments.service.days import plan_day, protect
from app.appointments.service.placing import place_students
from app.cases.service.queue import claim
from app.people.domain import DayKind
from app.people.models import CalendarDay
from app.people.service.logins import actor_of
from app.platform.db import db
from app.platform.jobs import Job
from tests.factories import appointments as make
from tests.factories import people

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")


@pytest.fixture
def world():
    return make.world()


def _mark(world, on: date, kind: DayKind) -> None:
    db.session.add(CalendarDay(site_id=world.site.id, on=on, kind=kind))
    db.session.flush()


def test_duty_of_counsellors_gives_the_slots(world):
    second = people.user(Role.COUNSELLOR, world.site.id)
    make.duty(world.site, second, make.TUESDAY, time(14), time(16))
    make.duty(world.site, people.user(Role.CRISIS_LEAD, world.site.id), make.TUESDAY)

    day = make.interview_day(world)

    mine = [make.at(slot) for slot in day.slots if slot.counsellor_id == world.counsellor.id]
    theirs = [make.at(slot) for slot in day.slots if slot.counsellor_id == second.id]
    assert (mine[0], mine[-1], len(mine)) == ("08:00", "17:00", 16)
    assert theirs == ["14:00", "14:30", "15:00", "15:30"]
    assert {slot.room for slot in day.slots} == {"201", "202"}


def test_duty_at_another_school_at_the_same_time_takes_slots_away(world):
    make.duty(people.site(), world.counsellor, make.TUESDAY, time(8), time(12))

    assert make.at(make.interview_day(world).slots[0]) == "13:30"


@pytest.mark.parametrize(("kind", "why"), [(DayKind.HOLIDAY, "holiday"), (DayKind.EXAM, "exam")])
def test_no_interviews_on_holidays_and_exam_days(world, kind, why):
    _mark(world, make.TUESDAY, kind)

    with pytest.raises(DayRefusedError) as refusal:
        make.interview_day(world)

    assert refusal.value.why == why


def test_what_cannot_be_planned_is_refused(world):
    make.interview_day(world)

    with pytest.raises(DayTakenError):
        make.interview_day(world)
    with pytest.raises(DayRefusedError):
        make.interview_day(world, date(2026, 10, 9))
    with pytest.raises(NobodyOnDutyError):
        make.interview_day(world, date(2026, 10, 14))
    with pytest.raises(TellingPlaceError):
        make.interview_day(world, make.MONDAY, rooms=("心理辅导室",))


def test_counsellor_of_another_school_plans_nothing_here(world):
    charlie = actor_of(people.user(Role.COUNSELLOR, people.site().id), Role.COUNSELLOR)
    day = make.interview_day(world)

    with pytest.raises(DeniedError):
        plan_day(actor=charlie, site=world.site, on=make.MONDAY, plan=day.plan)
    with pytest.raises(DeniedError):
        place_students(actor=charlie, day=day, fingerprint=proposal(charlie, day).fingerprint)


def test_one_action_places_everybody_who_waits(world):
    entries = [make.waits(world, student) for student in make.students_of(world.cohorts[0])[:3]]
    claim(actor=world.actor, entry=entries[1])
    day = make.interview_day(world)

    placed = make.placed(world, day)

    assert {each.entry_id for each in placed} == {entry.id for entry in entries}
    assert sorted(make.at(each.slot) for each in placed) == ["08:00", "08:30", "09:00"]
    assert db.session.query(Job).filter_by(kind="interviews.sweep").count() == 1
    assert proposal(world.actor, day).places == ()


def test_fast_lane_is_not_parked_in_a_slot_tomorrow(world):
    urgent = make.waits(world, make.students_of(world.cohorts[0])[0], q9=3)

    found = proposal(world.actor, make.interview_day(world))

    assert urgent.lane == "fast"
    assert [(each.entry, each.reason) for each in found.unplaced] == [(urgent, Reason.SEE_NOW)]
    assert found.places == ()


def test_protected_lessons_and_exams_entered_later_are_respected(world):
    make.waits(world, make.students_of(world.cohorts[0])[0])
    day = make.interview_day(world)
    protect(
        actor=world.actor,
        cohorts=world.cohorts,
        weekday=make.TUESDAY.weekday(),
        starts=time(8, 10),
        ends=time(9),
        subject="体育课",
    )

    (place,) = proposal(world.actor, day).places
    _mark(world, make.TUESDAY, DayKind.EXAM)
    (unplaced,) = proposal(world.actor, day).unplaced

    assert make.at(place.slot) == "09:00"
    assert unplaced.reason is Reason.EXAM


def test_preview_that_has_grown_old_is_not_carried_out(world):
    first, second, *_ = make.students_of(world.cohorts[0])
    make.waits(world, first)
    day = make.interview_day(world)
    fingerprint = proposal(world.actor, day).fingerprint
    make.waits(world, second)

    with pytest.raises(PlanChangedError):
        place_students(actor=world.actor, day=day, fingerprint=fingerprint)

    assert db.session.query(Appointment).count() == 0


def test_words_about_who_should_not_come_stand_beside_the_placement(world):
    student = make.students_of(world.cohorts[0])[0]
    make.waits(world, student)
    make.waits(world, student, "closing", talk=2, not_by="班主任")

    (place,) = proposal(world.actor, make.interview_day(world)).places

    assert place.not_by == "班主任"


def test_random_students_are_invited_classmates_without_entry_or_case():
    world = make.world(classes=2, students=8)
    asked, quiet = world.cohorts
    flagged = make.students_of(asked)[:3]
    for student in flagged:
        make.waits(world, student)
    people.student(asked, name="没有邀请")

    placed = make.placed(world, make.interview_day(world, random_every=4))

    drawn = [each for each in placed if each.origin is Origin.RANDOM]
    assert (len(placed), len(drawn)) == (4, 1)
    assert drawn[0].entry_id is None
    assert drawn[0].student in make.students_of(asked)[3:8]
    assert quiet.id not in {each.student.cohort_id for each in placed}


def test_random_students_take_nobodys_slot(world):
    for student in make.students_of(world.cohorts[0])[:3]:
        make.waits(world, student)
    world.site.opens_at, world.site.closes_at = time(8), time(9, 30)

    placed = make.placed(world, make.interview_day(world, random_every=2))

    assert [each.origin for each in placed] == [Origin.ENTRY] * 3


def test_who_is_due_soonest_comes_before_the_due_time(world):
    first, second, *_ = make.students_of(world.cohorts[0])
    calm, soon = make.waits(world, first), make.waits(world, second)
    soon.due_at = datetime.combine(make.TUESDAY, time(8, 10), make.SHANGHAI)
    calm.due_at = soon.due_at + timedelta(days=2)
    db.session.flush()

    early, late = proposal(world.actor, make.interview_day(world)).places

    assert (early.entry, late.entry) == (soon, calm)
    assert not early.is_late

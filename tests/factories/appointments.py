"""A school with counsellors on duty, a running campaign, and students who wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from app.access.actor import Actor
from app.access.permissions import Role
from app.appointments.domain.slots import DayPlan
from app.appointments.models import Appointment, InterviewDay, Slot
from app.appointments.queries.placing import proposal
from app.appointments.service.days import plan_day
from app.appointments.service.placing import place_students
from app.campaigns.models import Campaign
from app.cases.models import QueueEntry
from app.people.models import Cohort, DutyShift, Site, Student, User
from app.people.service.logins import actor_of
from app.platform import events
from app.platform.db import db
from tests.factories import campaigns, people, results

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: The Monday on which the tests' clock stands, at ten in the morning; and the day after.
MONDAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
ROOMS = ("201", "202")


@dataclass
class World:
    """One school: its classes, a campaign that has invited everybody, and a counsellor."""

    site: Site
    cohorts: Sequence[Cohort]
    campaign: Campaign
    counsellor: User

    @property
    def actor(self) -> Actor:
        """The counsellor acting as one."""
        return actor_of(self.counsellor, Role.COUNSELLOR)


def world(*, classes: int = 1, students: int = 6, **site: Any) -> World:
    """A school with a counsellor on duty on Monday and Tuesday."""
    here = people.site(**site)
    cohorts = [people.cohort(here) for _ in range(classes)]
    for cohort in cohorts:
        for _ in range(students):
            people.student(cohort)
    campaign = campaigns.running(*cohorts, battery=campaigns.battery("phq9"))
    # The campaign's own responders are on duty for ever; these days have one counsellor.
    db.session.execute(delete(DutyShift).where(DutyShift.site_id == here.id))
    user = people.user(Role.COUNSELLOR, here.id)
    for on in (MONDAY, TUESDAY):
        duty(here, user, on)
    return World(here, cohorts, campaign, user)


def duty(
    site: Site, user: User, on: date, starts: time = time(7), ends: time = time(19)
) -> DutyShift:
    shift = DutyShift(
        site_id=site.id,
        user_id=user.id,
        starts_at=datetime.combine(on, starts, SHANGHAI),
        ends_at=datetime.combine(on, ends, SHANGHAI),
    )
    db.session.add(shift)
    db.session.flush()
    return shift


def students_of(cohort: Cohort) -> list[Student]:
    return db.session.query(Student).filter_by(cohort_id=cohort.id).order_by(Student.id).all()


def waits(world: World, student: Student, instrument: str = "phq9", **given: Any) -> QueueEntry:
    """The student answers, and an entry comes of it: item 9 at 1 unless told otherwise."""
    sitting = results.sitting(world.campaign, student)
    answers = results.answers(sitting, instrument, given or {"q9": 1})
    events.publish(results.stored(sitting, answers))
    return db.session.query(QueueEntry).filter_by(student_id=student.id).one()


def interview_day(world: World, on: date = TUESDAY, **chosen: Any) -> InterviewDay:
    every = chosen.pop("random_every", 0)
    plan = DayPlan(**{"rooms": ROOMS} | chosen)
    return plan_day(actor=world.actor, site=world.site, on=on, plan=plan, random_every=every)


def placed(world: World, day: InterviewDay) -> list[Appointment]:
    """Carry out what the preview proposes."""
    fingerprint = proposal(world.actor, day).fingerprint
    return place_students(actor=world.actor, day=day, fingerprint=fingerprint)


def at(slot: Slot) -> str:
    """A slot's beginning on the wall."""
    return slot.starts_at.astimezone(SHANGHAI).strftime("%H:%M")

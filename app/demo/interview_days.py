"""One interview day at the first school: two counsellors, students placed, slips to be printed."""

from datetime import datetime, time

from app.access.permissions import Role
from app.appointments.domain.slots import DayPlan
from app.appointments.queries.placing import proposal
from app.appointments.service.days import plan_day, protect
from app.appointments.service.placing import place_students
from app.demo import district
from app.demo.population import District
from app.people.models import DutyShift
from app.people.queries import calendar_of
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db

SCHOOL = "junior"
ROOMS = ("教学楼二楼 203", "教学楼二楼 205")
MORNING, EVENING = time(7, 0), time(17, 30)
#: Physical education and a test: invented.
LESSONS = ((0, time(10, 0), time(10, 45), "体育课"), (5, time(14, 20), time(15, 5), "单元测验"))


def plan_interviews(people: District) -> None:
    """Plan the next school day, with a second counsellor, and invite."""
    site = people.sites[SCHOOL]
    actor = actor_of(people.users[district.DAY_DUTY[SCHOOL]], Role.COUNSELLOR)
    on = calendar_of(site).next_school_day(clock.today())
    db.session.add(
        DutyShift(
            site_id=site.id,
            user_id=people.users[district.RELIEF].id,
            starts_at=datetime.combine(on, MORNING, clock.zone()),
            ends_at=datetime.combine(on, EVENING, clock.zone()),
            rank=2,
        )
    )
    db.session.flush()
    for cohort, starts, ends, subject in LESSONS:
        protect(
            actor=actor,
            cohorts=[site.cohorts[cohort]],
            weekday=on.weekday(),
            starts=starts,
            ends=ends,
            subject=subject,
        )
    day = plan_day(actor=actor, site=site, on=on, plan=DayPlan(rooms=ROOMS), random_every=4)
    place_students(actor=actor, day=day, fingerprint=proposal(actor, day).fingerprint)

"""Reads of breaks: the next one of a school, who is covered in it, and who is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.cases.domain.cases import ENDS
from app.cases.domain.holidays import Break, next_break
from app.cases.models import Case, HolidayCover
from app.cases.queries.cases import in_scope, visible_to, with_people
from app.cases.queries.overdue import Overdue
from app.cases.queries.queue import is_real
from app.people.models import Site, Student, User
from app.people.queries import calendar_of, on_duty, visible_sites
from app.platform import clock
from app.platform.db import db

NOON = time(12, 0)


@dataclass(frozen=True)
class Proposal:
    """One open case, and who would look after it on which day of a break."""

    case: Case
    user: User
    contact_on: date
    is_settled: bool


def break_of(site: Site, today: date) -> Break | None:
    """The school's next break."""
    return next_break(today, calendar_of(site).is_school_day)


def open_cases_of(actor: Actor, site: Site) -> Sequence[Case]:
    """The open cases of a school, the gravest first."""
    query = (
        visible_to(actor)
        .where(Case.site_id == site.id, Case.state.not_in(ENDS), is_real(Case.student_id))
        .options(
            joinedload(Case.student).joinedload(Student.cohort),
            joinedload(Case.student).selectinload(Student.guardians),
            joinedload(Case.owner),
        )
    )
    cases = db.session.scalars(query).all()
    return sorted(cases, key=lambda case: (-case.risk_level.urgency, case.next_on, case.id))


def covers_of(actor: Actor, site: Site, holiday: Break) -> Sequence[HolidayCover]:
    """What is settled for a break for the cases that the actor may see, by day of contact."""
    query = (
        select(HolidayCover)
        .join(HolidayCover.case)
        .where(
            HolidayCover.site_id == site.id,
            HolidayCover.from_on == holiday.from_on,
            in_scope(actor),
        )
        .order_by(HolidayCover.contact_on, HolidayCover.id)
        .options(
            joinedload(HolidayCover.user),
            joinedload(HolidayCover.case).joinedload(Case.student).joinedload(Student.cohort),
            joinedload(HolidayCover.case).joinedload(Case.student).selectinload(Student.guardians),
        )
    )
    return db.session.scalars(query).all()


def proposals(actor: Actor, site: Site, holiday: Break) -> list[Proposal]:
    """Each open case with what is settled, or else with who is on duty on a fitting day."""
    settled = {cover.case_id: cover for cover in covers_of(actor, site, holiday)}
    on_days: dict[date, User | None] = {}
    found = []
    for case in open_cases_of(actor, site):
        cover = settled.get(case.id)
        if cover is not None:
            found.append(Proposal(case, cover.user, cover.contact_on, is_settled=True))
            continue
        day = max(holiday.contact_on(case.risk_level), min(clock.today(), holiday.until_on))
        if day not in on_days:
            on_days[day] = _on_duty_on(site, day)
        found.append(Proposal(case, on_days[day] or case.owner, day, is_settled=False))
    return found


def cover_of(case: Case) -> HolidayCover | None:
    """Who looks after a case in the break that is next or under way."""
    query = (
        select(HolidayCover)
        .where(HolidayCover.case_id == case.id, HolidayCover.until_on >= clock.today())
        .order_by(HolidayCover.from_on, HolidayCover.id)
        .options(joinedload(HolidayCover.user))
    )
    return db.session.scalar(query.limit(1))


def stale_covers(actor: Actor, as_of: date) -> list[Overdue]:
    """Open cases that nobody looks after, from the day before a break on."""
    found = []
    for site in db.session.scalars(visible_sites(actor)):
        holiday = break_of(site, as_of)
        if holiday is None or as_of < holiday.from_on - timedelta(days=1):
            continue
        covered = select(HolidayCover.case_id).where(HolidayCover.from_on == holiday.from_on)
        query = (
            visible_to(actor)
            .where(Case.site_id == site.id, Case.state.not_in(ENDS), Case.id.not_in(covered))
            .order_by(Case.id)
            .options(*with_people())
        )
        since = holiday.from_on - timedelta(days=1)
        found += [Overdue(case.student, case, since) for case in db.session.scalars(query)]
    return found


def _on_duty_on(site: Site, day: date) -> User | None:
    return next(iter(on_duty(site.id, datetime.combine(day, NOON, clock.zone()))), None)

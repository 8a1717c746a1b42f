"""Reads about people; every list starts from what the actor may see."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.access.permissions import Role
from app.people.calendar import SchoolCalendar
from app.people.domain import ADULT_AGE, ConsentStatus, DayKind, age_for_consent
from app.people.duty import Stretch, uncovered
from app.people.models import (
    CLASSES_IN_ORDER,
    CalendarDay,
    Cohort,
    Consent,
    DutyShift,
    RoleAssignment,
    RosterDraft,
    Site,
    Student,
    User,
)
from app.platform import clock
from app.platform.db import db

#: Built once: whoever is flagged may be due by it.
_DAYS = select(CalendarDay.on, CalendarDay.kind).where(CalendarDay.site_id == bindparam("site"))


class Hours(NamedTuple):
    """Of a site what its calendar goes by, where it is read without the rest."""

    id: int
    opens_at: time
    closes_at: time


class SpecialDays(Mapping[date, DayKind]):
    """The holidays, make-up workdays and exams of a site, read when somebody asks for one.

    Who is due in minutes is due whatever day it is: then nobody asks.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id

    def __getitem__(self, day: date) -> DayKind:
        return self._kinds[day]

    def __iter__(self) -> Iterator[date]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @cached_property
    def _kinds(self) -> dict[date, DayKind]:
        found = db.session.connection().execute(_DAYS, {"site": self._site_id})
        return {row.on: row.kind for row in found}


def visible_sites(actor: Actor) -> Select[Site]:
    """The sites of the actor's role, and those of the classes it is bound to."""
    query = select(Site).order_by(Site.id)
    if actor.everywhere:
        return query
    of_classes = select(Cohort.site_id).where(Cohort.id.in_(actor.cohort_ids))
    return query.where(or_(Site.id.in_(actor.site_ids), Site.id.in_(of_classes)))


def visible_cohorts(actor: Actor) -> Select[Cohort]:
    """The classes that the actor's role covers, in the order of the school; drills have none."""
    query = select(Cohort).where(~Cohort.is_synthetic).order_by(Cohort.site_id, *CLASSES_IN_ORDER)
    if actor.everywhere:
        return query
    return query.where(or_(Cohort.site_id.in_(actor.site_ids), Cohort.id.in_(actor.cohort_ids)))


def visible_students(actor: Actor) -> Select[Student]:
    """The students of the actor's places, and those opened by a grant; who is made up is not."""
    query = (
        select(Student)
        .where(~Student.is_synthetic)
        .order_by(Student.cohort_id, Student.position, Student.id)
    )
    if actor.everywhere:
        return query
    return query.where(
        or_(
            Student.site_id.in_(actor.site_ids),
            Student.cohort_id.in_(actor.cohort_ids),
            Student.id.in_(granted(actor, Scope.STUDENT)),
        )
    )


def visible_site(actor: Actor, code: str) -> Site | None:
    """The site of that code, if the actor may see it."""
    return db.session.scalar(visible_sites(actor).where(Site.code == code))


def chosen_site(actor: Actor, code: str | None) -> Site | None:
    """The site that the address asks for; without asking, the first that the actor sees."""
    if code:
        return visible_site(actor, code)
    return db.session.scalar(visible_sites(actor).limit(1))


def visible_cohort(actor: Actor, public_id: str) -> Cohort | None:
    """The class of that id, if the actor may see it."""
    return db.session.scalar(visible_cohorts(actor).where(Cohort.public_id == public_id))


def visible_student(actor: Actor, public_id: str) -> Student | None:
    """The student of that id, if the actor may see it."""
    return db.session.scalar(visible_students(actor).where(Student.public_id == public_id))


def my_draft(actor: Actor, public_id: str) -> RosterDraft | None:
    """The actor's own upload, as long as it is kept."""
    query = select(RosterDraft).where(
        RosterDraft.public_id == public_id,
        RosterDraft.user_id == actor.user_id,
        RosterDraft.expires_at > clock.now(),
    )
    return db.session.scalar(query)


@dataclass(frozen=True)
class ClassCount:
    """A class with how many students it has and what their guardians answered last."""

    cohort: Cohort
    students: int
    given: int
    refused: int

    @property
    def not_asked(self) -> int:
        """Students whose guardians have not answered."""
        return self.students - self.given - self.refused


def class_counts(actor: Actor, site: Site) -> list[ClassCount]:
    """The classes of a site that the actor sees, counted in one query."""
    latest = select(func.max(Consent.id)).group_by(Consent.student_id)
    counted = (
        select(Student.cohort_id, Consent.status, func.count().label("n"))
        .outerjoin(Consent, (Consent.student_id == Student.id) & Consent.id.in_(latest))
        .where(Student.site_id == site.id, Student.left_at.is_(None))
        .group_by(Student.cohort_id, Consent.status)
    )
    found: dict[int, Counter[ConsentStatus | None]] = defaultdict(Counter)
    for row in db.session.execute(counted):
        found[row.cohort_id][row.status] += row.n
    cohorts = db.session.scalars(visible_cohorts(actor).where(Cohort.site_id == site.id))
    return [_class_count(cohort, found[cohort.id]) for cohort in cohorts]


def _class_count(cohort: Cohort, answers: Counter[ConsentStatus | None]) -> ClassCount:
    given = answers[ConsentStatus.GIVEN]
    refused = answers[ConsentStatus.REFUSED] + answers[ConsentStatus.WITHDRAWN]
    return ClassCount(cohort, answers.total(), given, refused)


def latest_consent(student: Student) -> Consent | None:
    """The last word of the guardian, or None when nobody has asked."""
    query = select(Consent).where(Consent.student_id == student.id).order_by(Consent.id.desc())
    return db.session.scalar(query.limit(1))


def refused_by_guardians(among: Select[int]) -> set[int]:
    """Which of these students a guardian has kept out; from eighteen on nobody else decides."""
    latest = (
        select(func.max(Consent.id))
        .where(Consent.student_id.in_(among))
        .group_by(Consent.student_id)
    )
    query = (
        select(Student)
        .join(Consent, Consent.student_id == Student.id)
        .where(Consent.id.in_(latest), Consent.status != ConsentStatus.GIVEN)
        .options(joinedload(Student.cohort))
    )
    today = clock.today()
    return {
        student.id
        for student in db.session.scalars(query)
        if age_for_consent(student.birth_date, student.cohort.grade, today) < ADULT_AGE
    }


def next_duty(site_id: int, after: datetime) -> datetime | None:
    """When somebody comes on duty for the site next, if that is planned."""
    query = (
        select(func.min(DutyShift.starts_at))
        .join(User, User.id == DutyShift.user_id)
        .where(
            or_(DutyShift.site_id == site_id, DutyShift.site_id.is_(None)),
            DutyShift.starts_at > after,
            User.active,
        )
    )
    return db.session.scalar(query)


def calendar_of(site: Site | Hours) -> SchoolCalendar:
    """The site's school days and hours, in the installation's time zone."""
    return SchoolCalendar(
        zone=clock.zone(),
        opens_at=site.opens_at,
        closes_at=site.closes_at,
        days=SpecialDays(site.id),
    )


def on_duty(site_id: int, at: datetime) -> Sequence[User]:
    """Who answers for a site at that moment, the first responder first."""
    query = (
        select(User)
        .join(DutyShift, DutyShift.user_id == User.id)
        .where(
            or_(DutyShift.site_id == site_id, DutyShift.site_id.is_(None)),
            DutyShift.starts_at <= at,
            DutyShift.ends_at > at,
            User.active,
        )
        .order_by(DutyShift.rank, DutyShift.starts_at, DutyShift.id)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def shifts_between(site: Site, since: datetime, until: datetime) -> Sequence[DutyShift]:
    """The site's shifts that touch a stretch of time, those for all sites included."""
    query = (
        select(DutyShift)
        .where(
            or_(DutyShift.site_id == site.id, DutyShift.site_id.is_(None)),
            DutyShift.starts_at < until,
            DutyShift.ends_at > since,
        )
        .order_by(DutyShift.starts_at, DutyShift.rank, DutyShift.id)
        .options(joinedload(DutyShift.user))
    )
    return db.session.scalars(query).all()


def duty_gaps(site: Site, first: date, last: date, *, day_and_night: bool = False) -> list[Stretch]:
    """Where nobody answers for the site between two days, from now on.

    In the hours of school days; day and night where people answer from anywhere.
    """
    zone = clock.zone()
    since = max(datetime.combine(first, time(), zone), clock.now())
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    if since >= until:
        return []
    hours = [Stretch(since, until)] if day_and_night else calendar_of(site).open_hours(since, until)
    shifts = [shift for shift in shifts_between(site, since, until) if shift.user.active]
    return uncovered(shifts, hours)


def visible_shift(actor: Actor, public_id: str) -> DutyShift | None:
    """The shift of that id, if it is of a site the actor sees (or of all, for who sees all)."""
    query = select(DutyShift).where(DutyShift.public_id == public_id)
    if not actor.everywhere:
        query = query.where(DutyShift.site_id.in_(actor.site_ids))
    return db.session.scalar(query)


def responders(site: Site) -> Sequence[User]:
    """Who can be put on duty for a site: its counsellors and crisis leads."""
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role.in_([Role.COUNSELLOR, Role.CRISIS_LEAD]),
        or_(RoleAssignment.site_id == site.id, RoleAssignment.site_id.is_(None)),
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return db.session.scalars(query).all()


def colleagues(site: Site) -> Sequence[User]:
    """Everybody with a role at a site or in one of its classes, who still works here."""
    held = (
        select(RoleAssignment.user_id)
        .outerjoin(Cohort, Cohort.id == RoleAssignment.cohort_id)
        .where(or_(RoleAssignment.site_id == site.id, Cohort.site_id == site.id))
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return db.session.scalars(query).all()


def accounts() -> Sequence[User]:
    """Every account with its roles and places, the open ones first."""
    query = (
        select(User)
        .order_by(User.active.desc(), User.id)
        .options(
            selectinload(User.assignments).joinedload(RoleAssignment.site),
            selectinload(User.assignments).joinedload(RoleAssignment.cohort),
        )
    )
    return db.session.scalars(query).all()


def account(public_id: str) -> User | None:
    """The account of that id."""
    return db.session.scalar(select(User).where(User.public_id == public_id))


def logins_by_ref() -> dict[str, str]:
    """The log-in names behind the references of the audit log."""
    return dict(db.session.execute(select(User.public_id, User.login)).all())


def demo_users() -> Sequence[User]:
    """The demo's accounts, for the log-in page of the demo's own machine."""
    query = select(User).where(User.is_demo, User.active).order_by(User.id)
    return db.session.scalars(query).all()


def has_demo_accounts() -> bool:
    """Whether this installation is the demo, whose students are made up."""
    return bool(db.session.scalar(select(exists().where(User.is_demo))))

"""Sites, classes, staff, and students with their guardians and what these answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo import district
from app.demo.district import Account, ClassPlan, SchoolPlan
from app.demo.names import Namer
from app.people.domain import ConsentMeans, ConsentStatus, Sex
from app.people.models import (
    Cohort,
    Consent,
    Guardian,
    RoleAssignment,
    Site,
    Student,
    User,
)
from app.people.service.logins import hash_password
from app.platform import clock
from app.platform.db import db

#: Shares of the roster's gaps and of guardians' answers: invented.
NO_BIRTH_DATE, NO_GUARDIAN, NOT_ASKED, REFUSED, BY_LINK = 0.02, 0.01, 0.06, 0.02, 0.4
OLDEST_IN_CLASS = 0.08
PARENTS = ("female", "female", "male")


@dataclass(frozen=True)
class District:
    """Who lives in the demo."""

    sites: dict[str, Site]
    cohorts: list[Cohort]
    students: list[Student]
    users: dict[str, User]


def settle(*, today: date, random: Random) -> District:
    """Create the district; nothing in it depends on anything but `today` and `random`."""
    plans = district.schools(today)
    sites = {plan.code: _site(plan) for plan in plans}
    db.session.add_all(sites.values())
    db.session.flush()
    cohorts = [
        Cohort(site_id=sites[plan.code].id, name=each.name, grade=each.grade, position=n)
        for plan in plans
        for n, each in enumerate(plan.classes)
    ]
    db.session.add_all(cohorts)
    db.session.flush()
    users = _staff(sites, cohorts)
    students = _students(plans, cohorts, today, random)
    return District(sites, cohorts, students, users)


def _site(plan: SchoolPlan) -> Site:
    return Site(
        code=plan.code,
        name=plan.name,
        district=district.NAME,
        duty_phone=plan.duty_phone,
        counselling_room=plan.counselling_room,
        hospital_name=district.HOSPITAL,
        hospital_phone=district.HOSPITAL_PHONE,
        guardian_rule=district.GUARDIAN_RULE,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        consent_age=plan.consent_age,
    )


def _staff(sites: dict[str, Site], cohorts: list[Cohort]) -> dict[str, User]:
    password_hash = hash_password(district.PASSWORD)
    users = {
        account.login: User(
            login=account.login,
            name=account.name,
            password_hash=password_hash,
            is_demo=True,
            created_at=clock.now(),
            assignments=list(_assignments(account, sites, cohorts)),
        )
        for account in district.ACCOUNTS
    }
    db.session.add_all(users.values())
    db.session.flush()
    return users


def _assignments(
    account: Account, sites: dict[str, Site], cohorts: list[Cohort]
) -> Iterator[RoleAssignment]:
    for post in account.posts:
        site = sites[post.school] if post.school else None
        own = [cohort for cohort in cohorts if site and cohort.site_id == site.id]
        yield RoleAssignment(
            role=post.role,
            site_id=site.id if site and post.cohort is None else None,
            cohort_id=own[post.cohort].id if post.cohort is not None else None,
        )


def _students(
    plans: tuple[SchoolPlan, ...], cohorts: list[Cohort], today: date, random: Random
) -> list[Student]:
    namer = Namer(random)
    places = ((plan, each) for plan in plans for each in plan.classes)
    students = [
        _student(Seat(plan, each, cohort, place), today, namer)
        for (plan, each), cohort in zip(places, cohorts, strict=True)
        for place in range(1, district.STUDENTS_PER_CLASS + random.randint(-3, 3) + 1)
    ]
    db.session.add_all(students)
    db.session.flush()
    return students


@dataclass(frozen=True)
class Seat:
    """A place in a class that a student takes."""

    school: SchoolPlan
    plan: ClassPlan
    cohort: Cohort
    place: int

    def entered(self, today: date) -> int:
        """The year in which this class came to the school."""
        return district.school_year(today) - (self.plan.grade - self.school.classes[0].grade)

    def student_no(self, today: date) -> str:
        """Year of entry, school, class and place: unique in the whole district."""
        in_class = f"{self.cohort.position + 1:02}{self.place:02}"
        return f"{self.entered(today)}{self.school.number}{in_class}"


def _student(seat: Seat, today: date, namer: Namer) -> Student:
    random = namer.random
    sex = random.choice(list(Sex))
    name = namer.student(sex.value)
    known = random.random() >= NO_BIRTH_DATE
    student = Student(
        site_id=seat.cohort.site_id,
        cohort_id=seat.cohort.id,
        position=seat.place,
        sex=sex,
        name=name,
        student_no=seat.student_no(today),
        birth_date=_birth_date(seat.plan, today, random) if known else None,
        created_at=clock.now(),
    )
    if random.random() >= NO_GUARDIAN:
        guardian = namer.parent(parent := random.choice(PARENTS), of_student=name)
        student.guardians = [_guardian(seat, parent, guardian, random)]
        student.consents = list(_consent(seat, guardian, today, random))
    return student


def _birth_date(plan: ClassPlan, today: date, random: Random) -> date:
    """Six years old by the end of August of the first school year; a few are a year older."""
    first_year = district.school_year(today) - plan.grade + 1
    youngest = date(first_year - 6, 8, 31)
    older = 365 if random.random() < OLDEST_IN_CLASS else 0
    return youngest - timedelta(days=random.randrange(365) + older)


def _guardian(seat: Seat, parent: str, name: str, random: Random) -> Guardian:
    return Guardian(
        site_id=seat.cohort.site_id,
        relation="母亲" if parent == "female" else "父亲",
        name=name,
        phone=f"1000{random.randrange(10_000_000):07}",
    )


def _consent(seat: Seat, guardian: str, today: date, random: Random) -> Iterator[Consent]:
    dice = random.random()
    if dice < NOT_ASKED:
        return
    start = date(seat.entered(today), district.SCHOOL_YEAR_STARTS_IN, 2)
    yield Consent(
        site_id=seat.cohort.site_id,
        status=ConsentStatus.REFUSED if dice < NOT_ASKED + REFUSED else ConsentStatus.GIVEN,
        means=ConsentMeans.LINK if random.random() < BY_LINK else ConsentMeans.PAPER,
        given_on=min(today, start + timedelta(days=random.randrange(14))),
        given_by=guardian,
        recorded_by="cli",
        recorded_at=clock.now(),
    )

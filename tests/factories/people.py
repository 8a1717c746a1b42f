"""People for tests: alice owns the thing, bob is her colleague, charlie is from another site."""

import hashlib
import secrets
from datetime import UTC, date, datetime
from typing import Any

from app.access.permissions import Role
from app.people.domain import ConsentMeans, ConsentStatus, Sex
from app.people.models import (
    Cohort,
    Consent,
    DutyShift,
    LoginSession,
    RoleAssignment,
    Site,
    Student,
    User,
)
from app.platform import clock
from app.platform.db import db
from tests.factories.numbers import numbers


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def site(**chosen: Any) -> Site:
    n = numbers.fresh()
    defaults = {
        "code": f"site{n}",
        "name": f"第{n}中学",
        "duty_phone": "0371-5550100",
        "hospital_name": "市第二人民医院",
        "hospital_phone": "0371-5550120",
        "guardian_rule": "由心理组长当天电话告知。",
    }
    return _added(Site(**defaults | chosen))


def cohort(site: Site, **chosen: Any) -> Cohort:
    n = numbers.fresh()
    defaults = {"name": f"初二（{n}）班", "grade": 8, "position": n}
    return _added(Cohort(site_id=site.id, **defaults | chosen))


def student(cohort: Cohort, **chosen: Any) -> Student:
    n = numbers.fresh()
    defaults = {
        "name": f"学生{n}",
        "student_no": f"2026{n:04}",
        "sex": Sex.FEMALE,
        "birth_date": date(2012, 5, 20),
        "position": n,
        "created_at": clock.now(),
    }
    return _added(Student(site_id=cohort.site_id, cohort_id=cohort.id, **defaults | chosen))


def guardian_says(student: Student, *steps: ConsentStatus) -> None:
    """What was recorded about a guardian's consent, one after the other."""
    for status in steps:
        _added(
            Consent(
                site_id=student.site_id,
                student=student,
                status=status,
                means=ConsentMeans.PAPER,
                given_on=clock.today(),
                recorded_by="test",
                recorded_at=clock.now(),
            )
        )


def user(
    role: Role, site_id: int | None = None, cohort_id: int | None = None, **chosen: Any
) -> User:
    n = numbers.fresh()
    defaults = {
        "login": f"{role.value}{n}",
        "name": f"老师{n}",
        "password_hash": "!",
        "created_at": clock.now(),
    }
    person = _added(User(**defaults | chosen))
    _added(RoleAssignment(user_id=person.id, role=role, site_id=site_id, cohort_id=cohort_id))
    return person


def on_duty(site: Site, *users: User, **chosen: Any) -> list[DutyShift]:
    """On duty for the site from long ago to far ahead, unless the shift is chosen."""
    times = {
        "starts_at": datetime(2020, 1, 1, tzinfo=UTC),
        "ends_at": datetime(2101, 1, 1, tzinfo=UTC),
    }
    return [
        _added(DutyShift(site_id=site.id, user_id=user.id, rank=rank, **times | chosen))
        for rank, user in enumerate(users, 1)
    ]


def logged_in(
    *, role: Role, site_id: int | None, cohort_id: int | None, user_id: int | None = None
) -> str:
    """The ticket of an open session, for a new person unless `user_id` is given."""
    user_id = user_id or user(role, site_id, cohort_id).id
    token = secrets.token_urlsafe(32)
    now = clock.now()
    _added(
        LoginSession(
            token_hash=hashlib.sha256(token.encode()).digest(),
            user_id=user_id,
            role=role,
            created_at=now,
            seen_at=now,
        )
    )
    return token

"""What an actor sees of people and places, and who answers at a moment."""

from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.access.models import AccessGrant
from app.access.permissions import Role
from app.people.models import DutyShift
from app.people.queries import on_duty, visible_cohorts, visible_sites, visible_students
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from tests.factories import people


@pytest.fixture
def world(in_app, fixed_clock):
    """Two sites; the first has two classes with a student each."""
    here, there = people.site(), people.site()
    one, two, far = people.cohort(here), people.cohort(here), people.cohort(there)
    return here, there, [people.student(cohort) for cohort in (one, two, far)]


def _seen(query):
    return list(db.session.scalars(query))


def test_site_staff_see_their_own_site(world):
    here, _, [first, second, _] = world
    alice = actor_of(people.user(Role.SITE_STAFF, here.id), Role.SITE_STAFF)

    assert _seen(visible_sites(alice)) == [here]
    assert _seen(visible_students(alice)) == [first, second]


@pytest.mark.parametrize("names_site", [True, False])
def test_class_teacher_sees_the_own_class_only(world, names_site):
    here, _, [first, _, _] = world
    site_id = here.id if names_site else None
    user = people.user(Role.CLASS_TEACHER, site_id, first.cohort_id)
    alice = actor_of(user, Role.CLASS_TEACHER)

    assert _seen(visible_cohorts(alice)) == [first.cohort]
    assert _seen(visible_students(alice)) == [first]
    assert _seen(visible_sites(alice)) == [here]


def test_roles_without_a_place_see_every_site(world):
    here, there, students = world
    root = actor_of(people.user(Role.ADMINISTRATOR), Role.ADMINISTRATOR)

    assert _seen(visible_sites(root)) == [here, there]
    assert len(_seen(visible_students(root))) == len(students)


def test_grant_opens_one_student_until_it_ends(world):
    _, there, [first, _, _] = world
    user = people.user(Role.COUNSELLOR, there.id)
    charlie = actor_of(user, Role.COUNSELLOR)
    ends = clock.now() + timedelta(days=1)
    db.session.add(
        AccessGrant(
            user_id=user.id,
            scope_kind="student",
            scope_id=first.id,
            valid_from=clock.now(),
            valid_until=ends,
            reason="handover",
        )
    )
    db.session.flush()

    during = first in _seen(visible_students(charlie))
    with clock.frozen(ends):
        after = first in _seen(visible_students(charlie))

    assert (during, after) == (True, False)


def test_on_duty_names_the_first_responder_first(world):
    here, there, _ = world
    now = clock.now()
    people_on_duty = [people.user(Role.COUNSELLOR, here.id) for _ in range(3)]
    for user, rank, site_id in zip(
        people_on_duty, (2, 1, 3), (here.id, here.id, None), strict=True
    ):
        db.session.add(
            DutyShift(
                site_id=site_id,
                user_id=user.id,
                rank=rank,
                starts_at=now - timedelta(hours=1),
                ends_at=now + timedelta(hours=1),
            )
        )
    db.session.flush()
    second, first, everywhere = people_on_duty

    assert on_duty(here.id, now) == [first, second, everywhere]
    assert on_duty(there.id, now) == [everywhere]
    assert on_duty(here.id, now + timedelta(hours=1)) == []


def test_operator_sees_everything(world):
    _, _, students = world

    assert len(_seen(visible_students(OPERATOR))) == len(students)

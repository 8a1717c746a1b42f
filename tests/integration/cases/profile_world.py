"""A finished screening: alice reached the cut-off and wrote a message, bob is calm."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.access.permissions import Role
from app.assessments.domain import AssessmentState, AssessmentSubmitted, ResponsesStored
from app.campaigns.models import Campaign
from app.people.models import Cohort, Site, Student, User
from app.platform import events
from app.platform.db import begin_write, db
from tests.factories import people, results

MESSAGE = "最近睡不着，不知道该跟谁说"


@dataclass
class World:
    """Rows detached from the session: their ids and plain columns can be read anywhere."""

    site: Site
    cohort: Cohort
    campaign: Campaign
    alice: Student
    bob: Student
    counsellor: User
    staff: User


def build(app: Flask) -> World:
    """Store the world in one committed transaction and leave no context open."""
    with app.app_context():
        begin_write()
        world = _store()
        db.session.commit()
        for row in vars(world).values():
            db.session.refresh(row)
            db.session.expunge(row)
    return world


@contextmanager
def inside(app: Flask, world: World) -> Iterator[World]:
    """The same world inside an open context, for queries."""
    with app.app_context():
        begin_write()
        for name, row in vars(world).items():
            setattr(world, name, db.session.merge(row))
        yield world


def _store() -> World:
    site = people.site(name="第一中学")
    cohort = people.cohort(site, name="初二（3）班")
    counsellor = people.user(Role.COUNSELLOR, site.id)
    staff = people.user(Role.SITE_STAFF, site.id)
    campaign = results.campaign("phq9", "who5", code="autumn")
    results.takes_part(campaign, cohort, counsellor)
    alice = people.student(cohort, name="龘犇翀", student_no="20260001")
    bob = people.student(cohort, name="李明", student_no="20260002")
    take(campaign, alice, [2] * 8 + [1], [1] * 5, {"company": 0, "message": MESSAGE})
    take(campaign, bob, [0] * 9, [4] * 5, {"company": 0, "talk": 0})
    return World(site, cohort, campaign, alice, bob, counsellor, staff)


def take(
    campaign: Campaign, student: Student, phq9: list, who5: list, closing: dict[str, Any]
) -> None:
    """Answer everything and hand it in."""
    sitting = results.sitting(campaign, student)
    for code, given in (
        ("phq9", results.values(phq9)),
        ("who5", results.values(who5)),
        ("closing", closing),
    ):
        rows = results.answers(sitting, code, given)
        events.publish(ResponsesStored(sitting.id, tuple(rows)))
    sitting.state = AssessmentState.SUBMITTED
    events.publish(AssessmentSubmitted(sitting.id))

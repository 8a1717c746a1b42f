"""Alice answers PHQ-9; bob and dora are counsellors of her school, charlie of another one."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.access.actor import Actor
from app.access.permissions import Role
from app.assessments.domain import AssessmentSubmitted, ResponsesStored
from app.assessments.models import Assessment
from app.campaigns.models import Campaign
from app.cases.domain.cases import Modality
from app.cases.domain.queue import EntryState
from app.cases.models import Case, Contact, QueueEntry
from app.cases.service.cases import open_case
from app.cases.service.contacts import record_contact
from app.cases.service.queue import claim
from app.people.models import Student
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.factories import people, results


@pytest.fixture
def alice(in_app: Flask, fixed_clock: object) -> Student:
    """A girl of 14 in the eighth year."""
    return people.student(people.cohort(people.site()), name="爱丽丝")


@pytest.fixture
def campaign(alice: Student) -> Campaign:
    """An open campaign with PHQ-9."""
    return results.campaign("phq9")


@pytest.fixture
def sitting(campaign: Campaign, alice: Student) -> Assessment:
    """Alice has begun."""
    return results.sitting(campaign, alice)


@pytest.fixture
def bob(alice: Student) -> Actor:
    """A counsellor of alice's school."""
    return counsellor(alice.site_id)


@pytest.fixture
def dora(alice: Student) -> Actor:
    """Another counsellor of alice's school."""
    return counsellor(alice.site_id)


@pytest.fixture
def charlie(alice: Student) -> Actor:
    """A counsellor of another school."""
    return counsellor(people.site().id)


@pytest.fixture
def answer() -> Callable[..., None]:
    """Store answers as the assessments room does, with its event."""

    def store(assessment: Assessment, instrument: str = "phq9", **given: Any) -> None:
        stored = results.answers(assessment, instrument, given)
        events.publish(ResponsesStored(assessment.id, tuple(stored)))

    return store


@pytest.fixture
def submit() -> Callable[[Assessment], None]:
    """End the sitting, with its event."""
    return lambda assessment: events.publish(AssessmentSubmitted(assessment.id))


@pytest.fixture
def lead(alice: Student) -> Actor:
    """The crisis lead of alice's school."""
    return actor_of(people.user(Role.CRISIS_LEAD, alice.site_id), Role.CRISIS_LEAD)


@pytest.fixture
def open_for(alice: Student, bob: Actor) -> Callable[..., Case]:
    """Bob opens a case for alice at a level."""

    def opened(level: RiskLevel) -> Case:
        sitting = results.sitting(results.campaign("phq9"), alice)
        rows = results.answers(sitting, "phq9", {"q9": 1})
        events.publish(ResponsesStored(sitting.id, tuple(rows)))
        entry = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING).one()
        claim(actor=bob, entry=entry)
        return open_case(
            actor=bob, entry=entry, risk_level=level, next_on=clock.today(), reason="谈过了"
        )

    return opened


def met(actor: Actor, case: Case, **chosen: Any) -> Contact:
    """A talk with the student, now."""
    given = {
        "modality": Modality.IN_PERSON,
        "held_at": clock.now(),
        "reached": True,
        "note": "聊过",
        "risk_level": case.risk_level,
        "state": case.state,
        "next_on": clock.today(),
    }
    return record_contact(actor=actor, case=case, **given | chosen)


def counsellor(site_id: int) -> Actor:
    """A new counsellor who acts as one."""
    user = people.user(Role.COUNSELLOR, site_id)
    return actor_of(user, Role.COUNSELLOR)

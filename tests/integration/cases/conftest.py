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
from app.people.models import Student
from app.people.service.logins import actor_of
from app.platform import events
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
        events.publish(ResponsesStored(assessment.id, tuple(row.id for row in stored)))

    return store


@pytest.fixture
def submit() -> Callable[[Assessment], None]:
    """End the sitting, with its event."""
    return lambda assessment: events.publish(AssessmentSubmitted(assessment.id))


def counsellor(site_id: int) -> Actor:
    """A new counsellor who acts as one."""
    user = people.user(Role.COUNSELLOR, site_id)
    return actor_of(user, Role.COUNSELLOR)

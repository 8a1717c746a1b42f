"""A sitting of PHQ-9 by alice, and what is published about it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.assessments.domain import AssessmentSubmitted, ResponsesStored
from app.assessments.models import Assessment
from app.people.models import Student
from app.platform import events
from app.results.domain import FlagsRaised
from tests.factories import people, results


@pytest.fixture
def alice(in_app: Flask, fixed_clock: object) -> Student:
    """A girl of 14 in the eighth year."""
    return people.student(people.cohort(people.site()))


@pytest.fixture
def sitting(alice: Student) -> Assessment:
    """Alice has begun PHQ-9."""
    return results.sitting(results.campaign("phq9"), alice)


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FlagsRaised]]:
    """Every FlagsRaised that was published."""
    heard: list[FlagsRaised] = []
    monkeypatch.setitem(events._handlers, FlagsRaised, [heard.append])
    return heard


@pytest.fixture
def answer() -> Callable[..., None]:
    """Store answers as the assessments room does, with its event."""

    def store(
        assessment: Assessment, instrument: str, given: dict[str, Any], **chosen: Any
    ) -> None:
        stored = results.answers(assessment, instrument, given, **chosen)
        events.publish(ResponsesStored(assessment.id, tuple(stored)))

    return store


@pytest.fixture
def submit() -> Callable[[Assessment], None]:
    """End the sitting, with its event."""
    return lambda assessment: events.publish(AssessmentSubmitted(assessment.id))

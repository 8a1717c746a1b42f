"""Sittings that were held somewhere else are taken in whole: many rows at a time, each heard of."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.assessments import queries
from app.assessments.domain import (
    Answer,
    AssessmentState,
    AssessmentSubmitted,
    Mode,
    ResponsesStored,
)
from app.assessments.models import Assessment, Response
from app.assessments.service.responses import check_answer, values_of
from app.campaigns.models import Campaign, Invitation, OpenLink
from app.platform import clock, events
from app.platform.db import db

#: Sittings in memory at a time: a district imports 55,000 at once.
BATCH = 500


@dataclass(frozen=True)
class HeldSitting:
    """One person's answers with the door they belong to; without an end it is still under way."""

    door: Invitation | OpenLink
    answers: Sequence[Answer]
    started_at: datetime
    finished_at: datetime | None
    assented_at: datetime | None = None
    neutral: bool = False


def take_in(
    *, campaign: Campaign, sittings: Sequence[HeldSitting], mode: Mode, locale: str
) -> None:
    """Store the sittings and tell downstream of each, as if it had just been answered."""
    for start in range(0, len(sittings), BATCH):
        _take_in(campaign, sittings[start : start + BATCH], mode, locale)


def _take_in(campaign: Campaign, sittings: Sequence[HeldSitting], mode: Mode, locale: str) -> None:
    assessments = [_assessment(held, mode, locale) for held in sittings]
    db.session.add_all(assessments)
    db.session.flush()
    plan = queries.plan_of_battery(campaign.battery_id)
    rows: list[dict[str, Any]] = []
    now = clock.now()
    for held, assessment in zip(sittings, assessments, strict=True):
        for answer in held.answers:
            check_answer(plan, answer)
            rows.append(values_of(assessment, answer, answer.id or str(uuid.uuid4()), 1, now))
    if rows:
        db.session.execute(insert(Response), rows)
    for held, assessment in zip(sittings, assessments, strict=True):
        _tell(assessment, held.answers)


def _assessment(held: HeldSitting, mode: Mode, locale: str) -> Assessment:
    assessment = Assessment(
        campaign_id=held.door.campaign_id,
        site_id=held.door.site_id,
        state=AssessmentState.SUBMITTED if held.finished_at else AssessmentState.STARTED,
        mode=mode,
        locale=locale,
        neutral=held.neutral,
        started_at=held.started_at,
        assented_at=held.assented_at,
        finished_at=held.finished_at,
    )
    if isinstance(held.door, OpenLink):
        assessment.open_link_id = held.door.id
        return assessment
    assessment.invitation_id = held.door.id
    assessment.cohort_id = held.door.cohort_id
    assessment.student_id = held.door.student_id
    held.door.started_at = held.door.started_at or held.started_at
    held.door.finished_at = held.door.finished_at or held.finished_at
    return assessment


def _tell(assessment: Assessment, answers: Sequence[Answer]) -> None:
    if answers:
        events.publish(ResponsesStored(assessment.id, tuple(answers)))
    if assessment.finished_at and not assessment.neutral:
        events.publish(AssessmentSubmitted(assessment.id))

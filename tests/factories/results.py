"""A sitting with answers, as the rooms upstream would have stored it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from app.assessments.domain import AssessmentState, AssessmentSubmitted, Mode, ResponsesStored
from app.assessments.models import Assessment, Response
from app.authoring.models import InstrumentVersion
from app.campaigns.domain import CampaignState
from app.campaigns.models import Battery, BatteryPart, Campaign, CampaignCohort, CampaignSite
from app.people.models import Cohort, Student, User
from app.platform import clock
from app.platform.db import db
from app.results.models import Administration, ScaleScore
from tests.factories import authoring
from tests.factories.numbers import numbers

#: An answer is a value, "refused", or a text.
Answer = float | str


def library(*codes: str) -> list[InstrumentVersion]:
    """The published versions of these shipped instruments; the form of talks is always there."""
    return authoring.published(*codes, "crisis_interview")[: len(codes)]


def campaign(*codes: str, **chosen: Any) -> Campaign:
    """An open campaign with a battery of these instruments."""
    return campaign_of(*library(*codes or ("phq9",)), **chosen)


def campaign_of(*versions: InstrumentVersion, **chosen: Any) -> Campaign:
    """An open campaign with a battery of these versions."""
    n = numbers.fresh()
    battery = Battery(code=f"results{n}", title_zh="测评组合", title_en="Battery")
    battery.parts = [
        BatteryPart(position=position, instrument_version=version)
        for position, version in enumerate(versions)
    ]
    defaults: dict[str, Any] = {
        "code": f"results{n}",
        "title": "2026年秋季测评",
        "state": CampaignState.OPEN,
        "battery": battery,
        "opens_on": date(2026, 10, 1),
        "closes_on": date(2026, 10, 31),
        "notice_zh": "告知",
        "notice_en": "Notice",
        "assent_zh": "同意",
        "assent_en": "Assent",
        "created_at": clock.now(),
    }
    return _added(Campaign(**defaults | chosen))


def takes_part(campaign: Campaign, cohort: Cohort, responder: User) -> None:
    """Let a class take part, with somebody who answers for its students."""
    site = CampaignSite(
        campaign_id=campaign.id, site_id=cohort.site_id, first_responder_id=responder.id
    )
    _added(site)
    _added(CampaignCohort(campaign_id=campaign.id, site_id=cohort.site_id, cohort_id=cohort.id))


def sitting(campaign: Campaign, student: Student | None, **chosen: Any) -> Assessment:
    """A sitting under way, assented to half a minute after its start."""
    started = chosen.pop("started_at", clock.now())
    defaults: dict[str, Any] = {
        "campaign_id": campaign.id,
        "site_id": student.site_id if student else None,
        "cohort_id": student.cohort_id if student else None,
        "student_id": student.id if student else None,
        "mode": Mode.PHONE,
        "locale": "zh_Hans",
        "state": AssessmentState.STARTED,
        "started_at": started,
        "assented_at": started + timedelta(seconds=30),
    }
    return _added(Assessment(**defaults | chosen))


def answers(
    assessment: Assessment,
    instrument: str,
    given: Mapping[str, Answer],
    *,
    begun: datetime | None = None,
    seconds: float = 6.0,
) -> list[Response]:
    """Answers to items in order, `seconds` apart, each newer than what is stored."""
    at = begun or assessment.assented_at or clock.now()
    rows = []
    for item, answer in given.items():
        at += timedelta(seconds=seconds)
        row = Response(
            public_id=str(uuid4()),
            campaign_id=assessment.campaign_id,
            site_id=assessment.site_id,
            assessment_id=assessment.id,
            instrument_code=instrument,
            item_code=item,
            seq=numbers.fresh(),
            mode=assessment.mode,
            answered_at=at,
            received_at=at,
            **_content(answer),
        )
        rows.append(row)
    db.session.add_all(rows)
    db.session.flush()
    return rows


def scored(assessment: Assessment, version: InstrumentVersion) -> Administration:
    """That an instrument of the sitting was scored, without its scores."""
    row = Administration(
        campaign_id=assessment.campaign_id,
        site_id=assessment.site_id,
        assessment_id=assessment.id,
        student_id=assessment.student_id,
        instrument_version_id=version.id,
        instrument_code=version.code,
        engine_version="1.0.0",
        scored_at=assessment.started_at,
    )
    return _added(row)


def scored_since(first: Administration, version: InstrumentVersion, **score: Any) -> Administration:
    """The same sitting scored by another version; `score` is of a scale, where it has one."""
    place = {"campaign_id": first.campaign_id, "site_id": first.site_id}
    row = Administration(
        **place,
        assessment_id=first.assessment_id,
        student_id=first.student_id,
        instrument_version_id=version.id,
        instrument_code=first.instrument_code,
        engine_version=first.engine_version,
        scored_at=first.scored_at,
        scores=[ScaleScore(**place, answered=9, **score)] if score else [],
    )
    return _added(row)


def stored(assessment: Assessment, rows: list[Response]) -> ResponsesStored:
    """The event that these answers were stored."""
    return ResponsesStored(assessment.id, tuple(rows))


def submitted(assessment: Assessment) -> AssessmentSubmitted:
    """The event that the sitting is over."""
    return AssessmentSubmitted(assessment.id)


def values(instrument_values: list[Answer]) -> dict[str, Answer]:
    """q1, q2 … with these answers."""
    return {f"q{n}": answer for n, answer in enumerate(instrument_values, 1)}


def _content(answer: Answer) -> dict[str, Any]:
    if answer == "refused":
        return {"refused": True}
    if isinstance(answer, str):
        return {"text": answer}
    return {"value": float(answer)}


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row

"""Reads of sittings and their answers."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.assessments import content
from app.assessments.domain import CLOSING, TICKET_LASTS, AssessmentState, Talk
from app.assessments.models import Assessment, Attribution, Response
from app.assessments.plan import Plan, neutral_plan, plan_of
from app.authoring.queries import instrument_of
from app.campaigns.models import Campaign, Invitation
from app.platform import clock
from app.platform.db import db

#: Instrument code → item code → the answer that counts.
Stored = Mapping[str, Mapping[str, Response]]

#: Campaign and battery → the pages. A battery never changes, a draft campaign may take another.
_plans: dict[tuple[str, int], Plan] = {}


def current_responses(assessment_id: int) -> dict[str, dict[str, Response]]:
    """The answer that counts for each item: instrument code → item code → the latest row."""
    query = select(Response).where(Response.assessment_id == assessment_id).order_by(Response.id)
    latest: dict[str, dict[str, Response]] = {}
    for response in db.session.scalars(query):
        latest.setdefault(response.instrument_code, {})[response.item_code] = response
    return latest


def sitting_by_ticket(ticket: str) -> Assessment | None:
    """The sitting that this ticket opens, under way or over, for as long as tickets last."""
    query = (
        select(Assessment)
        .where(
            Assessment.ticket_hash == ticket_hash(ticket),
            Assessment.started_at > clock.now() - TICKET_LASTS,
        )
        .options(joinedload(Assessment.campaign))
    )
    return db.session.scalar(query)


def latest_sitting(invitation: Invitation) -> Assessment | None:
    """The newest sitting that began with this slip."""
    query = select(Assessment).where(Assessment.invitation_id == invitation.id)
    return db.session.scalar(query.order_by(Assessment.id.desc()).limit(1))


def under_way(
    *, campaign_id: int | None = None, before: datetime | None = None
) -> Sequence[Assessment]:
    """Sittings that nobody has finished: of one campaign, or begun before a moment."""
    query = select(Assessment).where(Assessment.state == AssessmentState.STARTED)
    if campaign_id is not None:
        query = query.where(Assessment.campaign_id == campaign_id)
    if before is not None:
        query = query.where(Assessment.started_at < before)
    return db.session.scalars(query.order_by(Assessment.id)).all()


def plan_for(assessment: Assessment) -> Plan:
    """The pages of this sitting."""
    if assessment.neutral:
        return _neutral_plan()
    return plan_of_campaign(assessment.campaign)


@cache
def _neutral_plan() -> Plan:
    return neutral_plan(content.neutral(), content.closing())


def plan_of_campaign(campaign: Campaign) -> Plan:
    """The pages of the campaign's battery."""
    key = (campaign.public_id, campaign.battery_id)
    if key not in _plans:
        versions = [part.instrument_version for part in campaign.battery.parts]
        _plans[key] = plan_of(map(instrument_of, versions), content.closing())
    return _plans[key]


def ticket_hash(ticket: str) -> bytes:
    """What the table keeps of a ticket."""
    return hashlib.sha256(ticket.encode()).digest()


def owned_by(
    sitting: InstrumentedAttribute[int],
    named: InstrumentedAttribute[int | None],
    students: Collection[int] | Select[int],
) -> ColumnElement[bool]:
    """The condition that a row's answers are one of these students' own.

    `sitting` and `named` are the row's columns: which sitting it came from, and whom the slip
    names. Every read that asks what a student answered goes through this condition.
    """
    given = select(Attribution.assessment_id).where(
        Attribution.id.in_(_newest()), Attribution.student_id.in_(students)
    )
    moved = select(Attribution.assessment_id)
    return or_(and_(named.in_(students), sitting.not_in(moved)), sitting.in_(given))


def is_attributed(sitting: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that somebody has said whose answers the sitting's are."""
    return sitting.in_(select(Attribution.assessment_id))


def given_in(campaign_id: int) -> Select[int | None]:
    """Whose answers sittings of the campaign are because somebody has said so."""
    return (
        select(Attribution.student_id)
        .join(Attribution.assessment)
        .where(
            Attribution.id.in_(_newest()),
            Attribution.student_id.is_not(None),
            Assessment.campaign_id == campaign_id,
        )
    )


def newest_attributions(assessment_ids: Collection[int]) -> dict[int, Attribution]:
    """What counts now, by sitting; a sitting that nobody spoke about is not in it."""
    query = select(Attribution).where(
        Attribution.id.in_(_newest()), Attribution.assessment_id.in_(assessment_ids)
    )
    return {row.assessment_id: row for row in db.session.scalars(query)}


def owner_of(assessment: Assessment) -> int | None:
    """Whose answers these are as far as anybody knows."""
    said = newest_attributions([assessment.id]).get(assessment.id)
    return said.student_id if said else assessment.student_id


def attributions_of(assessment_ids: Collection[int]) -> Sequence[Attribution]:
    """Everything that was said about these sittings, in order."""
    query = (
        select(Attribution)
        .where(Attribution.assessment_id.in_(assessment_ids))
        .order_by(Attribution.id)
        .options(joinedload(Attribution.student), joinedload(Attribution.user))
    )
    return db.session.scalars(query).all()


def _newest() -> Select[int]:
    return select(func.max(Attribution.id)).group_by(Attribution.assessment_id)


def wants_to_talk_later(student_id: int) -> bool:
    """Whether the student said “later” the last time the closing question was answered."""
    query = (
        select(Response.value)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .where(
            owned_by(Assessment.id, Assessment.student_id, [student_id]),
            Response.instrument_code == CLOSING,
            Response.item_code == "talk",
        )
        .order_by(Response.id.desc())
        .limit(1)
    )
    value = db.session.scalar(query)
    return value is not None and list(Talk)[int(value)] is Talk.LATER

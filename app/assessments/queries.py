"""Reads of sittings and their answers."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import joinedload

from app.assessments import content
from app.assessments.domain import CLOSING, TICKET_LASTS, AssessmentState, Talk
from app.assessments.models import Assessment, Response
from app.assessments.plan import Plan, neutral_plan, plan_of
from app.authoring.queries import instrument_of
from app.campaigns.models import Campaign, Invitation
from app.platform import clock
from app.platform.db import db

#: Instrument code → item code → the answer that counts.
Stored = Mapping[str, Mapping[str, Response]]

#: By database, battery → the pages. A battery never changes.
_plans: WeakKeyDictionary[Engine, dict[int, Plan]] = WeakKeyDictionary()

#: Built once: it is asked by every request of a sitting.
_BY_TICKET = (
    select(Assessment)
    .where(Assessment.ticket_hash == bindparam("hash"), Assessment.started_at > bindparam("since"))
    .options(joinedload(Assessment.campaign))
)


def current_responses(assessment_id: int) -> dict[str, dict[str, Response]]:
    """The answer that counts for each item: instrument code → item code → the latest row."""
    query = select(Response).where(Response.assessment_id == assessment_id).order_by(Response.id)
    latest: dict[str, dict[str, Response]] = {}
    for response in db.session.scalars(query):
        latest.setdefault(response.instrument_code, {})[response.item_code] = response
    return latest


def sitting_by_ticket(ticket: str) -> Assessment | None:
    """The sitting that this ticket opens, under way or over, for as long as tickets last."""
    sought = {"hash": ticket_hash(ticket), "since": clock.now() - TICKET_LASTS}
    return db.session.scalar(_BY_TICKET, sought)


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
    known = _plans.setdefault(db.engine, {})
    if campaign.battery_id not in known:
        versions = [part.instrument_version for part in campaign.battery.parts]
        known[campaign.battery_id] = plan_of(map(instrument_of, versions), content.closing())
    return known[campaign.battery_id]


def ticket_hash(ticket: str) -> bytes:
    """What the table keeps of a ticket."""
    return hashlib.sha256(ticket.encode()).digest()


def wants_to_talk_later(student_id: int) -> bool:
    """Whether the student said “later” the last time the closing question was answered."""
    query = (
        select(Response.value)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .where(
            Assessment.student_id == student_id,
            Response.instrument_code == CLOSING,
            Response.item_code == "talk",
        )
        .order_by(Response.id.desc())
        .limit(1)
    )
    value = db.session.scalar(query)
    return value is not None and list(Talk)[int(value)] is Talk.LATER

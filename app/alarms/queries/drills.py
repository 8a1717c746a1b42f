"""Reads of drills: what happened in one, which a school has held, and which schools owe one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can
from app.alarms.domain import DispatchState, Step
from app.alarms.models import Alert, Dispatch, Drill, Message, Notice
from app.alarms.script import EVERY, DrillStep, Reached, measure
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Campaign, CampaignSite
from app.cases.domain.story import Happening
from app.cases.models import Case, CaseEvent, Contact, GuardianStep, QueueEntry
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import db

#: The deeds by which the timeline was read.
READ = ("see_timeline", "print_timeline")


@dataclass(frozen=True)
class Due:
    """A school that owes a drill, and since when."""

    site: Site
    since: datetime


def visible_to(actor: Actor) -> Select[Drill]:
    """Drills of the actor's schools, the newest first."""
    query = select(Drill).where(_in_scope(actor))
    return query.order_by(Drill.started_at.desc(), Drill.id.desc())


def find_drill(actor: Actor, public_id: str) -> Drill | None:
    """One drill, if the actor may see it."""
    return db.session.scalar(visible_to(actor).where(Drill.public_id == public_id))


def drills_of(actor: Actor, site: Site, *, most: int = 24) -> Sequence[Drill]:
    """What a school has held, the newest first: two years of months."""
    return db.session.scalars(visible_to(actor).where(Drill.site_id == site.id).limit(most)).all()


def running_drill(site_id: int) -> Drill | None:
    """The drill that a school holds right now."""
    query = select(Drill).where(Drill.site_id == site_id, Drill.ended_at.is_(None))
    return db.session.scalar(query)


def last_passed_at(site_id: int) -> datetime | None:
    """When a school last passed a drill."""
    query = select(func.max(Drill.ended_at)).where(
        Drill.site_id == site_id, Drill.is_passed.is_(True)
    )
    return db.session.scalar(query)


def is_fresh(passed_at: datetime | None, now: datetime) -> bool:
    """Whether a passed drill is young enough for a campaign to open."""
    return passed_at is not None and now - passed_at <= EVERY


def entry_of(drill: Drill) -> QueueEntry | None:
    """What stands in the queue for the made-up student."""
    query = select(QueueEntry).where(QueueEntry.student_id == drill.student_id)
    return db.session.scalar(query.order_by(QueueEntry.id).limit(1))


def steps_of(drill: Drill) -> list[Reached]:
    """The script beside what has happened so far; of an ended drill as it was fixed."""
    if drill.ended_at is not None:
        fixed = {
            DrillStep(step): drill.started_at + timedelta(seconds=seconds)
            for step, seconds in drill.seconds.items()
        }
        return measure(drill.started_at, fixed, until=drill.ended_at, over=True)
    return measure(drill.started_at, happened(drill), until=clock.now(), over=False)


def happened(drill: Drill) -> dict[DrillStep, datetime]:
    """When each step was taken, from what is stored; nothing of it is typed in."""
    of_case = Case.student_id == drill.student_id
    next_date = CaseEvent.what == Happening.NEXT_DATE_SET.value
    entry = select(QueueEntry.public_id).where(QueueEntry.student_id == drill.student_id)
    looked_for = {
        DrillStep.TOLD: _arrived(drill),
        DrillStep.GOING: select(func.min(Alert.acknowledged_at)).where(
            Alert.campaign_id == drill.campaign_id
        ),
        DrillStep.SECOND: _arrived(drill).where(Notice.step == Step.SECOND),
        DrillStep.CONTACT: select(func.min(Contact.recorded_at)).join(Contact.case).where(of_case),
        DrillStep.GUARDIAN: select(func.min(GuardianStep.recorded_at))
        .join(Case, Case.id == GuardianStep.case_id)
        .where(of_case),
        DrillStep.NEXT_DATE: select(func.min(CaseEvent.at))
        .join(Case, Case.id == CaseEvent.case_id)
        .where(of_case, next_date),
        DrillStep.TIMELINE: select(func.min(AuditEvent.at)).where(
            AuditEvent.action.in_(READ), AuditEvent.object_ref.in_(entry)
        ),
    }
    found = {step: db.session.scalar(query) for step, query in looked_for.items()}
    if drill.ended_by_id is not None:
        found[DrillStep.ENDED] = drill.ended_at
    return {step: at for step, at in found.items() if at is not None}


def sites_due(actor: Actor, as_of: datetime) -> list[Due]:
    """Schools with a campaign open or planned that have passed no drill for a month."""
    asked = (
        select(CampaignSite.site_id, func.min(Campaign.created_at))
        .join(CampaignSite.campaign)
        .where(
            Campaign.kind == CampaignKind.SCREENING,
            Campaign.state != CampaignState.CLOSED,
            Campaign.created_at <= as_of,
        )
        .group_by(CampaignSite.site_id)
    )
    passed = (
        select(Drill.site_id, func.max(Drill.ended_at))
        .where(Drill.is_passed.is_(True), Drill.ended_at <= as_of)
        .group_by(Drill.site_id)
    )
    needed = dict(db.session.execute(asked).all())
    last = {site: at for site, at in db.session.execute(passed) if at is not None}
    sites = db.session.scalars(visible_sites(actor).where(Site.id.in_(needed)))
    return [
        Due(site, last[site.id] + EVERY if site.id in last else needed[site.id])
        for site in sites
        if not is_fresh(last.get(site.id), as_of)
    ]


def _arrived(drill: Drill) -> Select[datetime | None]:
    return (
        select(func.min(Dispatch.ended_at))
        .join(Message, Message.id == Dispatch.message_id)
        .join(Notice, Notice.message_id == Message.id)
        .join(Alert, Alert.id == Notice.alert_id)
        .where(Alert.campaign_id == drill.campaign_id, Dispatch.state == DispatchState.SENT)
    )


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if not can(actor, Permission.HOLD_DRILLS):
        return ~true()
    return true() if actor.everywhere else Drill.site_id.in_(actor.site_ids)

"""Writes of drills: a made-up student walks the whole real chain, and the result is fixed."""

from sqlalchemy import select

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.alarms.domain import DrillError, DrillObstacle, Work
from app.alarms.models import Alert, Drill
from app.alarms.queries.channels import channels_drilled
from app.alarms.queries.drills import happened, running_drill
from app.alarms.script import LASTS, VERSION, is_passed, measure
from app.assessments.domain import CLOSING, Answer, Mode
from app.assessments.service.responses import store_responses
from app.assessments.service.sittings import start, submit
from app.authoring.domain import UnknownInstrumentError
from app.authoring.queries import current_version
from app.campaigns.models import Invitation
from app.campaigns.service import close_drill_campaign, invite_to_drill
from app.cases.service.drills import put_away
from app.people.models import Site
from app.people.queries import on_duty, responders
from app.people.service.synthetic import create_synthetic_student
from app.platform import audit, clock, jobs
from app.platform.db import db, only

INSTRUMENT, ITEMS = "phq9", 9
#: Item 9 at “more than half the days”: the fast lane.
LAST_ITEM = 2
LOCALE = "zh_Hans"


def obstacles_to_drill(site: Site) -> list[DrillObstacle]:
    """What is missing, in the order in which it is mended: who, when, how reached."""
    found = []
    if not responders(site):
        found.append(DrillObstacle.NO_RESPONDER)
    watching = on_duty(site.id, clock.now())
    if not watching:
        found.append(DrillObstacle.NOBODY_ON_DUTY)
    elif not any(channels_drilled(site, watching[:2]).values()):
        found.append(DrillObstacle.NO_CHANNEL)
    if not _has_instrument():
        found.append(DrillObstacle.NO_INSTRUMENT)
    if running_drill(site.id):
        found.append(DrillObstacle.RUNNING)
    return found


def start_drill(*, actor: Actor, site: Site) -> Drill:
    """Somebody who does not exist answers item 9; from here on everything is real."""
    require(actor, Permission.HOLD_DRILLS, site)
    # Two people may press at once: the later one finds the drill of the first.
    db.session.get_one(Site, site.id, with_for_update=only(Site))
    if obstacles := obstacles_to_drill(site):
        raise DrillError(obstacles)
    student = create_synthetic_student(actor=actor, site=site)
    invitation = invite_to_drill(actor=actor, student=student, instrument_code=INSTRUMENT)
    drill = Drill(
        site_id=site.id,
        campaign_id=invitation.campaign_id,
        student_id=student.id,
        started_by_id=actor.user_id,
        started_at=clock.now(),
        script=VERSION,
        seconds={},
    )
    db.session.add(drill)
    db.session.flush()
    key = f"{Work.DRILL_OVER}:{drill.id}"
    jobs.enqueue(Work.DRILL_OVER, run_at=drill.started_at + LASTS, key=key, drill_id=drill.id)
    audit.record(actor, "start_drill", drill)
    _sit(invitation)
    return drill


def end_drill(*, actor: Actor, drill: Drill) -> None:
    """Somebody ends it on purpose: the last step of the script."""
    require(actor, Permission.HOLD_DRILLS, drill)
    _hold(drill)
    if drill.ended_at is not None:
        raise DrillError
    _end(drill, actor)


def end_by_time(*, drill_id: int) -> None:
    """Forty minutes are over and nobody has ended it."""
    drill = db.session.get_one(Drill, drill_id)
    _hold(drill)
    if drill.ended_at is None:
        _end(drill, SYSTEM)


def _sit(invitation: Invitation) -> None:
    """Nine answers and the last page, through the same services as every student's."""
    assessment, _ticket = start(invitation=invitation, mode=Mode.PHONE, locale=LOCALE, agreed=True)
    values = [0] * (ITEMS - 1) + [LAST_ITEM]
    answers = [
        Answer(INSTRUMENT, f"q{n}", value=float(value), answered_at=clock.now())
        for n, value in enumerate(values, 1)
    ]
    closing = [Answer(CLOSING, code, value=0.0) for code in ("talk", "company")]
    store_responses(assessment=assessment, answers=[*answers, *closing])
    submit(assessment=assessment)


def _end(drill: Drill, actor: Actor) -> None:
    drill.ended_at, drill.ended_by_id = clock.now(), actor.user_id
    moments = happened(drill)
    reached = measure(drill.started_at, moments, until=drill.ended_at, over=True)
    drill.is_passed = is_passed(reached)
    # Whole seconds, rounded up: what is late stays late.
    drill.seconds = {
        step.mark.step.value: -int(-step.after.total_seconds() // 1)
        for step in reached
        if step.after is not None
    }
    _close_alerts(drill)
    if drill.student is not None:
        put_away(student=drill.student, actor=actor)
    if drill.campaign is not None:
        close_drill_campaign(campaign=drill.campaign)
    db.session.flush()
    audit.record(actor, "end_drill", drill, passed=drill.is_passed)


def _close_alerts(drill: Drill) -> None:
    query = select(Alert).where(Alert.campaign_id == drill.campaign_id, Alert.closed_at.is_(None))
    for alert in db.session.scalars(query.with_for_update(of=Alert)):
        alert.closed_at = clock.now()


def _has_instrument() -> bool:
    try:
        current_version(INSTRUMENT)
    except UnknownInstrumentError:
        return False
    return True


def _hold(drill: Drill) -> None:
    """A person may press in the moment in which the time is over: the later one finds it ended."""
    db.session.refresh(drill, with_for_update=only(Drill))

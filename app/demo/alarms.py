"""Who was called: earlier digests are read, one call of today is answered, one is not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.access.permissions import Role
from app.alarms.domain import Step, Work
from app.alarms.models import Alert
from app.alarms.service import alerts, calls
from app.demo import district
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from app.platform.jobs import Job
from app.triage.domain import Lane

READ_AFTER, GOING_AFTER = timedelta(hours=2), timedelta(minutes=6)
#: So far the ladder is told; what is repeated afterwards is left to the worker.
LADDER = (Step.FIRST, Step.SECOND, Step.LEAD, Step.HEAD, Step.DIGEST)


def live_on(*, users: Mapping[str, User]) -> None:
    """Let the alerts live until now, as people and the worker would have."""
    _read_digests()
    answered = _open_alerts(Lane.FAST)[:1]
    for alert in answered:
        _climb(until=alert.raised_at + GOING_AFTER)
        with clock.frozen(min(alert.raised_at + GOING_AFTER, clock.now())):
            lead = actor_of(users[district.LEAD], Role.CRISIS_LEAD)
            alerts.acknowledge(actor=lead, alert=alert)
    _climb(until=clock.now())
    _forget_the_past()


def _read_digests() -> None:
    for digest in _open_alerts(Lane.SAME_DAY):
        if digest.day != clock.today():
            with clock.frozen(digest.raised_at + READ_AFTER):
                for link in list(digest.entries):
                    alerts.entry_seen(entry_id=link.entry_id)


def _open_alerts(lane: Lane) -> list[Alert]:
    query = select(Alert).where(
        Alert.lane == lane, Alert.acknowledged_at.is_(None), Alert.closed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Alert.id)))


def _climb(*, until: datetime) -> None:
    """Call at the moments that were planned; an answered alert calls nobody."""
    due = select(Job).where(Job.kind == Work.CALL, Job.run_at <= min(until, clock.now()))
    waiting = due.where(Job.done_at.is_(None)).order_by(Job.run_at, Job.id)
    for job in db.session.scalars(waiting).all():
        job.done_at = job.run_at
        step = Step(job.args["step"])
        if step in LADDER:
            with clock.frozen(job.run_at):
                calls.call(alert_id=job.args["alert_id"], step=step, round=0)


def _forget_the_past() -> None:
    """What was due before now is done, but for the messages that wait for the worker."""
    past = (Job.run_at <= clock.now()) & Job.done_at.is_(None)
    kept = Job.kind.in_([Work.DELIVER, Work.SEND])
    db.session.execute(update(Job).where(past, ~kept).values(done_at=Job.run_at))
    db.session.execute(update(Job).where(past, kept).values(run_at=clock.now()))

"""What this room does later: each opens its own transaction and leaves the rest to the services."""

import logging
from datetime import timedelta

from app.alarms.domain import Step, Work
from app.alarms.service import alerts, calls, delivery, drills
from app.platform import jobs
from app.platform.db import begin_write, db

_log = logging.getLogger(__name__)


def call(alert_id: int, step: str, round: int) -> None:
    begin_write()
    calls.call(alert_id=alert_id, step=Step(step), round=round)
    db.session.commit()


def follow_up(alert_id: int) -> None:
    begin_write()
    alerts.follow_up(alert_id=alert_id)
    db.session.commit()


def watch_silence(entry_id: int) -> None:
    begin_write()
    alerts.hasten_entry(entry_id=entry_id)
    db.session.commit()


def check_alerts() -> None:
    """No entry that cannot wait is without a call (P12); where that is broken, mend it."""
    begin_write()
    mended = alerts.mend_missing_alerts()
    db.session.commit()
    if mended:
        _log.error("entries called for nobody, and do now: %s", mended)


def deliver(user_id: int) -> None:
    delivery.deliver(user_id=user_id)


def send(dispatch_id: int) -> None:
    delivery.send(dispatch_id=dispatch_id)


def end_drill(drill_id: int) -> None:
    begin_write()
    drills.end_by_time(drill_id=drill_id)
    db.session.commit()


def register() -> None:
    """Take on the jobs of this room."""
    jobs.handle(Work.CALL, call, is_quick=True)
    jobs.handle(Work.FOLLOW, follow_up, is_quick=True)
    jobs.handle(Work.SILENCE, watch_silence, is_quick=True)
    jobs.handle(Work.DELIVER, deliver, is_quick=True)
    jobs.handle(Work.SEND, send)
    jobs.handle(Work.DRILL_OVER, end_drill)
    jobs.every(Work.CHECK, timedelta(hours=1), check_alerts)

"""That a person is called for an alert, and that the telling begins."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.alarms.domain import AlertNow, Step, Work
from app.alarms.models import Alert, Notice
from app.people.models import User
from app.platform import clock, jobs
from app.platform.db import db
from app.triage.domain import Lane


def call_users(alert: Alert, step: Step, number: int, users: Iterable[User]) -> None:
    """Call each once for this round of the step."""
    query = select(Notice.user_id).where(
        Notice.alert_id == alert.id, Notice.step == step, Notice.round == number
    )
    noted = set(db.session.scalars(query))
    for user in users:
        if user.id not in noted:
            _note(alert, step, number, user.id)
        ask_delivery(user.id)
    db.session.flush()


def call_at_once(alert: Alert | AlertNow, user_id: int) -> None:
    """Call one person now, out of turn: what has come concerns them before all others."""
    step = Step.FIRST if alert.lane is Lane.FAST else Step.DIGEST
    query = select(func.count(Notice.id)).where(
        Notice.alert_id == alert.id, Notice.step == step, Notice.user_id == user_id
    )
    _note(alert, step, db.session.scalar(query) or 0, user_id)
    ask_delivery(user_id)
    db.session.flush()


def ask_delivery(user_id: int) -> None:
    """Tell the person as soon as may be; several calls are told at once."""
    jobs.enqueue(Work.DELIVER, key=f"{Work.DELIVER}:{user_id}", user_id=user_id)


def _note(alert: Alert | AlertNow, step: Step, number: int, user_id: int) -> None:
    db.session.add(
        Notice(
            alert_id=alert.id,
            user_id=user_id,
            step=step,
            round=number,
            # Neither the fast lane nor what is overdue waits to be merged.
            loud=alert.lane is Lane.FAST or step is Step.OVERDUE,
            at=clock.now(),
        )
    )

"""The ladder: whose turn it is at a step, and the next step, until somebody is going."""

import logging
from collections.abc import Iterable

from sqlalchemy import select

from app.access.actor import SYSTEM
from app.alarms.domain import AGAIN, OVERDUE_AGAIN, Step, Work
from app.alarms.models import Alert, Notice
from app.alarms.queries.calling import called, team_of
from app.alarms.service.alerts import close_if_settled
from app.people.models import User
from app.platform import audit, clock, jobs
from app.platform.db import db, only
from app.triage.domain import Lane

_log = logging.getLogger(__name__)

#: What follows a step that is repeated, and after how long.
_REPEATS = {
    Step.HEAD: (Step.AGAIN, AGAIN),
    Step.AGAIN: (Step.AGAIN, AGAIN),
    Step.OVERDUE: (Step.OVERDUE, OVERDUE_AGAIN),
}


def call(*, alert_id: int, step: Step, round: int) -> None:
    """Call whose turn it is, once; done twice it is as if done once."""
    alert = db.session.get_one(Alert, alert_id, with_for_update=only(Alert))
    if not alert.is_calling or close_if_settled(alert):
        return
    team = team_of(alert, clock.now())
    before = called(alert)
    overtaken = (user for user in team.until(step) if user.id not in before)
    users = list(dict.fromkeys([*team.of(step), *overtaken]))
    if not users:
        _log.error("alert %s has nobody to call", alert.public_id)
    _note(alert, step, round, users)
    _plan_next(alert, step, round)
    audit.record(SYSTEM, "call_people", alert, step=step.value, round=round, people=len(users))


def _note(alert: Alert, step: Step, number: int, users: Iterable[User]) -> None:
    query = select(Notice.user_id).where(
        Notice.alert_id == alert.id, Notice.step == step, Notice.round == number
    )
    noted = set(db.session.scalars(query))
    loud = alert.lane is Lane.FAST or step is Step.OVERDUE
    for user in users:
        if user.id not in noted:
            db.session.add(
                Notice(
                    alert_id=alert.id,
                    user_id=user.id,
                    step=step,
                    round=number,
                    loud=loud,
                    at=clock.now(),
                )
            )
        ask_delivery(user.id)
    db.session.flush()


def ask_delivery(user_id: int) -> None:
    """Tell the person as soon as may be; several calls are told at once."""
    jobs.enqueue(Work.DELIVER, key=f"{Work.DELIVER}:{user_id}", user_id=user_id)


def _plan_next(alert: Alert, step: Step, number: int) -> None:
    if step not in _REPEATS:
        return
    following, pause = _REPEATS[step]
    key = f"{Work.CALL}:{alert.id}:{following}:{number + 1}"
    jobs.enqueue(
        Work.CALL,
        run_at=clock.now() + pause,
        key=key,
        alert_id=alert.id,
        step=following.value,
        round=number + 1,
    )

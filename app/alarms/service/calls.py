"""The ladder: whose turn it is at a step, and the next step, until somebody is going."""

import logging

from app.access.actor import SYSTEM
from app.alarms.domain import AGAIN, OVERDUE_AGAIN, Step, Work
from app.alarms.models import Alert
from app.alarms.queries.calling import called, team_of
from app.alarms.service.alerts import call_again, close_if_settled, held
from app.alarms.service.notices import call_users
from app.platform import audit, clock, jobs

_log = logging.getLogger(__name__)

#: "I am going" for a digest does not end these: somebody in it may still be unread.
_GOES_ON = (Step.REMIND, Step.OVERDUE)
#: What follows a step that is repeated, and after how long.
_REPEATS = {
    Step.HEAD: (Step.AGAIN, AGAIN),
    Step.AGAIN: (Step.AGAIN, AGAIN),
    Step.OVERDUE: (Step.OVERDUE, OVERDUE_AGAIN),
}


def call(*, alert_id: int, step: Step, round: int) -> None:
    """Call whose turn it is, once; done twice it is as if done once."""
    alert = held(alert_id)
    if alert.closed_at is not None or close_if_settled(alert):
        return
    if alert.acknowledged_at is not None:
        if step in _GOES_ON:
            call_again(alert)
        return
    team = team_of(alert, clock.now())
    before = called(alert)
    overtaken = (user for user in team.until(step) if user.id not in before)
    users = list(dict.fromkeys([*team.of(step), *overtaken]))
    if not users:
        _log.error("alert %s has nobody to call", alert.public_id)
    call_users(alert, step, round, users)
    _plan_next(alert, step, round)
    audit.record(SYSTEM, "call_people", alert, step=step.value, round=round, people=len(users))


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

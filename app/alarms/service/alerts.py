"""Alerts: raised in the transaction of the answer, closed when somebody is going."""

from datetime import datetime, timedelta

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.alarms.domain import STANDS, Step, Work, digest_steps
from app.alarms.models import Alert, AlertEntry
from app.alarms.queries import alerts as queries
from app.alarms.queries.sittings import is_answering
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.cases.queries.queue import SILENCE
from app.cases.service.queue import hasten_silent
from app.people.models import Cohort, Site
from app.platform import audit, clock, jobs
from app.platform.db import db, only
from app.triage.domain import Lane

#: How often one who goes on answering after a critical answer is looked after.
LOOK_AGAIN = timedelta(minutes=1)


def raise_alert(*, entry_id: int) -> Alert | None:
    """Let an entry call for somebody, unless it does already; without a lane it only waits."""
    entry = db.session.get_one(QueueEntry, entry_id)
    if entry.lane == Lane.FAST:
        return _raise_fast(entry)
    if entry.lane == Lane.SAME_DAY:
        _watch_silence(entry)
        return _join_digest(entry)
    return None


def acknowledge(*, actor: Actor, alert: Alert) -> None:
    """Somebody is going: nobody else is called; who was first is kept."""
    require(actor, Permission.RECEIVE_ALARMS, alert)
    _hold(alert)
    if alert.acknowledged_at is not None:
        return
    _mark_going(alert, actor.user_id)
    jobs.enqueue(Work.FOLLOW, run_at=clock.now() + STANDS, alert_id=alert.id)
    audit.record(actor, "acknowledge_alert", alert)


def entry_taken(*, entry_id: int, user_id: int) -> None:
    """Who takes an entry on is going: its alert is answered; a digest loses what is in hand."""
    for alert in queries.open_alerts_of(entry_id):
        _hold(alert)
        if alert.lane is Lane.FAST:
            if alert.acknowledged_at is None:
                _mark_going(alert, user_id)
            _close(alert)
        else:
            _mark_read(alert, entry_id)


def entry_seen(*, entry_id: int) -> None:
    """Somebody has read the entry: a digest is read when all of it was; the fast lane calls on."""
    for alert in queries.open_alerts_of(entry_id):
        _hold(alert)
        _mark_read(alert, entry_id)


def follow_up(*, alert_id: int) -> None:
    """An hour after "I am going": an entry that nobody has taken on calls again."""
    alert = db.session.get_one(Alert, alert_id, with_for_update=only(Alert))
    if alert.closed_at is not None:
        return
    _close(alert)
    for link in alert.entries:
        if link.entry.state is EntryState.WAITING:
            _open_fast(link.entry)


def hasten_entry(*, entry_id: int) -> None:
    """Five minutes without a tap after a critical answer; one still answering is asked after again.

    Hastening raises the entry anew, and with it the call of the fast lane.
    """
    hasten_silent()
    entry = db.session.get_one(QueueEntry, entry_id)
    if entry.lane == Lane.SAME_DAY and is_answering(entry):
        _watch_silence(entry, after=LOOK_AGAIN)


def close_if_settled(alert: Alert) -> bool:
    """Close an alert for which nobody waits any more; whether it was so."""
    if any(link.entry.state is not EntryState.SETTLED for link in alert.entries):
        return False
    _close(alert)
    return True


def _raise_fast(entry: QueueEntry) -> Alert | None:
    """One alert an entry; a newer cry calls again once the last "I am going" is an hour old."""
    # Two flags of one entry come one after the other: the student's row is held upstream.
    last = queries.last_fast_alert(entry)
    if last is not None and last.is_calling:
        return None
    if last is not None and not _is_new_cry(entry, last):
        return None
    if last is not None:
        _close(last)
    return _open_fast(entry)


def _is_new_cry(entry: QueueEntry, last: Alert) -> bool:
    answered_at = last.acknowledged_at or last.closed_at or last.raised_at
    cries = (flag.raised_at for flag in entry.flags if flag.lane == Lane.FAST)
    return max(cries, default=answered_at) > answered_at + STANDS


def _open_fast(entry: QueueEntry) -> Alert:
    alert = _new_alert(entry, Lane.FAST)
    for step, at in queries.clocks_of(entry.site_id).steps(alert.raised_at):
        _plan(alert, step, at)
    return alert


def _join_digest(entry: QueueEntry) -> Alert | None:
    """One digest a class and day (or an open link's school), for what nobody has read yet."""
    last = queries.last_digest_link(entry)
    if last is not None and not _is_unread_news(entry, last):
        return None
    if last is not None and last.alert.closed_at is None:
        last.seen_at = None
        return last.alert
    _take_turn(entry)
    digest = queries.open_digest_for(entry, clock.today())
    if digest is None:
        return _open_digest(entry)
    _join(digest, entry)
    digest.due_at = min(digest.due_at, entry.due_at)
    db.session.flush()
    return digest


def _is_unread_news(entry: QueueEntry, last: AlertEntry) -> bool:
    """Whether a critical flag came after the entry was read."""
    read_at = last.seen_at or last.alert.closed_at
    news = (flag.raised_at for flag in entry.flags if flag.lane)
    return read_at is not None and any(at > read_at for at in news)


def _open_digest(entry: QueueEntry) -> Alert:
    digest = _new_alert(entry, Lane.SAME_DAY)
    for step, at in digest_steps(digest.raised_at, digest.due_at):
        _plan(digest, step, at)
    return digest


def _new_alert(entry: QueueEntry, lane: Lane) -> Alert:
    alert = Alert(
        site_id=entry.site_id,
        campaign_id=entry.campaign_id,
        cohort_id=queries.class_of(entry),
        lane=lane,
        day=clock.today() if lane is Lane.SAME_DAY else None,
        raised_at=clock.now(),
        due_at=entry.due_at,
    )
    db.session.add(alert)
    _join(alert, entry)
    db.session.flush()
    audit.record(SYSTEM, "raise_alert", alert, lane=lane.value)
    return alert


def _join(alert: Alert, entry: QueueEntry) -> None:
    alert.entries.append(AlertEntry(entry_id=entry.id, joined_at=clock.now()))


def _plan(alert: Alert, step: Step, at: datetime) -> None:
    key = f"{Work.CALL}:{alert.id}:{step}:0"
    jobs.enqueue(Work.CALL, run_at=at, key=key, alert_id=alert.id, step=step.value, round=0)


def _watch_silence(entry: QueueEntry, after: timedelta = SILENCE) -> None:
    key = f"{Work.SILENCE}:{entry.id}"
    # A second late: the fifth minute is over, not ending.
    at = clock.now() + after + timedelta(seconds=1)
    jobs.enqueue(Work.SILENCE, run_at=at, key=key, entry_id=entry.id)


def _take_turn(entry: QueueEntry) -> None:
    """Two students of a class cannot open two digests: the later waits for the earlier."""
    cohort_id = queries.class_of(entry)
    if cohort_id is not None:
        db.session.get_one(Cohort, cohort_id, with_for_update=only(Cohort))
    else:
        db.session.get_one(Site, entry.site_id, with_for_update=only(Site))


def _hold(alert: Alert) -> None:
    """Two people may press at the same moment: the later one waits and sees the first."""
    db.session.refresh(alert, with_for_update=only(Alert))


def _mark_going(alert: Alert, user_id: int | None) -> None:
    alert.acknowledged_at, alert.acknowledged_by_id = clock.now(), user_id
    if alert.lane is Lane.SAME_DAY:
        _close(alert)
    db.session.flush()


def _mark_read(alert: Alert, entry_id: int) -> None:
    for link in alert.entries:
        if link.entry_id == entry_id:
            link.seen_at = link.seen_at or clock.now()
    if alert.lane is Lane.SAME_DAY and all(link.seen_at for link in alert.entries):
        _close(alert)


def _close(alert: Alert) -> None:
    alert.closed_at = alert.closed_at or clock.now()
    db.session.flush()

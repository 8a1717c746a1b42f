"""Alerts: raised in the transaction of the answer, closed when somebody is going."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.alarms.domain import STANDS, AlertNow, Step, Work, digest_steps
from app.alarms.models import Alert, AlertEntry
from app.alarms.queries import alerts as queries
from app.alarms.queries.sittings import is_answering
from app.alarms.service.notices import call_at_once
from app.cases.domain.queue import EntryNow, EntryState
from app.cases.models import QueueEntry
from app.cases.queries.queue import SILENCE, entry_now
from app.cases.service.queue import hasten_silent
from app.people.models import Cohort, Site
from app.platform import audit, clock, ids, jobs
from app.platform.db import db, hold_row, only
from app.platform.rows import add_row, change_row, forget
from app.triage.domain import Lane

#: How often one who goes on answering after a critical answer is looked after.
LOOK_AGAIN = timedelta(minutes=1)


def raise_alert(entry: EntryNow, *, news: Lane | None = None, is_new: bool = False) -> None:
    """Let an entry call for somebody, unless it does already; without a lane it only waits.

    One that `is_new`, opened in this transaction, has never called: what it did is not looked up.
    Two pieces of news of one entry come one after the other: it is held upstream.
    """
    if entry.lane is Lane.FAST:
        if is_new:
            _open_fast(entry)
        else:
            _raise_fast(entry, news)
    elif entry.lane is Lane.SAME_DAY:
        _watch_silence(entry.id)
        _join_digest(entry, is_news=news is not None, is_new=is_new)


def acknowledge(*, actor: Actor, alert: Alert) -> None:
    """Somebody is going, who can see where to: nobody else is called; who was first is kept."""
    require(actor, Permission.RECEIVE_ALARMS, alert)
    require(actor, Permission.SEE_QUEUE, alert)
    _hold(alert)
    if alert.acknowledged_at is not None:
        return
    _mark_going(alert, actor.user_id)
    jobs.enqueue(Work.FOLLOW, run_at=clock.now() + STANDS, alert_id=alert.id)
    audit.record(actor, "acknowledge_alert", alert)


def note_known(*, actor: Actor, alert: Alert) -> None:
    """Somebody who cannot see where to go has heard the call: a line, and the calling goes on."""
    require(actor, Permission.RECEIVE_ALARMS, alert)
    audit.record(actor, "know_alert", alert)


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


def entry_released(*, entry_id: int) -> None:
    """Nobody has the entry any more: what its taking had silenced calls again."""
    entry = entry_now(entry_id)
    if entry.lane is Lane.FAST:
        last = queries.last_fast_alert(entry)
        # An "I am going" that still stands is followed up by itself.
        if last is None or last.closed_at is not None:
            _open_fast(entry)
    elif entry.lane is Lane.SAME_DAY:
        _join_digest(entry, is_news=True)


def entry_given(*, entry_id: int, user_id: int) -> None:
    """Who was named is called at once, and the others in their turn until the entry is opened."""
    alert = _alert_for_receiver(entry_now(entry_id))
    if alert is not None:
        call_at_once(alert, user_id)


def follow_up(*, alert_id: int) -> None:
    """An hour after "I am going": an entry that nobody has taken on, or read, calls again."""
    alert = held(alert_id)
    if alert.closed_at is None:
        call_again(alert)


def call_again(alert: Alert) -> None:
    """Close the alert, and let a new one call for everybody in it to whom nobody has come."""
    waiting = _unanswered(alert)
    _close(alert)
    for entry in waiting:
        if alert.lane is Lane.FAST:
            _open_fast(entry)
        else:
            _put_in_digest(entry)


def held(alert_id: int) -> Alert:
    """The alert and what it calls for, held in the order of the house: entries, class, alert."""
    of_alert = select(AlertEntry.entry_id).where(AlertEntry.alert_id == alert_id)
    query = select(QueueEntry).where(QueueEntry.id.in_(of_alert)).order_by(QueueEntry.id)
    query = query.with_for_update(**only(QueueEntry))
    entries = db.session.scalars(query.execution_options(populate_existing=True)).all()
    alert = db.session.get_one(Alert, alert_id)
    if alert.lane is Lane.SAME_DAY and entries:
        _take_turn(entry_now(entries[0].id))
    _hold(alert)
    return alert


def mend_missing_alerts() -> list[int]:
    """Let entries call that cannot wait and never called; the ids of those entries."""
    entries = queries.entries_without_alert(clock.now())
    for entry in entries:
        raise_alert(entry_now(entry.id))
    for entry in entries:
        audit.record(SYSTEM, "mend_alert", entry)
    return [entry.id for entry in entries]


def hasten_entry(*, entry_id: int) -> None:
    """Five minutes without a tap after a critical answer; one still answering is asked after again.

    Hastening raises the entry anew, and with it the call of the fast lane.
    """
    hasten_silent(entry_id=entry_id)
    entry = db.session.get_one(QueueEntry, entry_id)
    if entry.lane == Lane.SAME_DAY and is_answering(entry):
        _watch_silence(entry_id, after=LOOK_AGAIN)


def close_if_settled(alert: Alert) -> bool:
    """Close an alert for which nobody waits any more; whether it was so."""
    if any(link.entry.state is not EntryState.SETTLED for link in alert.entries):
        return False
    _close(alert)
    return True


def _raise_fast(entry: EntryNow, news: Lane | None) -> None:
    """One alert an entry; a cry after the last was answered calls again, whoever has the entry."""
    last = queries.last_fast_alert(entry)
    if last is not None and last.is_calling:
        return
    if last is None or news is Lane.FAST:
        if last is not None:
            _close(last)
        _open_fast(entry)
    elif news:
        _join_digest(entry, is_news=True)


def _open_fast(entry: EntryNow, *, first: bool = True) -> AlertNow:
    alert = _new_alert(entry, Lane.FAST)
    steps = queries.clocks_of(entry.site_id).steps(alert.raised_at)
    _plan_new(alert, (each for each in steps if first or each[0] is not Step.FIRST))
    return alert


def _alert_for_receiver(entry: EntryNow) -> AlertNow | None:
    """What calls who was given the entry; the first of others is not called beside them."""
    if entry.lane is Lane.FAST:
        last = queries.last_fast_alert(entry)
        if last is not None and last.is_calling:
            return last
        if last is not None:
            _close(last)
        return _open_fast(entry, first=False)
    if entry.lane is Lane.SAME_DAY:
        return _put_in_digest(entry, first=False)
    return None


def _join_digest(entry: EntryNow, *, is_news: bool, is_new: bool = False) -> None:
    """One digest a class and day (or an open link's school), for what nobody has read yet."""
    if not (is_new or is_news) and queries.last_digest(entry) is not None:
        return
    digest = _put_in_digest(entry, is_new=is_new)
    if entry.claimed_by_id is not None:
        call_at_once(digest, entry.claimed_by_id)


def _put_in_digest(entry: EntryNow, *, first: bool = True, is_new: bool = False) -> AlertNow:
    """Into the digest that calls, or a new one, together with what is unread of an answered one."""
    _take_turn(entry)
    digest = None if is_new else queries.last_digest(entry)
    if digest is None or not digest.is_calling:
        digest = queries.open_digest_for(entry, clock.today())
    if digest is None:
        return _open_digest(entry, first=first)
    if digest.acknowledged_at is None:
        return _join(digest, entry, is_new=is_new)
    answered = db.session.get_one(Alert, digest.id)
    unread = [each for each in _unanswered(answered) if each.id != entry.id]
    _close(digest)
    digest = _open_digest(entry, first=first)
    for each in unread:
        digest = _join(digest, each)
    return digest


def _open_digest(entry: EntryNow, *, first: bool) -> AlertNow:
    digest = _new_alert(entry, Lane.SAME_DAY)
    steps = digest_steps(digest.raised_at, digest.due_at)
    _plan_new(digest, (each for each in steps if first or each[0] is not Step.DIGEST))
    return digest


def _unanswered(alert: Alert) -> list[EntryNow]:
    """For whom nobody has come: of a digest what is unread, of a crisis who is not taken on.

    An alert of the fast lane is closed when its entry is taken on: an entry that is claimed while
    the alert stands open has a holder who has not opened it.
    """
    return [
        entry_now(link.entry_id)
        for link in alert.entries
        if link.entry.state is not EntryState.SETTLED
        and (alert.lane is Lane.FAST or link.seen_at is None)
    ]


def _new_alert(entry: EntryNow, lane: Lane) -> AlertNow:
    known: dict[str, Any] = {
        "public_id": ids.new_public_id(),
        "site_id": entry.site_id,
        "lane": lane,
        "raised_at": clock.now(),
        "due_at": entry.due_at,
    }
    row = {
        **known,
        "campaign_id": entry.campaign_id,
        "cohort_id": entry.cohort_id,
        "day": clock.today() if lane is Lane.SAME_DAY else None,
    }
    alert = AlertNow(id=add_row(Alert, row), **known)
    _add_link(alert, entry)
    audit.record(SYSTEM, "raise_alert", alert, lane=lane.value)
    return alert


def _join(digest: AlertNow, entry: EntryNow, *, is_new: bool = False) -> AlertNow:
    """Let the digest call for one more, or once more; what is due earlier calls earlier."""
    link_id = None if is_new else queries.link_between(digest.id, entry.id)
    if link_id is None:
        _add_link(digest, entry)
    else:
        change_row(AlertEntry, link_id, seen_at=None)
    if entry.due_at < digest.due_at:
        digest = _bring_forward(digest, entry.due_at)
    forget(Alert, digest.id)
    return digest


def _add_link(alert: AlertNow, entry: EntryNow) -> None:
    add_row(AlertEntry, {"alert_id": alert.id, "entry_id": entry.id, "joined_at": clock.now()})


def _bring_forward(digest: AlertNow, due_at: datetime) -> AlertNow:
    is_overdue = digest.due_at <= clock.now()
    change_row(Alert, digest.id, due_at=due_at)
    for step, at in digest_steps(digest.raised_at, due_at):
        if step is not Step.DIGEST and not is_overdue:
            _plan(digest, step, at)
    return digest._replace(due_at=due_at)


def _plan(alert: AlertNow, step: Step, at: datetime) -> None:
    """A call at that moment, or earlier than it was planned until now."""
    key, args = _call(alert, step)
    jobs.enqueue(Work.CALL, run_at=at, key=key, **args)


def _plan_new(alert: AlertNow, steps: Iterable[tuple[Step, datetime]]) -> None:
    """Every call of an alert that has just been raised."""
    jobs.enqueue_new(Work.CALL, ((at, *_call(alert, step)) for step, at in steps))


def _call(alert: AlertNow, step: Step) -> tuple[str, dict[str, Any]]:
    key = f"{Work.CALL}:{alert.id}:{step}:0"
    return key, {"alert_id": alert.id, "step": step.value, "round": 0}


def _watch_silence(entry_id: int, *, after: timedelta = SILENCE) -> None:
    key = f"{Work.SILENCE}:{entry_id}"
    # A second late: the fifth minute is over, not ending.
    at = clock.now() + after + timedelta(seconds=1)
    jobs.enqueue(Work.SILENCE, run_at=at, key=key, entry_id=entry_id)


def _take_turn(entry: EntryNow) -> None:
    """Two students of a class cannot open two digests: the later waits for the earlier."""
    if entry.cohort_id is not None:
        hold_row(Cohort, entry.cohort_id)
    else:
        hold_row(Site, entry.site_id)


def _hold(alert: Alert) -> None:
    """Two people may press at the same moment: the later one waits and sees the first."""
    db.session.refresh(alert, with_for_update=only(Alert))


def _mark_going(alert: Alert, user_id: int | None) -> None:
    alert.acknowledged_at, alert.acknowledged_by_id = clock.now(), user_id
    db.session.flush()


def _mark_read(alert: Alert, entry_id: int) -> None:
    for link in alert.entries:
        if link.entry_id == entry_id:
            link.seen_at = link.seen_at or clock.now()
    if alert.lane is Lane.SAME_DAY and all(link.seen_at for link in alert.entries):
        _close(alert)


def _close(alert: Alert | AlertNow) -> None:
    db.session.flush()
    if alert.closed_at is None:
        change_row(Alert, alert.id, closed_at=clock.now())

"""Reads of alerts; lists start from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can
from app.alarms.domain import AlertNow, Clocks
from app.alarms.models import Alert, AlertEntry, Dispatch, Message, Notice, SiteClocks
from app.cases.domain.queue import EntryNow, EntryState
from app.cases.models import QueueEntry
from app.platform import clock
from app.platform.db import db, only
from app.triage.domain import Lane

RECENT = timedelta(days=3)
MOST_RECENT = 30

#: Built once: whoever is flagged asks some of them.
_NOW = select(*(getattr(Alert, name) for name in AlertNow._fields))
_OF_ENTRY = _NOW.join(AlertEntry).where(AlertEntry.entry_id == bindparam("entry")).limit(1)
_LAST_FAST = (
    _OF_ENTRY.where(Alert.lane == Lane.FAST)
    .order_by(Alert.id.desc())
    .with_for_update(**only(Alert))
)
_LAST_DIGEST = _OF_ENTRY.where(Alert.lane == Lane.SAME_DAY).order_by(AlertEntry.id.desc())
_OPEN_DIGEST = _NOW.where(
    Alert.lane == Lane.SAME_DAY,
    # An open link has no class, a report no campaign.
    Alert.campaign_id.is_not_distinct_from(bindparam("campaign")),
    Alert.site_id == bindparam("site"),
    Alert.cohort_id.is_not_distinct_from(bindparam("cohort")),
    Alert.day == bindparam("day"),
    Alert.closed_at.is_(None),
).with_for_update(**only(Alert))
_LINK = select(AlertEntry.id).where(
    AlertEntry.alert_id == bindparam("alert"), AlertEntry.entry_id == bindparam("entry")
)
_MINUTES = select(
    SiteClocks.second_minutes, SiteClocks.lead_minutes, SiteClocks.head_minutes
).where(SiteClocks.site_id == bindparam("site"))


@dataclass(frozen=True)
class Board:
    """Who still calls, and what was answered of late."""

    calling: Sequence[Alert]
    recent: Sequence[Alert]


def visible_to(actor: Actor) -> Select[Alert]:
    """Alerts of the actor's schools; who may not see the queue sees those they were called for."""
    query = select(Alert).where(_in_scope(actor))
    if not can(actor, Permission.SEE_QUEUE):
        query = query.where(_was_called(actor))
    return query


def find_alert(actor: Actor, public_id: str) -> Alert | None:
    """One alert, if the actor may see it."""
    return db.session.scalar(visible_to(actor).where(Alert.public_id == public_id))


def board(actor: Actor) -> Board:
    """The page of alerts, the oldest call first, the newest answer first."""
    query = visible_to(actor).options(*_with_story())
    calling = query.where(_calls()).order_by(Alert.lane, Alert.raised_at, Alert.id)
    answered = query.where(~_calls(), Alert.raised_at > clock.now() - RECENT)
    recent = answered.order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(MOST_RECENT)
    real_first = sorted(db.session.scalars(calling), key=lambda alert: alert.is_drill)
    return Board(real_first, db.session.scalars(recent).all())


def calls_for(actor: Actor) -> Sequence[Alert]:
    """What the banner shows: the fast lane to every responder of the school, digests to the called.

    It does not wait for a notice: the desk must call even where no worker runs.
    """
    query = visible_to(actor).where(_calls(), or_(Alert.lane == Lane.FAST, _was_called(actor)))
    query = query.options(
        joinedload(Alert.site), joinedload(Alert.cohort), joinedload(Alert.campaign)
    )
    query = query.order_by(Alert.lane, Alert.raised_at, Alert.id)
    # Whoever is real stands first, however long a drill has been calling.
    return sorted(db.session.scalars(query), key=lambda alert: alert.is_drill)


def open_alerts_of(entry_id: int) -> Sequence[Alert]:
    """What still stands open for an entry."""
    of_entry = select(AlertEntry.alert_id).where(AlertEntry.entry_id == entry_id)
    query = select(Alert).where(Alert.id.in_(of_entry), Alert.closed_at.is_(None))
    return db.session.scalars(query.order_by(Alert.id)).all()


def last_fast_alert(entry: EntryNow) -> AlertNow | None:
    """The newest call in minutes for this entry, held."""
    return _first(_LAST_FAST, {"entry": entry.id})


def last_digest(entry: EntryNow) -> AlertNow | None:
    """The digest in which the entry stood last."""
    return _first(_LAST_DIGEST, {"entry": entry.id})


def open_digest_for(entry: EntryNow, day: date) -> AlertNow | None:
    """The digest of the entry's class (or open link's school) and day that is still open, held."""
    asked = {
        "campaign": entry.campaign_id,
        "site": entry.site_id,
        "cohort": entry.cohort_id,
        "day": day,
    }
    return _first(_OPEN_DIGEST, asked)


def link_between(alert_id: int, entry_id: int) -> int | None:
    """The row by which the alert calls for the entry, if it does."""
    asked = {"alert": alert_id, "entry": entry_id}
    return db.session.connection().execute(_LINK, asked).scalar()


def clocks_of(site_id: int) -> Clocks:
    """When a school calls the next one."""
    chosen = db.session.connection().execute(_MINUTES, {"site": site_id}).first()
    return Clocks.of_minutes(*chosen) if chosen else Clocks()


def entries_without_alert(as_of: datetime) -> Sequence[QueueEntry]:
    """Must be empty, always: an open entry of a lane that called for nobody (promise P12)."""
    called_for = exists().where(AlertEntry.entry_id == QueueEntry.id)
    query = select(QueueEntry).where(
        QueueEntry.lane.is_not(None),
        QueueEntry.state != EntryState.SETTLED,
        QueueEntry.raised_at <= as_of,
        ~called_for,
    )
    return db.session.scalars(query.order_by(QueueEntry.id)).all()


def _first(query: Select[Any], asked: dict[str, Any]) -> AlertNow | None:
    found = db.session.connection().execute(query, asked).first()
    return AlertNow._make(found) if found else None


def _calls() -> ColumnElement[bool]:
    """Nobody is going yet, and somebody still waits."""
    waits = (
        exists()
        .where(AlertEntry.alert_id == Alert.id)
        .where(QueueEntry.id == AlertEntry.entry_id, QueueEntry.state != EntryState.SETTLED)
    )
    return Alert.acknowledged_at.is_(None) & Alert.closed_at.is_(None) & waits


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if not can(actor, Permission.RECEIVE_ALARMS):
        return false()
    return true() if actor.everywhere else Alert.site_id.in_(actor.site_ids)


def _was_called(actor: Actor) -> ColumnElement[bool]:
    return exists().where(Notice.alert_id == Alert.id, Notice.user_id == actor.user_id)


def _with_story() -> tuple[ORMOption, ...]:
    sent = selectinload(Alert.notices).joinedload(Notice.message)
    return (
        joinedload(Alert.site),
        joinedload(Alert.cohort),
        joinedload(Alert.campaign),
        joinedload(Alert.acknowledged_by),
        selectinload(Alert.entries).joinedload(AlertEntry.entry),
        selectinload(Alert.notices).joinedload(Notice.user),
        sent.selectinload(Message.dispatches).joinedload(Dispatch.channel),
    )

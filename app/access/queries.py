"""Reads of the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import db

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class AuditFilter:
    """What the address asks for; empty words ask for everything."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AuditPage:
    """Some links of the chain, and whether older ones follow."""

    events: Sequence[AuditEvent]
    has_older: bool


def audit_page(asked: AuditFilter, page: int) -> AuditPage:
    """The newest links first, a page at a time."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc())
    for column, wanted in (
        (AuditEvent.actor_ref, asked.actor),
        (AuditEvent.action, asked.action),
        (AuditEvent.object_ref, asked.object),
    ):
        if wanted:
            query = query.where(column == wanted)
    if asked.since:
        query = query.where(AuditEvent.at >= _dawn(asked.since))
    if asked.until:
        query = query.where(AuditEvent.at < _dawn(asked.until + timedelta(days=1)))
    query = query.offset((page - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE + 1)
    events = db.session.scalars(query).all()
    return AuditPage(events[:ROWS_A_PAGE], len(events) > ROWS_A_PAGE)


def audit_actions() -> Sequence[str]:
    """Every action that has been recorded."""
    query = select(AuditEvent.action).distinct().order_by(AuditEvent.action)
    return db.session.scalars(query).all()


def chain_length() -> int:
    """How many links the chain has."""
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def _dawn(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())

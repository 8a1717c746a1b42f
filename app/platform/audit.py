"""Who did what to whom, when and why, in a chain whose every link holds the hash of the one before.

Rows are written in the transaction of the deed, before the data leaves: if the audit cannot be
written, the request fails. Details hold ids and numbers, never names or answers.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import BigInteger, Integer, String, Text, event, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.platform import clock
from app.platform.db import Base, UtcDateTime, db

GENESIS = "0" * 64
_CHAIN_LOCK = 5_812_355  # PostgreSQL advisory lock: one link at a time


_LAST = "last_audit_link"


class _Link(NamedTuple):
    """Where the next link is hung."""

    seq: int
    hash: str


class Auditable(Protocol):
    """Whoever the log can name: a person at the desk, the command line, a student's sitting."""

    @property
    def kind(self) -> str:
        """Where the action comes from."""

    @property
    def ref(self) -> str:
        """The actor's opaque name."""

    @property
    def role_name(self) -> str | None:
        """The role acted in."""


class AuditEvent(Base):
    """One link of the chain."""

    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_ref: Mapped[str] = mapped_column(String(40), index=True)
    actor_role: Mapped[str | None] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64), index=True)
    object_kind: Mapped[str | None] = mapped_column(String(32))
    object_ref: Mapped[str | None] = mapped_column(String(40), index=True)
    site_id: Mapped[int | None] = mapped_column(Integer, index=True)
    detail: Mapped[str] = mapped_column(Text, default="{}")
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def digest(self) -> str:
        """The hash over this link and the one before it."""
        return _digest({name: getattr(self, name) for name in _HASHED})


#: What a link's hash covers, in this order.
_HASHED = (
    *("seq", "at", "actor_kind", "actor_ref", "actor_role"),
    *("action", "object_kind", "object_ref", "site_id", "detail", "prev_hash"),
)
#: Built once: several links are added with every answer.
_ADD = insert(AuditEvent)
_END = select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)


def _digest(link: dict[str, Any]) -> str:
    content = [link[name] for name in _HASHED]
    content[1] = link["at"].isoformat()
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the chain does not hold."""

    seq: int
    problem: str


def record(
    actor: Auditable,
    action: str,
    target: Any = None,
    *,
    site_id: int | None = None,
    **detail: Any,
) -> None:
    """Append a link; `target` is a row with a `public_id`, `detail` holds ids and numbers."""
    session = db.session()
    session.flush()  # the target gets its ids
    last = _last_link(session)
    link: dict[str, Any] = {
        "seq": last.seq + 1,
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_ref": actor.ref,
        "actor_role": actor.role_name,
        "action": action,
        "object_kind": target.__tablename__ if target is not None else None,
        "object_ref": target.public_id if target is not None else None,
        "site_id": site_id if site_id is not None else getattr(target, "site_id", None),
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        "prev_hash": last.hash,
    }
    link["hash"] = _digest(link)
    # No object of the mapper: nobody reads a link in the transaction that adds it.
    session.connection().execute(_ADD, link)
    session.info[_LAST] = _Link(link["seq"], link["hash"])


def _last_link(session: Session) -> "_Link":
    """The end of the chain; read once a transaction, for nobody else adds until it ends."""
    if _LAST not in session.info:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
        last = session.connection().execute(_END).first()
        session.info[_LAST] = _Link(last.seq, last.hash) if last else _Link(0, GENESIS)
    known: _Link = session.info[_LAST]
    return known


@event.listens_for(db.session, "after_commit")
@event.listens_for(db.session, "after_soft_rollback")
def _forget_last_link(session: Session, *_rolled_back: object) -> None:
    """The lock is gone, or links were undone with a savepoint: read the end anew."""
    session.info.pop(_LAST, None)


def count_since(since: datetime, action: str) -> int:
    """How often something was done since that moment."""
    query = select(func.count(AuditEvent.seq)).where(
        AuditEvent.action == action, AuditEvent.at >= since
    )
    return db.session.scalar(query) or 0


def verify() -> BrokenLink | None:
    """Walk the whole chain; None when every link holds."""
    expected_seq, prev = 1, GENESIS
    query = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=2_000)
    with db.session.scalars(query) as links:
        for link in links:
            if link.seq != expected_seq:
                return BrokenLink(expected_seq, "a link is missing")
            if link.prev_hash != prev or link.hash != link.digest():
                return BrokenLink(link.seq, "a link was altered")
            expected_seq, prev = link.seq + 1, link.hash
    return None

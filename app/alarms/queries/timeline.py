"""What is stored of an entry's way from the tap to the person, gathered for its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.alarms.models import Alert, AlertEntry, Dispatch, Message, Notice
from app.assessments.models import Response
from app.cases.models import Case, CaseEvent, QueueEntry
from app.people.models import User
from app.platform.audit import AuditEvent
from app.platform.db import db
from app.results.models import Flag

#: What people did to an entry, as the audit log calls it.
DEEDS = (
    "see_entry",
    "claim_entry",
    "take_over_entry",
    "assign_entry",
    "hand_over_entry",
    "release_entry",
    "set_level",
    "settle_entry",
    "note_flags",
    "know_alert",
)


@dataclass(frozen=True)
class Records:
    """Everything that a timeline is told from."""

    entries: Sequence[QueueEntry]
    answers: dict[int, Response]
    alerts: Sequence[Alert]
    deeds: Sequence[AuditEvent]
    events: Sequence[CaseEvent]
    case: Case | None
    names: dict[str, str]

    @property
    def flags(self) -> list[Flag]:
        """Of all entries, in the order in which they were raised."""
        return sorted((f for e in self.entries for f in e.flags), key=lambda flag: flag.id)


def records_of(entry: QueueEntry) -> Records:
    """The entry's own, and where it belongs to a case those of the whole case."""
    entries = list(entry.case.entries) if entry.case else [entry]
    alerts = _alerts(entries)
    return Records(
        entries=entries,
        answers=_answers(flag for each in entries for flag in each.flags),
        alerts=alerts,
        deeds=_deeds(entries, alerts),
        events=_events(entry.case),
        case=entry.case,
        names={user.public_id: user.name or "" for user in db.session.scalars(select(User))},
    )


def _answers(flags) -> dict[int, Response]:  # type: ignore[no-untyped-def] # any flags
    """The answer behind each flag: the last that had come in when it was raised."""
    return {flag.id: found for flag in flags if (found := _answer(flag)) is not None}


def _answer(flag: Flag) -> Response | None:
    item = flag.reason.get("item") or flag.code
    query = select(Response).where(
        Response.assessment_id == flag.assessment_id,
        Response.instrument_code == flag.instrument_code,
        Response.item_code == item,
        Response.received_at <= flag.raised_at,
    )
    return db.session.scalar(query.order_by(Response.seq.desc(), Response.id.desc()).limit(1))


def _alerts(entries: Sequence[QueueEntry]) -> Sequence[Alert]:
    of_entries = select(AlertEntry.alert_id).where(AlertEntry.entry_id.in_(e.id for e in entries))
    sent = selectinload(Alert.notices).joinedload(Notice.message)
    query = (
        select(Alert)
        .where(Alert.id.in_(of_entries))
        .order_by(Alert.id)
        .options(
            joinedload(Alert.acknowledged_by),
            selectinload(Alert.notices).joinedload(Notice.user),
            sent.selectinload(Message.dispatches).joinedload(Dispatch.channel),
        )
    )
    return db.session.scalars(query).all()


def _deeds(entries: Sequence[QueueEntry], alerts: Sequence[Alert]) -> Sequence[AuditEvent]:
    refs = [entry.public_id for entry in entries] + [alert.public_id for alert in alerts]
    query = select(AuditEvent).where(
        AuditEvent.object_ref.in_(refs),
        AuditEvent.action.in_(DEEDS),
    )
    return db.session.scalars(query.order_by(AuditEvent.seq)).all()


def _events(case: Case | None) -> Sequence[CaseEvent]:
    if case is None:
        return ()
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return db.session.scalars(query.options(joinedload(CaseEvent.user))).all()

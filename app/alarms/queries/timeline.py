"""What is stored of an entry's way from the tap to the person, gathered for its timeline."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.alarms.models import Alert, AlertEntry, Dispatch, Message, Notice
from app.assessments.models import Attribution, Response
from app.assessments.queries import attributions_of
from app.cases.models import Case, CaseEvent, QueueEntry
from app.cases.queries.cases import find_case
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
    #: Whose answers they are, as far as somebody has said so.
    said: Sequence[Attribution]

    @property
    def flags(self) -> list[Flag]:
        """Of all entries, in the order in which they were raised."""
        return sorted((f for e in self.entries for f in e.flags), key=lambda flag: flag.id)


def records_of(actor: Actor, entry: QueueEntry) -> Records:
    """The entry's own, and where it belongs to a case that the actor may see those of the case."""
    case = find_case(actor, entry.case.public_id) if entry.case else None
    entries = list(case.entries) if case else [entry]
    alerts = _alerts(entries)
    deeds = _deeds(entries, alerts)
    return Records(
        entries=entries,
        answers=_answers([flag for each in entries for flag in each.flags]),
        alerts=alerts,
        deeds=deeds,
        events=_events(case),
        case=case,
        names=_names({deed.actor_ref for deed in deeds}),
        said=attributions_of({flag.assessment_id for each in entries for flag in each.flags}),
    )


def _answers(flags: Sequence[Flag]) -> dict[int, Response]:
    """The answer behind each flag: the last that had come in when it was raised."""
    query = select(Response).where(
        Response.assessment_id.in_({flag.assessment_id for flag in flags}),
        Response.item_code.in_({_item_of(flag) for flag in flags}),
    )
    given = defaultdict(list)
    for row in db.session.scalars(query.order_by(Response.seq, Response.id)):
        given[row.assessment_id, row.instrument_code, row.item_code].append(row)
    found = {}
    for flag in flags:
        for row in given[flag.assessment_id, flag.instrument_code, _item_of(flag)]:
            if row.received_at <= flag.raised_at:
                found[flag.id] = row
    return found


def _item_of(flag: Flag) -> str:
    return str(flag.reason.get("item") or flag.code)


def _names(refs: Collection[str]) -> dict[str, str]:
    """The names of those who did something here, and of nobody else."""
    query = select(User).where(User.public_id.in_(refs))
    return {user.public_id: user.name or "" for user in db.session.scalars(query)}


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

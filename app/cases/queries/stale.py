"""What falls silent: every open duty whose time is over, from a registry of small queries.

A room adds its own with one line: in this room a function in `CHECKS`, downstream a handler for
`AskStale` that returns rows. Each costs a fixed number of statements, whatever it finds, and finds
at a later `as_of` whatever it found at an earlier one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor
from app.assessments.models import Assessment
from app.cases.domain.cases import ENDS, Counterpart
from app.cases.domain.queue import EntryState, SettlingReason
from app.cases.domain.referrals import (
    AWAITED,
    READ_WITHIN,
    SECOND_SIGNATURE_WITHIN,
    LegalBasis,
    ReferralState,
)
from app.cases.domain.stale import AskStale, StaleKind, StaleQuery, StaleRow
from app.cases.models import Case, Contact, QueueEntry, QueueEntryFlag, Referral, ReferralReply
from app.cases.queries.cases import case_ids_open_to, in_scope, stale_cases
from app.cases.queries.conferences import stale_actions
from app.cases.queries.endings import stale_endings
from app.cases.queries.holidays import stale_covers
from app.cases.queries.leaves import (
    stale_fears,
    stale_leaves,
    stale_refusals,
    stale_return_contacts,
)
from app.cases.queries.measures import stale_measures
from app.cases.queries.overdue import Overdue
from app.cases.queries.queue import stale_entries, visible_to
from app.people.models import Student, User
from app.platform import clock, events
from app.platform.db import db
from app.results.domain import FlagKind
from app.results.models import Flag
from app.results.queries import undecided

#: Who was stopped midway is asked within this time.
DECIDED_WITHIN = timedelta(days=1)

#: How an entry may end without the student having been met.
_WITHOUT_A_TALK = (SettlingReason.CASE_OPENED, SettlingReason.NOTED_IN_CASE)


def stale_rows(actor: Actor, as_of: datetime) -> list[StaleRow]:
    """All that is past its time at `as_of`, what has waited longest first; nothing of a drill."""
    rows = [row for check in CHECKS for row in check(actor, as_of)]
    rows.extend(events.ask(AskStale(actor, as_of)))
    rows = [row for row in rows if row.student is None or not row.student.is_synthetic]
    return sorted(rows, key=lambda row: (row.since, row.kind, row.ref))


def end_of(day: date) -> datetime:
    """The moment at which a day is over on the site's wall."""
    return datetime.combine(day + timedelta(days=1), time(), clock.zone())


def day_of(as_of: datetime) -> date:
    """The last day that `as_of` still belongs to: midnight ends a day, it begins none."""
    return clock.local(as_of - timedelta(microseconds=1)).date()


def unclaimed_entries(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """Flagged students whom nobody has taken on in time."""
    return _of_entries(actor, StaleKind.NO_OWNER, stale_entries(actor, as_of))


def claimed_entries(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """Somebody took it on and nothing followed in time, or the person has left meanwhile."""
    query = (
        visible_to(actor)
        .join(QueueEntry.claimed_by)
        .where(
            QueueEntry.state == EntryState.CLAIMED,
            or_(QueueEntry.due_at < as_of, User.active.is_(False)),
        )
        .options(*_with_entry_people())
    )
    return _of_entries(actor, StaleKind.NOT_ACTED_ON, db.session.scalars(query).all())


def broken_promises(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """Students who asked for a talk and have not been met since, whoever has them by now."""
    met = exists().where(
        Contact.case_id == Case.id,
        Case.student_id == QueueEntry.student_id,
        Contact.with_whom == Counterpart.STUDENT,
        Contact.reached,
        Contact.held_at >= Flag.raised_at,
    )
    asked = exists().where(
        QueueEntryFlag.queue_entry_id == QueueEntry.id,
        QueueEntryFlag.flag_id == Flag.id,
        Flag.kind == FlagKind.REQUEST,
        ~met,
    )
    over = select(Case.id).where(Case.state.in_(ENDS))
    query = (
        visible_to(actor)
        .where(
            QueueEntry.due_at < as_of,
            asked,
            or_(
                QueueEntry.state != EntryState.SETTLED,
                and_(
                    QueueEntry.settling_reason.in_(_WITHOUT_A_TALK), QueueEntry.case_id.not_in(over)
                ),
            ),
        )
        .options(*_with_entry_people())
    )
    return _of_entries(actor, StaleKind.PROMISE_OVERDUE, db.session.scalars(query).all())


def forgotten_cases(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """Open cases without or past their next date, and those whose owner has left."""
    day = day_of(as_of)
    return [row for case in stale_cases(actor, day) for row in _of_case(case, day)]


def late_referrals(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """The partner owes an answer, and the day on which it was looked for is over."""
    late = (Referral.state.in_(AWAITED), Referral.answer_due_on < day_of(as_of))
    return [
        _of_referral(StaleKind.REFERRAL_OVERDUE, referral, end_of(referral.answer_due_on))
        for referral in _referrals(actor, *late)
    ]


def declined_referrals(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """A partner said no, and a day later nobody has said what comes instead."""
    left = (
        Referral.state == ReferralState.DECLINED,
        Referral.followed_at.is_(None),
        or_(Referral.declined_at.is_(None), Referral.declined_at <= as_of - READ_WITHIN),
    )
    return [
        _of_referral(StaleKind.REFERRAL_DECLINED, referral, referral.declined_at)
        for referral in _referrals(actor, *left)
    ]


def missing_signatures(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """One person acted because of danger, and no second has signed within a day."""
    unsigned = (
        Referral.legal_basis == LegalBasis.DANGER,
        Referral.signed_at.is_(None),
        Referral.made_at <= as_of - SECOND_SIGNATURE_WITHIN,
    )
    return [
        _of_referral(StaleKind.SIGNATURE_MISSING, referral, referral.signature_due_at)
        for referral in _referrals(actor, *unsigned)
    ]


def unread_replies(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """A reply came, and a day later nobody has read it."""
    unread = exists().where(
        ReferralReply.referral_id == Referral.id,
        ReferralReply.read_at.is_(None),
        ReferralReply.came_at <= as_of - READ_WITHIN,
    )
    found = _referrals(actor, unread, more=(selectinload(Referral.replies),))
    return [_of_referral(StaleKind.REPLY_UNREAD, each, _first_unread(each)) for each in found]


def unsigned_endings(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """The end of an acute case waits for its second signature longer than it may."""
    return _of_overdue(StaleKind.CLOSING_UNSIGNED, stale_endings(actor, as_of))


def undecided_sittings(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
    """Stopped with “this is not mine”, and a day later nobody has said whose answers these are.

    Until somebody does they are not scored: without this row a cut-off in them would stay unseen.
    """
    query = undecided(actor).where(Assessment.finished_at <= as_of - DECIDED_WITHIN)
    found = db.session.scalars(query.options(joinedload(Assessment.site)))
    return [_of_sitting(StaleKind.OWNER_UNDECIDED, sitting) for sitting in found]


def _by_day(kind: StaleKind, found_by: Callable[[Actor, date], Sequence[Overdue]]) -> StaleQuery:
    """What is owed by a day: it is late when that day is over."""

    def check(actor: Actor, as_of: datetime) -> Sequence[StaleRow]:
        return _of_overdue(kind, found_by(actor, day_of(as_of)))

    check.__name__ = kind
    return check


CHECKS: list[StaleQuery] = [
    unclaimed_entries,
    claimed_entries,
    broken_promises,
    forgotten_cases,
    late_referrals,
    declined_referrals,
    missing_signatures,
    unread_replies,
    unsigned_endings,
    undecided_sittings,
    _by_day(StaleKind.MEASURE_OVERDUE, stale_measures),
    _by_day(StaleKind.RETURN_TALK_MISSED, stale_return_contacts),
    _by_day(StaleKind.NOT_BACK, stale_leaves),
    _by_day(StaleKind.REFUSAL_NOT_REVIEWED, stale_refusals),
    _by_day(StaleKind.FEAR_NOT_REPORTED, stale_fears),
    _by_day(StaleKind.HOLIDAY_UNCOVERED, stale_covers),
    _by_day(StaleKind.AGREED_NOT_DONE, stale_actions),
]


def _of_overdue(kind: StaleKind, found: Sequence[Overdue]) -> list[StaleRow]:
    return [_case_row(kind, each.case, end_of(each.since)) for each in found]


def _referrals(actor: Actor, *conditions: object, more: Sequence[ORMOption] = ()) -> list[Referral]:
    query = (
        select(Referral)
        .join(Referral.case)
        .where(in_scope(actor), *conditions)  # type: ignore[arg-type]
        .options(
            contains_eager(Referral.case).options(
                joinedload(Case.student).joinedload(Student.cohort),
                joinedload(Case.site),
                joinedload(Case.owner),
            ),
            *more,
        )
    )
    return list(db.session.scalars(query))


def _first_unread(referral: Referral) -> datetime:
    return min(reply.came_at for reply in referral.replies if reply.read_at is None)


def _of_entries(actor: Actor, kind: StaleKind, entries: Sequence[QueueEntry]) -> Sequence[StaleRow]:
    """What waits names nobody's sealed case; what lies in one is a row of who may open it."""
    open_to_actor = case_ids_open_to(actor, (entry.case_id for entry in entries))
    rows = []
    for entry in entries:
        case, is_settled = entry.case, entry.state is EntryState.SETTLED
        is_hidden = case is not None and case.id not in open_to_actor
        if is_hidden and is_settled:
            continue
        row = StaleRow(
            kind=kind,
            since=entry.due_at,
            ref=f"entry:{entry.public_id}",
            student=entry.student,
            site=entry.site,
            owner=entry.claimed_by or (case.owner if case and not is_hidden else None),
            url=f"/cases/{case.public_id}" if case and is_settled else f"/queue/{entry.public_id}",
            is_owner_hidden=is_hidden and entry.claimed_by is None,
        )
        rows.append(row)
    return rows


def _of_case(case: Case, day: date) -> Iterator[StaleRow]:
    if case.next_on is None or case.next_on < day:
        since = end_of(case.next_on) if case.next_on else case.opened_at
        yield _case_row(StaleKind.NO_NEXT_DATE, case, since)
    if not case.owner.active:
        yield _case_row(StaleKind.OWNER_LEFT, case, case.opened_at)


def _case_row(kind: StaleKind, case: Case, since: datetime) -> StaleRow:
    return StaleRow(
        kind=kind,
        since=since,
        ref=f"case:{case.public_id}",
        student=case.student,
        site=case.site,
        owner=case.owner,
        url=f"/cases/{case.public_id}",
    )


def _of_referral(kind: StaleKind, referral: Referral, since: datetime | None) -> StaleRow:
    return StaleRow(
        kind=kind,
        since=since or referral.made_at,
        ref=f"referral:{referral.public_id}",
        student=referral.case.student,
        site=referral.case.site,
        owner=referral.case.owner,
        url=f"/referrals/{referral.public_id}",
    )


def _of_sitting(kind: StaleKind, sitting: Assessment) -> StaleRow:
    student = sitting.student
    return StaleRow(
        kind=kind,
        since=sitting.finished_at or sitting.started_at,
        ref=f"sitting:{sitting.public_id}",
        student=student,
        site=sitting.site,
        owner=None,
        url=f"/sittings/of/{student.public_id}" if student else "",
    )


def _with_entry_people() -> tuple[ORMOption, ...]:
    return (
        joinedload(QueueEntry.student).joinedload(Student.cohort),
        joinedload(QueueEntry.site),
        joinedload(QueueEntry.claimed_by),
        joinedload(QueueEntry.case).joinedload(Case.owner),
    )

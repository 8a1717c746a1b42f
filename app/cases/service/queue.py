"""Writes of the queue: nobody who was flagged is ever without an entry."""

from collections.abc import Sequence

from app.access.actor import SYSTEM, Actor
from app.access.grants import Scope, end_grants, grant
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments.models import Assessment
from app.cases.domain.queue import (
    AlreadyClaimedError,
    CaseNeededError,
    EntryNow,
    EntryRaised,
    EntrySeen,
    EntryState,
    EntryTaken,
    NotClaimedError,
    SettlingReason,
    may_settle_without_case,
)
from app.cases.domain.story import Happening
from app.cases.models import Case, QueueEntry
from app.cases.queries import queue as queries
from app.cases.queries.rules import background_of
from app.cases.queries.signals import SignalReader
from app.cases.service.entries import (
    Place,
    join_report,
    join_sitting,
    link_flags,
    link_report,
    new_entry,
)
from app.cases.service.story import tell
from app.observations.content import signals_of
from app.observations.models import ObservationReport
from app.people.models import Student, User
from app.platform import audit, clock, events
from app.platform.db import db, hold_row, only
from app.results.domain import FlagKind
from app.results.models import Flag
from app.results.queries import flags_of_sitting
from app.results.service.silence import flag_silence
from app.triage.domain import Proposal, RiskLevel, Signal, lane_weight
from app.triage.rules import propose


def enqueue(
    *, assessment_id: int, flag_ids: Sequence[int], student_id: int | None = None
) -> EntryNow:
    """Let new flags join the open entry, or open one, in the transaction of the answer.

    `student_id` is who really answered, where that is not whom the slip names: then both wait.
    """
    assessment = db.session.get_one(Assessment, assessment_id)
    student_id = student_id or assessment.student_id
    _take_turn(student_id)
    # Whoever raised them still holds them: no need to ask the database again.
    flags = [db.session.get_one(Flag, each) for each in sorted(flag_ids)]
    proposal = _proposed(SignalReader().read(flags), assessment.site_id, student_id)
    asks = any(flag.kind is FlagKind.REQUEST for flag in flags)
    entry = queries.open_entry_of(assessment, student_id)
    is_new = entry is None
    if entry is None:
        entry = new_entry(Place.of(assessment, student_id), proposal, is_asked_for=asks)
    else:
        entry = join_sitting(entry, assessment, proposal, is_asked_for=asks)
    link_flags(entry, sorted(flag_ids))
    if entry.case_id is not None:
        tell_case(_held_case(entry.case_id), entry, flags=len(flags))
    # Whoever listens may lock rows, and the log is locked last everywhere: entry, alert, audit.
    events.publish(EntryRaised(entry, news=proposal.lane, is_new=is_new))
    audit.record(SYSTEM, "enqueue_flags", entry, flags=list(flag_ids), level=entry.risk_level.value)
    return entry


def enqueue_given(*, assessment_id: int, student_id: int) -> None:
    """Who really answered waits for a person as well: both students are seen."""
    flags = flags_of_sitting(assessment_id)
    told = [flag.id for flag in flags if flag.kind is not FlagKind.QUALITY]
    if told:
        enqueue(assessment_id=assessment_id, flag_ids=told, student_id=student_id)


def enqueue_report(*, report_id: int) -> None:
    """Let a report join the open entry, or open one; many reports are not louder than one.

    An entry is raised (again) only when it is new, when the report's own words are more urgent, or
    when they are urgent and came after somebody had read the entry.
    """
    report = db.session.get_one(ObservationReport, report_id)
    _take_turn(report.student_id)
    proposal = _proposed(signals_of(report.signs), report.site_id, report.student_id)
    entry = queries.open_entry_of_report(report)
    is_new = entry is None
    is_louder = entry is None or proposal.weight > (entry.urgency, lane_weight(entry.lane))
    if entry is None:
        by_observer = report.student_id is None
        entry = new_entry(Place.of_report(report), proposal, is_asked_for=by_observer)
    else:
        entry = join_report(entry, proposal)
    link_report(entry, report.id)
    if entry.case_id is not None:
        tell(db.session.get_one(Case, entry.case_id), Happening.REPORT_JOINED)
    if is_louder or (proposal.lane and entry.seen_at):
        events.publish(EntryRaised(entry, news=proposal.lane, is_new=is_new))
    audit.record(SYSTEM, "enqueue_report", entry, level=entry.risk_level.value)


def hasten_silent(*, entry_id: int) -> int:
    """Move who went silent after a critical answer to the fast lane; how many sittings there were.

    One student at a time: it ends with a lock on the log, which no other row may follow.
    """
    sittings = queries.silent_sittings(entry_id)
    for assessment_id in sittings:
        flag_silence(assessment_id=assessment_id)
    return len(sittings)


def mend_missing_entries() -> list[int]:
    """Put flags that stand for nobody into the queue; the ids of those flags."""
    missing: dict[int, list[int]] = {}
    for flag in queries.flags_without_entry():
        missing.setdefault(flag.assessment_id, []).append(flag.id)
    for assessment_id, flag_ids in missing.items():
        enqueue(assessment_id=assessment_id, flag_ids=flag_ids)
    mended = [flag_id for flag_ids in missing.values() for flag_id in flag_ids]
    for flag_id in mended:
        audit.record(SYSTEM, "mend_flag", db.session.get_one(Flag, flag_id))
    return mended


def mend_missing_reports() -> list[int]:
    """Put reports for which nobody in the queue stands there; the ids of those reports."""
    reports = queries.reports_without_entry()
    for report in reports:
        enqueue_report(report_id=report.id)
    for report in reports:
        audit.record(SYSTEM, "mend_report", report)
    return [report.id for report in reports]


def see_entry(*, actor: Actor, entry: QueueEntry) -> None:
    """A person has opened the entry: who and when is kept, the first time marks it seen.

    Who was given the entry is going from here on, and not before.
    """
    require(actor, Permission.SEE_QUEUE, entry)
    held = ["seen_at", "version", "state", "claimed_by_id"]
    db.session.refresh(entry, held, with_for_update=only(QueueEntry))
    entry.seen_at = entry.seen_at or clock.now()
    if actor.user_id is not None:
        events.publish(EntrySeen(entry.id, actor.user_id))
        if entry.state is EntryState.CLAIMED and entry.claimed_by_id == actor.user_id:
            events.publish(EntryTaken(entry.id, actor.user_id))
    audit.record(actor, "see_entry", entry)


def claim(*, actor: Actor, entry: QueueEntry) -> None:
    """Take the entry on; of two who try at once one wins and the other hears who it was."""
    require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    if entry.state is not EntryState.WAITING:
        raise AlreadyClaimedError(_name_of(entry.claimed_by))
    _take(actor, entry)
    audit.record(actor, "claim_entry", entry)


def take_over(*, actor: Actor, entry: QueueEntry) -> None:
    """Take on what a colleague has claimed: nobody waits because somebody is away."""
    require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    colleague = entry.claimed_by
    if entry.state is not EntryState.CLAIMED or colleague is None:
        raise NotClaimedError
    end_grant(entry, colleague.id)
    _take(actor, entry)
    audit.record(actor, "take_over_entry", entry, colleague=colleague.public_id)


def settle(*, actor: Actor, entry: QueueEntry, reason: SettlingReason, note: str) -> None:
    """End the waiting without a case, with a reason and a note of what was done."""
    require_claimed(actor, entry)
    is_anonymous = entry.student_id is None
    if entry.case_id or not may_settle_without_case(highest(entry), is_anonymous=is_anonymous):
        raise CaseNeededError
    entry.settling_note = note
    mark_settled(actor=actor, entry=entry, reason=reason)
    end_grant(entry, entry.claimed_by_id)
    audit.record(actor, "settle_entry", entry, reason=reason.value)


def note_in_case(*, actor: Actor, entry: QueueEntry) -> None:
    """The new flags of a student with an open case were looked at."""
    require(actor, Permission.WORK_CASE, entry)
    hold(entry)
    if entry.case is None or entry.state is EntryState.SETTLED:
        raise CaseNeededError
    entry.seen_at = entry.seen_at or clock.now()
    mark_settled(actor=actor, entry=entry, reason=SettlingReason.NOTED_IN_CASE)
    end_grant(entry, entry.claimed_by_id)
    tell(entry.case, Happening.FLAGS_NOTED, actor)
    audit.record(actor, "note_flags", entry)


def mark_settled(*, actor: Actor, entry: QueueEntry, reason: SettlingReason) -> None:
    """The entry's last state, however it came to it."""
    entry.state = EntryState.SETTLED
    entry.settled_at = clock.now()
    entry.settled_by_id = actor.user_id
    entry.settling_reason = reason
    db.session.flush()


def _take_turn(student_id: int | None) -> None:
    """Two sittings or reports of one student cannot open two entries: the later waits."""
    # What is read from here on are plain rows: whatever was changed before must stand in them.
    db.session.flush()
    if student_id is not None:
        hold_row(Student, student_id)


def _proposed(signals: Sequence[Signal], site_id: int, student_id: int | None) -> Proposal:
    """What the rules of the school say to these signals, with what is known from before."""
    known = background_of(site_id, student_id)
    return propose(
        signals,
        now=clock.now(),
        calendar=known.calendar,
        book=known.book,
        history=known.history,
    )


def _held_case(case_id: int) -> Case:
    """The case as it stands: its owner may be writing at this moment."""
    return db.session.get_one(Case, case_id, populate_existing=True, with_for_update=only(Case))


def set_urgency(entry: QueueEntry, level: RiskLevel) -> None:
    """What a person decided counts."""
    entry.risk_level, entry.urgency = level, level.urgency


def highest(entry: QueueEntry) -> RiskLevel:
    """The higher of what was proposed and what a person decided: lowering opens no way out."""
    return max(entry.risk_level, entry.proposed_level, key=lambda level: level.urgency)


def tell_case(case: Case, entry: QueueEntry | EntryNow, *, flags: int) -> None:
    """An open case hears of new flags, and its next date is not later than they allow."""
    case.next_on = min(case.next_on or clock.today(), clock.local(entry.due_at).date())
    tell(case, Happening.FLAGS_JOINED, flags=flags, level=entry.risk_level.value)


def _take(actor: Actor, entry: QueueEntry) -> None:
    entry.seen_at = entry.seen_at or clock.now()
    hand_to(actor, entry, reason="claimed")
    if actor.user_id is not None:
        events.publish(EntryTaken(entry.id, actor.user_id))


def hand_to(receiver: Actor, entry: QueueEntry, *, reason: str) -> None:
    """The entry is the receiver's now, and the student is open to them."""
    entry.state = EntryState.CLAIMED
    entry.claimed_by_id = receiver.user_id
    entry.claimed_at = clock.now()
    db.session.flush()
    db.session.expire(entry, ["claimed_by"])
    if opened := opened_by(entry):
        grant(receiver, scope=opened[0], scope_id=opened[1], reason=reason)


def hold(entry: QueueEntry) -> None:
    """A colleague or the student's next tap may come at the same moment: the later one waits."""
    db.session.refresh(entry, with_for_update=only(QueueEntry))


def end_grant(entry: QueueEntry, user_id: int | None) -> None:
    """Close the student to who no longer has the entry, unless the open case is theirs."""
    owner_id = entry.case.owner_id if entry.case else None
    opened = opened_by(entry)
    if opened and user_id is not None and user_id != owner_id:
        end_grants(scope=opened[0], scope_id=opened[1], user_id=user_id)


def require_claimed(actor: Actor, entry: QueueEntry) -> None:
    """Hold the entry, or refuse whoever has not taken it on."""
    require(actor, Permission.WORK_QUEUE, entry)
    hold(entry)
    if entry.state is not EntryState.CLAIMED or entry.claimed_by_id != actor.user_id:
        raise NotClaimedError


def opened_by(entry: QueueEntry) -> tuple[Scope, int] | None:
    """What claiming opens: the student, the nameless sitting, of an observer nothing more."""
    if entry.student_id is not None:
        return Scope.STUDENT, entry.student_id
    return (Scope.ASSESSMENT, entry.assessment_id) if entry.assessment_id is not None else None


def _name_of(user: User | None) -> str:
    return (user.name or "") if user else ""

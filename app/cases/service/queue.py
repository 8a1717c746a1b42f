"""Writes of the queue: nobody who was flagged is ever without an entry."""

from collections.abc import Sequence

from sqlalchemy import insert

from app.access.actor import SYSTEM, Actor
from app.access.grants import Scope, end_grants, grant
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments.models import Assessment
from app.cases.domain.queue import (
    AlreadyClaimedError,
    CaseNeededError,
    EntryRaised,
    EntrySeen,
    EntryState,
    EntryTaken,
    NotClaimedError,
    SettlingReason,
    may_settle_without_case,
)
from app.cases.domain.story import Happening
from app.cases.models import Case, QueueEntry, QueueEntryFlag
from app.cases.queries import queue as queries
from app.cases.queries.cases import open_case_of
from app.cases.queries.rules import book_of, history_of
from app.cases.queries.signals import SignalReader
from app.cases.service.story import tell
from app.observations.content import signals_of
from app.observations.models import ObservationReport
from app.people.models import Student, User
from app.people.queries import calendar_of
from app.platform import audit, clock, events
from app.platform.db import db, hold_row, only, store_at_once
from app.results.domain import FlagKind
from app.results.models import Flag
from app.results.queries import flags_of_sitting
from app.results.service.silence import flag_silence
from app.triage.domain import Lane, Proposal, RiskLevel, lane_weight
from app.triage.rules import propose

_LINK = insert(QueueEntryFlag)


def enqueue(
    *, assessment_id: int, flag_ids: Sequence[int], student_id: int | None = None
) -> QueueEntry:
    """Let new flags join the open entry, or open one, in the transaction of the answer.

    `student_id` is who really answered, where that is not whom the slip names: then both wait.
    """
    assessment = db.session.get_one(Assessment, assessment_id)
    student_id = student_id or assessment.student_id
    _take_turn(student_id)
    # Whoever raised them still holds them: no need to ask the database again.
    flags = [db.session.get_one(Flag, each) for each in sorted(flag_ids)]
    proposal = propose(
        SignalReader().read(flags),
        now=clock.now(),
        calendar=calendar_of(assessment.site),
        book=book_of(assessment.site),
        history=history_of(student_id),
    )
    entry = queries.open_entry_of(assessment, student_id)
    is_new, asks = entry is None, any(flag.kind is FlagKind.REQUEST for flag in flags)
    if entry is None:
        entry = _new_entry(assessment, proposal, student_id, is_asked_for=asks)
    else:
        entry.is_asked_for |= asks
        _sharpen(entry, proposal)
        entry.case = entry.case or open_case_of(entry.student_id)
    if entry.assessment_id is None:  # until now a report alone
        entry.campaign_id, entry.assessment_id = assessment.campaign_id, assessment.id
    db.session.flush()
    _link(entry, flags, linked=set() if is_new else queries.linked_flags(entry))
    if entry.case is not None:
        # Its owner may be writing at this moment.
        db.session.refresh(entry.case, with_for_update=only(Case))
        tell_case(entry.case, entry, flags=len(flags))
    # Whoever listens may lock rows, and the log is locked last everywhere: entry, alert, audit.
    events.publish(EntryRaised(entry.id, news=proposal.lane, is_new=is_new))
    audit.record(SYSTEM, "enqueue_flags", entry, flags=list(flag_ids), level=entry.risk_level.value)
    return entry


def enqueue_given(*, assessment_id: int, student_id: int) -> None:
    """Who really answered waits for a person as well: both students are seen."""
    flags = flags_of_sitting(assessment_id)
    told = [flag.id for flag in flags if flag.kind is not FlagKind.QUALITY]
    if told:
        enqueue(assessment_id=assessment_id, flag_ids=told, student_id=student_id)


def enqueue_report(*, report_id: int) -> QueueEntry:
    """Let a report join the open entry, or open one; many reports are not louder than one.

    An entry is raised (again) only when it is new, when the report's own words are more urgent, or
    when they are urgent and came after somebody had read the entry.
    """
    report = db.session.get_one(ObservationReport, report_id)
    _take_turn(report.student_id)
    signals = signals_of(report.signs)
    proposal = propose(
        signals,
        now=clock.now(),
        calendar=calendar_of(report.site),
        book=book_of(report.site),
        history=history_of(report.student_id),
    )
    entry = queries.open_entry_of_report(report)
    is_louder = entry is None or proposal.weight > (entry.urgency, lane_weight(_lane_of(entry)))
    if entry is None:
        by_observer = report.student_id is None
        entry = _new_entry(report, proposal, report.student_id, is_asked_for=by_observer)
    else:
        _sharpen(entry, proposal)
    entry.reports.append(report)
    db.session.flush()
    if entry.case is not None:
        tell(entry.case, Happening.REPORT_JOINED)
    if is_louder or (proposal.lane and entry.seen_at):
        events.publish(EntryRaised(entry.id, news=proposal.lane))
    audit.record(SYSTEM, "enqueue_report", entry, level=entry.risk_level.value)
    return entry


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
    if student_id is not None:
        hold_row(Student, student_id)


def _new_entry(
    source: Assessment | ObservationReport,
    proposal: Proposal,
    student_id: int | None,
    *,
    is_asked_for: bool,
) -> QueueEntry:
    case = open_case_of(student_id)
    entry = QueueEntry(
        site_id=source.site_id,
        student_id=student_id,
        case_id=case.id if case else None,
        raised_at=clock.now(),
        due_at=proposal.due_at,
        is_asked_for=is_asked_for,
        lane=proposal.lane,
        channel=proposal.channel,
    )
    if isinstance(source, Assessment):
        entry.campaign_id, entry.assessment_id = source.campaign_id, source.id
    elif source.student_id is None:
        entry.observer_id = source.reporter_id
    _suggest(entry, proposal)
    set_urgency(entry, proposal.risk_level)
    store_at_once(entry)
    return entry


def _link(entry: QueueEntry, flags: Sequence[Flag], *, linked: set[int]) -> None:
    """Let the entry stand for these flags too."""
    rows = [
        {"queue_entry_id": entry.id, "flag_id": flag.id} for flag in flags if flag.id not in linked
    ]
    if rows:
        db.session.connection().execute(_LINK, rows)
        db.session.expire(entry, ["flags"])


def _lane_of(entry: QueueEntry) -> Lane | None:
    return Lane(entry.lane) if entry.lane else None


def _sharpen(entry: QueueEntry, proposal: Proposal) -> None:
    """New flags may make an entry more urgent, never less; its due time never moves back.

    A person's level is raised by what is more urgent than it, and never lowered.
    """
    lane = _lane_of(entry)
    standing = entry.proposed_level.urgency, lane_weight(lane)
    is_more_urgent = proposal.risk_level.urgency > entry.urgency
    if proposal.weight > standing or (is_more_urgent and proposal.weight == standing):
        _suggest(entry, proposal)
    if is_more_urgent:
        set_urgency(entry, proposal.risk_level)
    entry.channel = max(entry.channel, proposal.channel, key=lambda way: way.closeness)
    entry.lane = max(lane, proposal.lane, key=lane_weight)
    entry.due_at = min(entry.due_at, proposal.due_at)


def _suggest(entry: QueueEntry, proposal: Proposal) -> None:
    """Keep what the rules propose, and which rules they were."""
    entry.proposed_level = proposal.risk_level
    entry.rule, entry.rules_version = proposal.rule, proposal.version
    entry.reasons = dict(proposal.reasons)


def set_urgency(entry: QueueEntry, level: RiskLevel) -> None:
    """The level that counts, with the copy by which the queue is sorted."""
    entry.risk_level, entry.urgency = level, level.urgency


def highest(entry: QueueEntry) -> RiskLevel:
    """The higher of what was proposed and what a person decided: lowering opens no way out."""
    return max(entry.risk_level, entry.proposed_level, key=lambda level: level.urgency)


def tell_case(case: Case, entry: QueueEntry, *, flags: int) -> None:
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

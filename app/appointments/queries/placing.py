"""Who could be placed on an interview day, and the proposal that comes of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.appointments.domain.appointments import AppointmentState, Origin
from app.appointments.domain.placement import (
    Block,
    Candidate,
    OpenSlot,
    Reason,
    mix,
    place,
)
from app.appointments.models import Appointment, InterviewDay, ProtectedTime, Slot
from app.appointments.queries.days import HELD
from app.assessments.domain import CLOSING
from app.assessments.models import Response
from app.campaigns.models import Invitation
from app.cases.domain.cases import ENDS
from app.cases.domain.queue import EntryState
from app.cases.models import Case, QueueEntry
from app.cases.queries.queue import is_real, open_entries
from app.people.domain import DayKind
from app.people.models import Student
from app.people.queries import calendar_of
from app.platform import clock
from app.platform.db import db
from app.triage.domain import Lane

_MET = (AppointmentState.PLANNED, AppointmentState.ATTENDED)


@dataclass(frozen=True)
class Place:
    """One line of a proposal."""

    student: Student
    slot: Slot
    entry: QueueEntry | None = None
    not_by: str = ""

    @property
    def is_late(self) -> bool:
        """Whether the slot begins after the entry is due."""
        return self.entry is not None and self.slot.starts_at > self.entry.due_at


@dataclass(frozen=True)
class Unplaced:
    """A student without a slot, and why."""

    entry: QueueEntry
    reason: Reason


@dataclass(frozen=True)
class Proposal:
    """What one action would do."""

    places: tuple[Place, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def drawn(self) -> int:
        """How many students are mixed in at random."""
        return sum(place.entry is None for place in self.places)

    @property
    def fingerprint(self) -> str:
        """Changes when the proposal does."""
        pairs = sorted((place.student.id, place.slot.id) for place in self.places)
        return hashlib.sha256(repr(pairs).encode()).hexdigest()[:20]


def proposal(actor: Actor, day: InterviewDay) -> Proposal:
    """Who would be seen when: nothing is written."""
    taken, entries = _held(day), _waiting(actor, day)
    by_student = {entry.student_id: entry for entry in entries}
    slots = {slot.id: slot for slot in _free(day, taken)}
    open_slots = [_open_slot(slot) for slot in slots.values()]
    people = {entry.student.id: entry.student for entry in entries if entry.student}
    blocks = Blocks(day, list(people.values()), taken)
    candidates = [_candidate(entry, blocks) for entry in entries]
    alone = place(candidates, open_slots)
    placed_entries = [by_student[who] for who, _ in alone.assigned]
    pool = {each.id: each for each in _pool(day, placed_entries, taken)}
    blocks = Blocks(day, list(pool.values()), taken)
    placed, drawn = mix(
        candidates,
        [Candidate(each.id, 0, _far(day), blocks.of(each)) for each in pool.values()],
        open_slots,
        alone=alone,
        wanted=_wanted(day, taken, len(placed_entries)),
        random=Random(f"{day.seed}:{len(taken)}"),  # noqa: S311 -- the seed comes from secrets
    )
    wishes = _not_by(entries)
    places = [
        *(
            Place(people[who], slots[slot], by_student[who], wishes.get(by_student[who].id, ""))
            for who, slot in placed.assigned
        ),
        *(Place(pool[who], slots[slot]) for who, slot in drawn.assigned),
    ]
    return Proposal(
        places=tuple(sorted(places, key=lambda place: (place.slot.starts_at, place.slot.id))),
        unplaced=tuple(Unplaced(by_student[who], reason) for who, reason in placed.left_out),
    )


def free_slots_from(appointment: Appointment, now: datetime) -> list[Slot]:
    """Later free slots of the school, in order, that this student could come to."""
    held = select(Appointment.slot_id).where(Appointment.state.in_(HELD))
    query = (
        select(Slot)
        .where(
            Slot.site_id == appointment.site_id,
            Slot.starts_at > max(now, appointment.slot.starts_at),
            Slot.id.not_in(held),
        )
        .order_by(Slot.starts_at, Slot.id)
        .options(joinedload(Slot.day).joinedload(InterviewDay.site))
    )
    found: list[Slot] = []
    blocks: dict[int, Blocks] = {}
    for slot in db.session.scalars(query):
        day = slot.day
        if day.id not in blocks:
            others = [each for each in _held(day) if each.id != appointment.id]
            blocks[day.id] = Blocks(day, [appointment.student], others)
        if not any(
            block.starts_at < slot.ends_at and block.ends_at > slot.starts_at
            for block in blocks[day.id].of(appointment.student)
        ):
            found.append(slot)
    return found


class Blocks:
    """When students cannot come on a day: exams, protected lessons, another appointment."""

    def __init__(
        self, day: InterviewDay, students: Sequence[Student], taken: Sequence[Appointment]
    ) -> None:
        zone, on = clock.zone(), day.on
        dawn = datetime.combine(on, datetime.min.time(), zone)
        self._whole = (dawn, dawn + timedelta(days=1))
        self._is_exam = calendar_of(day.site).days.get(on) is DayKind.EXAM
        self._busy = {each.student_id for each in taken}
        self._lessons: dict[int, list[Block]] = {}
        cohorts = {student.cohort_id for student in students}
        query = select(ProtectedTime).where(
            ProtectedTime.cohort_id.in_(cohorts), ProtectedTime.weekday == on.weekday()
        )
        for row in db.session.scalars(query):
            starts = datetime.combine(on, row.starts, zone)
            ends = datetime.combine(on, row.ends, zone)
            self._lessons.setdefault(row.cohort_id, []).append(Block(starts, ends, Reason.LESSON))

    def of(self, student: Student) -> tuple[Block, ...]:
        """Everything in this student's way."""
        blocks = list(self._lessons.get(student.cohort_id, ()))
        if self._is_exam:
            blocks.append(Block(*self._whole, Reason.EXAM))
        if student.id in self._busy:
            blocks.append(Block(*self._whole, Reason.HAS_APPOINTMENT))
        return tuple(blocks)


def _open_slot(slot: Slot) -> OpenSlot:
    """A slot as placement reads it."""
    return OpenSlot(slot.id, slot.counsellor_id, slot.room, slot.starts_at, slot.ends_at)


def _candidate(entry: QueueEntry, blocks: Blocks) -> Candidate:
    owner = entry.case.owner_id if entry.case else entry.claimed_by_id
    return Candidate(
        key=entry.student_id or 0,
        urgency=entry.urgency,
        due_at=entry.due_at,
        blocks=blocks.of(entry.student) if entry.student else (),
        is_fast=entry.lane == Lane.FAST,
        counsellor_id=owner,
    )


def _waiting(actor: Actor, day: InterviewDay) -> list[QueueEntry]:
    """Named entries of the school for which nothing is planned, the most urgent first."""
    met = exists().where(Appointment.entry_id == QueueEntry.id, Appointment.state.in_(_MET))
    query = open_entries(actor).where(
        QueueEntry.site_id == day.site_id,
        QueueEntry.student_id.is_not(None),
        is_real(QueueEntry.student_id),
        ~met,
    )
    return list(db.session.scalars(query))


def _held(day: InterviewDay) -> Sequence[Appointment]:
    query = select(Appointment).where(Appointment.day_id == day.id, Appointment.state.in_(HELD))
    return db.session.scalars(query.options(joinedload(Appointment.student))).all()


def _free(day: InterviewDay, taken: Iterable[Appointment]) -> list[Slot]:
    held = {each.slot_id for each in taken}
    now = clock.now()
    return [slot for slot in day.slots if slot.id not in held and slot.starts_at > now]


def _wanted(day: InterviewDay, taken: Sequence[Appointment], placed: int) -> int:
    """So many random students that one appointment in `random_every` is theirs."""
    if not day.random_every or not placed:
        return 0
    random = sum(each.origin is Origin.RANDOM for each in taken)
    flagged = len(taken) - random + placed
    return max(0, -(-flagged // (day.random_every - 1)) - random)


def _pool(
    day: InterviewDay, entries: Sequence[QueueEntry], taken: Sequence[Appointment]
) -> Sequence[Student]:
    """Invited classmates of who is interviewed that day, with neither an entry nor a case open."""
    if not day.random_every:
        return []
    cohorts = {entry.student.cohort_id for entry in entries if entry.student}
    cohorts |= {each.student.cohort_id for each in taken}
    campaigns = {entry.campaign_id for entry in entries if entry.campaign_id}
    waits = exists().where(
        QueueEntry.student_id == Student.id, QueueEntry.state != EntryState.SETTLED
    )
    accompanied = exists().where(Case.student_id == Student.id, Case.state.not_in(ENDS))
    invited = exists().where(Invitation.student_id == Student.id)
    if campaigns:  # a day of reports alone draws from whoever was ever invited
        invited = invited.where(Invitation.campaign_id.in_(campaigns))
    planned = exists().where(
        Appointment.student_id == Student.id,
        or_(Appointment.state == AppointmentState.PLANNED, Appointment.day_id == day.id),
    )
    query = (
        select(Student)
        .where(Student.site_id == day.site_id, Student.cohort_id.in_(cohorts))
        .where(~Student.is_synthetic)
        .where(Student.left_at.is_(None), invited, ~waits, ~accompanied, ~planned)
        .order_by(Student.id)
        .options(joinedload(Student.cohort))
    )
    return db.session.scalars(query).all()


def _far(day: InterviewDay) -> datetime:
    return datetime.combine(day.on + timedelta(days=1), datetime.min.time(), clock.zone())


def _not_by(entries: Sequence[QueueEntry]) -> dict[int, str]:
    """Who should not come, in the words of the newest sitting, by entry."""
    sittings = {flag.assessment_id: entry.id for entry in entries for flag in entry.flags}
    query = (
        select(Response)
        .where(
            Response.assessment_id.in_(sittings),
            Response.instrument_code == CLOSING,
            Response.item_code == "not_by",
        )
        .order_by(Response.id)
    )
    said = {sittings[row.assessment_id]: row.text or "" for row in db.session.scalars(query)}
    return {entry: text for entry, text in said.items() if text.strip()}

"""Who is seen when: students with due times and constraints, slots in, an assignment out.

Two assignment problems, each solved exactly (`scipy.optimize.linear_sum_assignment`):

1. *Who.* The matching of students and feasible slots with the greatest total weight, where a
   student weighs more than every less urgent one (urgency, then due time). Weights are positive
   and feasible matchings form a matroid on the students, so the result places as many as can be
   placed, and no less urgent student takes the place of a more urgent one.
2. *When.* For those students the cheapest slots. The cost of student i in slot j, in minutes:
   `late × L + (urgency + 1) × (wait + STRANGER)`, where *late* is how much of the day passes after
   the due time (what is overdue before the first slot is the same in every slot and left out),
   *wait* the time from the first slot, and STRANGER is added where another counsellor has taken the
   student on. L exceeds all other costs together: lateness first, then the wait.

Equal input gives equal output: students and slots are sorted first, costs are whole numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

import numpy as np

from app.appointments.domain.slots import overlaps

#: So many minutes later a student is rather seen by who has taken them on. Ours, to be tried out.
STRANGER = 60
MINUTE = 60
#: Draws for the places of random students before fewer are mixed in.
TRIES = 20


class Reason(StrEnum):
    """Why a student has no slot."""

    SEE_NOW = "see_now"
    NO_SLOT = "no_slot"
    LESSON = "lesson"
    EXAM = "exam"
    HAS_APPOINTMENT = "has_appointment"


@dataclass(frozen=True)
class Block:
    """When a student cannot come, and why."""

    starts_at: datetime
    ends_at: datetime
    reason: Reason


@dataclass(frozen=True)
class Candidate:
    """A student who waits. `is_fast`: a slot after the due time is no help, someone must go now."""

    key: int
    urgency: int
    due_at: datetime
    blocks: tuple[Block, ...] = ()
    is_fast: bool = False
    counsellor_id: int | None = None


@dataclass(frozen=True)
class OpenSlot:
    """A slot that nobody has yet."""

    key: int
    counsellor_id: int
    room: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Placement:
    """Student and slot by key, and who has none, with the reason."""

    assigned: tuple[tuple[int, int], ...] = ()
    left_out: tuple[tuple[int, Reason], ...] = ()


def place(candidates: Iterable[Candidate], slots: Iterable[OpenSlot]) -> Placement:
    """Give every student a slot who can have one, the most urgent first."""
    people = sorted(candidates, key=lambda each: (-each.urgency, each.due_at, each.key))
    open_slots = sorted(slots, key=lambda each: (each.starts_at, each.counsellor_id, each.key))
    assigned: dict[int, OpenSlot] = {}
    while True:
        left = [person for person in people if person.key not in assigned]
        free = _usable(left, open_slots, list(assigned.values()))
        if not left or not free:
            break
        for person, slot in _matched(left, free):
            assigned[person.key] = slot
    return Placement(
        assigned=tuple((person, slot.key) for person, slot in sorted(assigned.items())),
        left_out=tuple((person.key, _reason(person, open_slots)) for person in left),
    )


def mix(
    candidates: Sequence[Candidate],
    pool: Sequence[Candidate],
    slots: Sequence[OpenSlot],
    *,
    alone: Placement,
    wanted: int,
    random: Random,
) -> tuple[Placement, Placement]:
    """Place who waits, and `wanted` of the pool at times drawn among theirs.

    `alone` is how those who wait would be placed by themselves: nobody of them loses a slot
    because of the others, and who would be seen in time still is; where no draw allows that, fewer
    are mixed in. Who is overdue anyway may come later on the same day: a random student at the end
    of every day would be known by it. A random student's time, room and counsellor tell nothing:
    the places are drawn first, among as many of the earliest slots as there are students.
    """
    early = sorted(slots, key=lambda each: (each.starts_at, each.counsellor_id, each.key))
    for number in range(min(wanted, len(slots) - len(alone.assigned), len(pool)), 0, -1):
        window = early[: len(alone.assigned) + number]
        for _ in range(TRIES):
            kept = random.sample(window, number)
            rest = [slot for slot in slots if not any(_exclude(slot, each) for each in kept)]
            placed = place(candidates, rest)
            if _is_as_good(placed, alone, candidates, slots):
                return placed, _drawn(pool, kept, random)
    return alone, Placement()


def _drawn(pool: Sequence[Candidate], kept: Sequence[OpenSlot], random: Random) -> Placement:
    """Students of the pool in these slots, drawn at random."""
    shuffled = random.sample(pool, len(pool))
    ranked = [
        Candidate(rank, 0, person.due_at, person.blocks) for rank, person in enumerate(shuffled)
    ]
    return Placement(
        assigned=tuple((shuffled[rank].key, slot) for rank, slot in place(ranked, kept).assigned)
    )


def _is_as_good(
    placed: Placement,
    alone: Placement,
    candidates: Sequence[Candidate],
    slots: Sequence[OpenSlot],
) -> bool:
    if {person for person, _ in placed.assigned} != {person for person, _ in alone.assigned}:
        return False
    return _late(placed, candidates, slots) <= _late(alone, candidates, slots)


def _late(
    placement: Placement, candidates: Sequence[Candidate], slots: Sequence[OpenSlot]
) -> set[int]:
    """Who would be seen after their due time."""
    due = {person.key: person.due_at for person in candidates}
    starts = {slot.key: slot.starts_at for slot in slots}
    return {person for person, slot in placement.assigned if starts[slot] > due[person]}


def _usable(
    people: Sequence[Candidate], slots: Sequence[OpenSlot], used: list[OpenSlot]
) -> list[OpenSlot]:
    """The slots that somebody could have, of those that exclude each other the earlier."""
    chosen: list[OpenSlot] = []
    if not people or not slots:
        return chosen
    table = _feasible(people, slots)
    for column, slot in enumerate(slots):
        if table[:, column].any() and not any(_exclude(slot, other) for other in (*used, *chosen)):
            chosen.append(slot)
    return chosen


def _exclude(one: OpenSlot, other: OpenSlot) -> bool:
    """Whether two slots cannot both be used: one counsellor or one room at one time."""
    shares = one.counsellor_id == other.counsellor_id or one.room == other.room
    return shares and overlaps(one, other)


def _matched(
    people: Sequence[Candidate], slots: Sequence[OpenSlot]
) -> list[tuple[Candidate, OpenSlot]]:
    from scipy.optimize import linear_sum_assignment

    feasible = _feasible(people, slots)
    weights = np.arange(len(people), 0, -1)[:, None]
    rows, columns = linear_sum_assignment(np.where(feasible, weights, 0), maximize=True)
    chosen = [row for row, column in zip(rows, columns, strict=True) if feasible[row, column]]
    costs = _costs([people[row] for row in chosen], slots)
    impossible = costs.max(initial=0) * len(chosen) + 1
    rows, columns = linear_sum_assignment(np.where(feasible[chosen], costs, impossible))
    return [(people[chosen[row]], slots[column]) for row, column in zip(rows, columns, strict=True)]


def _feasible(people: Sequence[Candidate], slots: Sequence[OpenSlot]) -> np.ndarray[Any, Any]:
    """Which student could come to which slot."""
    starts, ends = _moments(slots)
    table = np.ones((len(people), len(slots)), dtype=bool)
    for row, person in enumerate(people):
        for block in person.blocks:
            overlap = (starts < block.ends_at.timestamp()) & (ends > block.starts_at.timestamp())
            table[row] &= ~overlap
        if person.is_fast:
            table[row] &= starts <= person.due_at.timestamp()
    return table


def _costs(people: Sequence[Candidate], slots: Sequence[OpenSlot]) -> np.ndarray[Any, Any]:
    starts, _ = _moments(slots)
    first = starts.min(initial=np.inf)
    due = np.array([person.due_at.timestamp() for person in people])[:, None]
    late = np.maximum(0, starts - np.maximum(due, first)) // MINUTE
    wait = (starts - first) // MINUTE
    weight = np.array([person.urgency + 1 for person in people])[:, None]
    stranger = np.array(
        [
            [person.counsellor_id not in {None, slot.counsellor_id} for slot in slots]
            for person in people
        ]
    ).reshape(len(people), len(slots))
    after = weight * (wait + STRANGER * stranger)
    costs: np.ndarray[Any, Any] = late * (after.max(initial=0) * max(len(people), 1) + 1) + after
    return costs


def _moments(slots: Sequence[OpenSlot]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    starts = np.array([slot.starts_at.timestamp() for slot in slots])
    return starts, np.array([slot.ends_at.timestamp() for slot in slots])


def _reason(person: Candidate, slots: Sequence[OpenSlot]) -> Reason:
    """Why this student has no slot: the block that most slots meet, or that none was left."""
    if person.is_fast and all(slot.starts_at > person.due_at for slot in slots):
        return Reason.SEE_NOW
    if slots and not _feasible([person], slots).any():
        hits = {
            block.reason: sum(overlaps(block, slot) for slot in slots) for block in person.blocks
        }
        return max(hits, key=lambda reason: (hits[reason], reason)) if hits else Reason.SEE_NOW
    return Reason.SEE_NOW if person.is_fast else Reason.NO_SLOT

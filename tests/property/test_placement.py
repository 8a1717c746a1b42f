"""Placement never lets two things happen at once, and leaves nobody out without need."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.appointments.domain.placement import (
    Block,
    Candidate,
    OpenSlot,
    Placement,
    Reason,
    mix,
    place,
)
from app.appointments.domain.slots import overlaps

DAY = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)
MINUTES = st.integers(8 * 60, 17 * 60)


def at(minute: int) -> datetime:
    return DAY + timedelta(minutes=minute)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    starts = draw(MINUTES)
    ends = starts + draw(st.integers(1, 240))
    return Block(at(starts), at(ends), draw(st.sampled_from([Reason.LESSON, Reason.EXAM])))


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    return [
        Candidate(
            key=key,
            urgency=draw(st.integers(0, 4)),
            due_at=at(draw(st.integers(-1440, 2880))),
            blocks=tuple(draw(st.lists(blocks(), max_size=3))),
            is_fast=draw(st.booleans()),
            counsellor_id=draw(st.none() | st.integers(1, 3)),
        )
        for key in range(draw(st.integers(0, 9)))
    ]


@st.composite
def slots(draw: st.DrawFn) -> list[OpenSlot]:
    """Any slots, also such that exclude each other."""
    return [
        OpenSlot(key, draw(st.integers(1, 3)), draw(st.sampled_from("AB")), at(starts), at(ends))
        for key in range(draw(st.integers(0, 12)))
        for starts in [draw(MINUTES)]
        for ends in [starts + draw(st.integers(15, 40))]
    ]


def clashes(placement: Placement, people: list[Candidate], free: list[OpenSlot]) -> list[str]:
    """Everything that must never be."""
    by_key, slot_of = {each.key: each for each in people}, {each.key: each for each in free}
    used = [slot_of[slot] for _, slot in placement.assigned]
    students = [person for person, _ in placement.assigned]
    found = [] if len(set(students)) == len(students) else ["student twice"]
    for n, one in enumerate(used):
        for other in used[n + 1 :]:
            if overlaps(one, other) and one.counsellor_id == other.counsellor_id:
                found.append("counsellor")
            if overlaps(one, other) and one.room == other.room:
                found.append("room")
    for person, slot in placement.assigned:
        if not can_come(by_key[person], slot_of[slot]):
            found.append("student cannot come")
    return found


def late(placement: Placement, people: list[Candidate], free: list[OpenSlot]) -> set[int]:
    due, starts = {p.key: p.due_at for p in people}, {slot.key: slot.starts_at for slot in free}
    return {person for person, slot in placement.assigned if starts[slot] > due[person]}


def can_come(person: Candidate, slot: OpenSlot) -> bool:
    is_too_late = person.is_fast and slot.starts_at > person.due_at
    return not is_too_late and not any(overlaps(block, slot) for block in person.blocks)


@given(candidates(), slots())
def test_nothing_happens_twice_at_once(people: list[Candidate], free: list[OpenSlot]) -> None:
    assert clashes(place(people, free), people, free) == []


@given(candidates(), slots())
def test_nobody_is_left_out_while_a_slot_they_could_have_is_free(
    people: list[Candidate], free: list[OpenSlot]
) -> None:
    placement = place(people, free)

    by_key, slot_of = {each.key: each for each in people}, {each.key: each for each in free}
    used = [slot_of[slot] for _, slot in placement.assigned]
    left = [
        slot
        for slot in free
        if not any(
            overlaps(slot, other)
            and (slot.counsellor_id == other.counsellor_id or slot.room == other.room)
            for other in used
        )
    ]
    out = [by_key[person] for person, _ in placement.left_out]
    assert [(person, slot) for person in out for slot in left if can_come(person, slot)] == []
    assert len(out) + len(used) == len(people)


@given(candidates(), slots(), st.randoms(use_true_random=False))
def test_order_of_the_input_changes_nothing(
    people: list[Candidate], free: list[OpenSlot], random: Random
) -> None:
    shuffled = place(random.sample(people, len(people)), random.sample(free, len(free)))

    assert shuffled == place(people, free)


@given(candidates(), candidates(), slots(), st.integers(0, 2**32))
def test_random_students_cost_nobody_a_slot_and_clash_with_nothing(
    people: list[Candidate], others: list[Candidate], free: list[OpenSlot], seed: int
) -> None:
    pool = [Candidate(100 + each.key, 0, at(2880), each.blocks) for each in others]
    alone = place(people, free)

    placed, drawn = mix(people, pool, free, alone=alone, wanted=3, random=Random(seed))

    assert {who for who, _ in placed.assigned} == {who for who, _ in alone.assigned}
    assert late(placed, people, free) <= late(alone, people, free)
    both = Placement(assigned=(*placed.assigned, *drawn.assigned))
    assert clashes(both, [*people, *pool], free) == []

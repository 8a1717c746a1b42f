"""Who is seen first, who is not parked, and how a big day is placed."""

from datetime import UTC, datetime, timedelta
from random import Random

from app.appointments.domain.placement import Block, Candidate, OpenSlot, Reason, mix, place

NINE = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
LATER = NINE + timedelta(days=3)


def slot(key: int, counsellor: int = 1) -> OpenSlot:
    """The key-th half hour of a counsellor in a room of their own."""
    starts = NINE + timedelta(minutes=30 * (key % 100))
    return OpenSlot(key, counsellor, f"{counsellor}", starts, starts + timedelta(minutes=25))


def hours(number: float) -> datetime:
    return NINE + timedelta(hours=number)


def test_most_urgent_comes_first_and_has_the_only_slot():
    people = [Candidate(1, 2, hours(1)), Candidate(2, 3, LATER), Candidate(3, 2, hours(2))]

    assert place(people, [slot(0), slot(1)]).assigned == ((1, 1), (2, 0))
    assert place(people, [slot(0)]).left_out == ((1, Reason.NO_SLOT), (3, Reason.NO_SLOT))


def test_due_time_comes_before_the_wait():
    urgent_with_time, due_soon = Candidate(1, 4, LATER), Candidate(2, 1, hours(0.25))

    assert place([urgent_with_time, due_soon], [slot(0), slot(1)]).assigned == ((1, 1), (2, 0))


def test_fast_lane_is_never_parked_after_its_due_time():
    fast = Candidate(1, 4, NINE - timedelta(minutes=5), is_fast=True)

    assert place([fast], [slot(0), slot(1)]).left_out == ((1, Reason.SEE_NOW),)
    in_time = Candidate(1, 4, hours(0.1), is_fast=True)
    assert place([in_time], [slot(0), slot(1)]).assigned == ((1, 0),)


def test_reason_is_what_stands_in_most_of_the_way():
    test_hour = Block(NINE, hours(1), Reason.LESSON)
    exam = Block(NINE - timedelta(hours=9), hours(15), Reason.EXAM)
    people = [Candidate(1, 2, LATER, (test_hour,)), Candidate(2, 2, LATER, (exam,))]

    assert place(people, [slot(0)]).left_out == ((1, Reason.LESSON), (2, Reason.EXAM))


def test_who_has_taken_a_student_on_is_preferred_to_a_slightly_earlier_slot():
    student = Candidate(1, 2, LATER, counsellor_id=2)

    assert place([student], [slot(0), slot(101, 2)]).assigned == ((1, 101),)


def test_random_students_sit_among_the_others_not_behind_them():
    people = [Candidate(key, 2, LATER if key % 2 else NINE) for key in range(12)]
    people[0] = Candidate(0, 2, NINE - timedelta(days=1))
    pool = [Candidate(key, 0, LATER) for key in range(100, 140)]
    free = [slot(key) for key in range(30)]
    alone = place(people, free)
    ranks = []
    for seed in range(200):
        placed, drawn = mix(people, pool, free, alone=alone, wanted=4, random=Random(seed))
        assert sorted(s for _, s in (*placed.assigned, *drawn.assigned)) == list(range(16))
        ranks += [rank for _, rank in drawn.assigned]

    assert len(ranks) == 800
    # Every one of the 16 places is a random student's in about a quarter of the draws.
    assert all(25 <= ranks.count(place_number) <= 80 for place_number in range(16))


def test_a_big_day_is_placed_whole():
    people = [Candidate(key, key % 5, hours(key % 48)) for key in range(300)]
    free = [slot(100 * n + half, n) for n in range(1, 21) for half in range(20)]

    placement = place(people, free)

    assert (len(placement.assigned), placement.left_out) == (300, ())

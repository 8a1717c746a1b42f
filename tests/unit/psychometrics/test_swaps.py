"""The swap check on a synthetic school of 1,200 that answered twice, ten swaps planted."""

import numpy as np
import pytest

from app.psychometrics.swaps import Evidence, Sittings, check_swaps
from tests.factories.retests import School, school

SEEDS = range(6)


def _found(made: School) -> tuple[int, int]:
    """How many planted pairs are listed, and how many others."""
    listed = {(pair.one, pair.other) for pair in check_swaps(made.sittings).pairs}
    return len(listed & made.swapped), len(listed - made.swapped)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_ten_are_found_with_at_most_five_false_where_a_background_page_is_asked(
    seed: int,
) -> None:
    made = school(seed, background=True)

    found, false = _found(made)

    assert 0.6 <= made.retest <= 0.8
    assert (found, false <= 5) == (10, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_three_short_scales_alone_find_a_part_and_say_so(seed: int) -> None:
    made = school(seed)

    found, false = _found(made)
    power = check_swaps(made.sittings).power

    assert false <= 5
    assert found < 10
    assert power == pytest.approx(found / 10, abs=0.35)


def test_without_an_earlier_campaign_there_is_not_enough_to_tell() -> None:
    sittings = school(1).sittings
    alone = Sittings(**{**vars(sittings), "before": np.full_like(sittings.before, np.nan)})

    check = check_swaps(alone)

    assert not check.can_tell
    assert not check.pairs


@pytest.mark.parametrize("share", [0.0, 0.03], ids=["first campaign", "a handful before"])
def test_facts_of_the_roster_are_enough_where_hardly_anybody_answered_before(share: float) -> None:
    made = school(1, background=True)
    new = np.random.default_rng(0).uniform(size=len(made.sittings.now)) >= share
    made.sittings.before[:, new] = np.nan

    found, false = _found(made)
    check = check_swaps(made.sittings)

    assert (found, false <= 5) == (10, True)
    assert check.people == 1_200
    assert not any(Evidence.ANSWERS in pair.reasons for pair in check.pairs)


def test_answers_that_hardly_stay_are_not_enough_to_tell() -> None:
    check = check_swaps(school(1, stay=0.2, own=0.1).sittings)

    assert not check.can_tell
    assert not check.pairs


def test_nobody_is_listed_where_nobody_was_swapped() -> None:
    found, false = _found(school(3, swaps=0, background=True))

    assert (found, false <= 2) == (0, True)


def test_pace_finds_more_and_accuses_nobody_else() -> None:
    without = [_found(school(seed)) for seed in SEEDS]
    with_pace = [_found(school(seed, pace=0.8)) for seed in SEEDS]

    assert sum(found for found, _ in with_pace) > sum(found for found, _ in without)
    assert all(false <= 5 for _, false in with_pace)


def test_neighbours_of_the_computer_room_are_near() -> None:
    made = school(5, background=True)
    places = made.sittings.position
    seated = {"position": places * 10, "seat": places.astype(float)}
    one, other = min(made.swapped)

    check = check_swaps(Sittings(**{**vars(made.sittings), **seated}))
    listed = {(pair.one, pair.other): pair for pair in check.pairs}

    assert Evidence.BESIDE in listed[one, other].reasons
    assert Evidence.NEIGHBOURS not in listed[one, other].reasons


def test_missing_answers_speak_neither_way() -> None:
    made = school(2, background=True)
    holes = np.random.default_rng(0).uniform(size=made.sittings.now.shape) < 0.3
    made.sittings.now[holes] = np.nan

    found, false = _found(made)

    assert found >= 9
    assert false <= 5


def test_each_student_stands_in_one_pair_and_the_reasons_are_told() -> None:
    check = check_swaps(school(4, background=True).sittings)
    students = [student for pair in check.pairs for student in (pair.one, pair.other)]

    assert len(students) == len(set(students))
    assert all(Evidence.NEIGHBOURS in pair.reasons for pair in check.pairs[:10])
    assert any(Evidence.FACTS in pair.reasons for pair in check.pairs)

"""The swap check on a synthetic school of 1,200 that answered twice, ten swaps planted."""

from functools import cache

import numpy as np
import pytest

from app.psychometrics.swaps import Evidence, Sittings, SwapCheck, check_swaps
from app.psychometrics.swaps.fits import answers_fit
from app.psychometrics.swaps.weights import weighed
from tests.factories.retests import School, school
from tests.factories.seasons import Years, years

SEEDS = range(3)


def _found(made: School | Years) -> tuple[int, int]:
    """How many planted pairs are listed, and how many others."""
    return _counted(made, check_swaps(made.sittings))


def _counted(made: School | Years, check: SwapCheck) -> tuple[int, int]:
    listed = {(pair.one, pair.other) for pair in check.pairs}
    return len(listed & made.swapped), len(listed - made.swapped)


@cache
def _plain(seed: int) -> tuple[School, SwapCheck]:
    """Three short scales and nothing else."""
    made = school(seed)
    return made, check_swaps(made.sittings)


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
    made, check = _plain(seed)

    found, false = _counted(made, check)

    assert false <= 5
    assert found < 10
    assert check.power == pytest.approx(found / 10, abs=0.35)


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
    without = [_counted(*_plain(seed)) for seed in SEEDS]
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


def test_a_school_of_another_make_that_asks_the_background_page_hides_little() -> None:
    made = years(3, scales=("phq9", "who5", "mspss"), background=True)

    found, false = _found(made)

    assert found >= 7
    assert false <= 5


def test_several_seasons_tell_more_than_the_last() -> None:
    made = years(2, seasons=4)
    last = {
        "before": made.sittings.before[:1],
        "shown_before": made.sittings.shown_before[:1],
    }

    alone = check_swaps(Sittings(**{**vars(made.sittings), **last}))

    assert check_swaps(made.sittings).power > alone.power + 0.05


def test_who_sits_in_the_place_of_the_other_is_told_where_the_class_sits_by_its_list() -> None:
    made = years(1, scales=("phq9",), background=True, seats=True, places=(10, 0, 0))

    check = check_swaps(made.sittings)
    told = [pair for pair in check.pairs if Evidence.SEAT_ORDER in pair.reasons]

    assert len(told) >= 4
    for pair in told:
        seat, place = made.sittings.seat, made.sittings.position
        assert (seat[pair.one] - seat[pair.other]) == place[pair.other] - place[pair.one]


def test_one_student_who_answers_unlike_before_is_never_a_swap() -> None:
    """However unlike: past a point the score of the straight fit weighs no more."""
    random = np.random.default_rng(0)
    straight = random.normal(3, 1, (400, 1, 1)) * np.array([-0.5, -0.5, 1, 1])[None, :, None]
    straight[:20, 2] = -30.0
    [part] = weighed([straight], np.arange(400) % 5)

    assert part.evidence[:20].max() < 7
    assert np.median(part.evidence[20:]) < -3


def test_answers_that_never_vary_or_are_missing_say_nothing() -> None:
    before, now = np.array([[1.0, np.nan], [1.0, 2.0]]), np.array([[1.0, 0.0], [1.0, np.nan]])

    fit = answers_fit(before, now, np.array([True, True]))

    assert fit(np.array([0, 1]), np.array([1, 1])).tolist() == pytest.approx([0.0, 0.0])


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

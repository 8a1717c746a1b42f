"""What the signs of careless answers make of missing ones, and how often they are wrong."""

import numpy as np
import pytest

from app.psychometrics.careless import (
    Yardstick,
    careless_indices,
    even_odd,
    person_total,
    runs,
    too_fast,
    variability,
)
from app.psychometrics.copula import AnswerModel
from app.psychometrics.doubt import doubt
from app.psychometrics.refusal import CannotEstimate

NOTHING = np.nan


def sample(people: int, seed: int = 3) -> np.ndarray:
    """Attentive people: six scales of five items."""
    rng = np.random.default_rng(seed)
    traits = np.repeat(rng.normal(size=(people, 6)), 5, axis=1)
    return np.clip(np.round(0.9 * traits + 0.7 * rng.normal(size=(people, 30)) + 1.5), 0, 3)


def keyed(answers: np.ndarray) -> list[np.ndarray]:
    return [answers[:, 5 * s : 5 * s + 5] for s in range(6)]


def test_a_missing_answer_ends_a_run_and_is_none() -> None:
    longest, mean = runs(np.array([[1, 1, NOTHING, 1, 2], [NOTHING] * 5, [3, 3, 3, 3, 3]]))

    assert longest[[0, 2]].tolist() == [2, 5]
    assert mean[[0, 2]].tolist() == [4 / 3, 5]
    assert np.isnan([longest[1], mean[1]]).all()


def test_variability_needs_two_answers() -> None:
    found = variability(np.array([[1, NOTHING, 3], [2, NOTHING, NOTHING], [2, 2, 2]]))

    assert found[[0, 2]].tolist() == [pytest.approx(2**0.5), 0]
    assert np.isnan(found[1])


def test_person_total_is_over_what_was_answered() -> None:
    means = np.array([0.0, 1, 2, 3])

    found = person_total(
        np.array([[1, 2, NOTHING, 4], [2, 2, 2, 2], [3, 0, NOTHING, NOTHING]]), means
    )

    assert found[0] == pytest.approx(1)
    assert np.isnan(found[1:]).all()


def test_even_odd_needs_three_scales() -> None:
    assert np.isnan(even_odd(keyed(sample(4))[:2], people=4)).all()


def test_items_that_follow_from_each_other_leave_no_distance() -> None:
    answers = sample(60)[:, :4]

    found = careless_indices(np.column_stack([answers, answers[:, 0]]))

    assert np.isnan(found.mahalanobis).all()
    assert not np.isnan(found.longstring).any()


def test_an_item_nobody_answered_is_refused() -> None:
    with pytest.raises(CannotEstimate, match="Nobody answered"):
        Yardstick.of([[1, NOTHING], [2, NOTHING]])


def test_too_fast_counts_answered_items_and_never_unknown_times() -> None:
    answers = [[1, 1, NOTHING], [1, 1, 1], [1, 1, 1], [NOTHING] * 3]

    found = too_fast([3, 6, NOTHING, 0], answers, fastest=2.0)

    assert found.tolist() == [True, False, False, False]


def test_made_up_people_answer_like_the_sample() -> None:
    answers = sample(1000)

    drawn = AnswerModel.of(answers).draw(20_000, np.random.default_rng(1))

    assert drawn.mean(axis=0) == pytest.approx(answers.mean(axis=0), abs=0.03)
    apart = np.corrcoef(drawn, rowvar=False) - np.corrcoef(answers, rowvar=False)
    assert np.abs(apart).max() < 0.04


def test_an_item_answered_alike_is_drawn_alike() -> None:
    answers = sample(100)[:, :3]
    answers[:, 1] = 2

    drawn = AnswerModel.of(answers).draw(50, np.random.default_rng(1))

    assert set(drawn[:, 1]) == {2}


def test_few_people_allow_no_judgement() -> None:
    with pytest.raises(CannotEstimate, match="at least 30"):
        AnswerModel.of(sample(29))


def judged(answers: np.ndarray, fast: np.ndarray | None = None):
    return doubt(
        answers,
        careless_indices(answers, scales=keyed(answers)),
        keyed=keyed,
        options=[[0, 1, 2, 3]] * 30,
        fast=fast,
        rng=np.random.default_rng(8),
    )


def test_the_rate_of_false_alarms_holds_for_new_attentive_people() -> None:
    """What is claimed is what happens: 3,000 attentive people, none of them careless."""
    found = judged(sample(3000))

    assert found.false_alarms < 0.02
    assert float(found.is_doubtful.mean()) == pytest.approx(found.false_alarms, abs=0.006)


def test_people_who_do_not_read_are_found_at_the_rate_that_is_claimed() -> None:
    rng = np.random.default_rng(5)
    answers = sample(600)
    answers[:20] = 2
    answers[20:40] = rng.integers(0, 4, (20, 30))

    found = judged(answers)

    assert found.is_doubtful[:20].all()
    assert found.is_doubtful[20:40].mean() == pytest.approx(found.found_random, abs=0.25)
    assert found.is_doubtful[40:].mean() < 0.03


def test_who_was_too_fast_needs_one_more_sign_only() -> None:
    answers = sample(600)
    answers[0] = 2

    slow, fast = judged(answers), judged(answers, fast=np.ones(600, bool))

    one = slow.beyond.sum(axis=1) == 1
    assert one.any()
    assert not slow.is_doubtful[one].any()
    assert fast.is_doubtful[one].all()
    assert not fast.is_doubtful[slow.beyond.sum(axis=1) == 0].any()


def test_a_small_table_worked_out_by_hand() -> None:
    """Four people, six answers of 1 to 3, three scales of two items; everybody's mean is 2."""
    answers = np.array([[1, 1, 1, 3, 3, 3], [3, 1, 3, 1, 3, 1], [2] * 6, [1, 2, 3, 1, 2, 3]], float)

    found = careless_indices(answers, scales=[answers[:, at : at + 2] for at in (0, 2, 4)])

    assert found.longstring.tolist() == [3, 1, 6, 1]
    assert found.mean_run.tolist() == [3, 1, 6, 1]
    # Squares of the deviations add up to 6, 6, 0 and 4.
    assert found.irv == pytest.approx(np.sqrt([6 / 5, 6 / 5, 0, 4 / 5]))
    # r of (1 1 3) with (1 3 3) is 1/2; of (1 3 2) with (2 1 3) it is -1/2: -2, which is cut off.
    assert found.even_odd == pytest.approx([2 / 3, np.nan, np.nan, -1], nan_ok=True)
    # The items' means less 2 are -1/4 -1/2 1/4 -1/4 1/2 1/4: squares 3/4, each product 1.
    expected = [1 / np.sqrt(6 * 0.75), 1 / np.sqrt(6 * 0.75), np.nan, 1 / np.sqrt(4 * 0.75)]
    assert found.person_total == pytest.approx(expected, nan_ok=True)

"""What reliability refuses, warns of, and never depends on."""

import numpy as np
import pytest

from app.psychometrics.one_factor import maximum_likelihood, minimum_residuals
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.reliability import Reliability, reliability


@pytest.fixture
def answers() -> np.ndarray:
    rng = np.random.default_rng(8)
    trait = rng.normal(size=(200, 1))
    return np.clip(np.round(trait + rng.normal(size=(200, 6)) + 1.5), 0, 3)


def figures(found: Reliability) -> list[float | None]:
    return [found.alpha.value, found.alpha_standardised, found.omega_total, found.sem]


def test_figures_do_not_depend_on_the_order_of_people_and_items(answers: np.ndarray) -> None:
    shuffled = answers[::-1][:, [3, 1, 5, 0, 2, 4]]

    assert figures(reliability(shuffled)) == pytest.approx(figures(reliability(answers)), abs=1e-7)


def test_moving_and_stretching_the_answers_changes_no_share(answers: np.ndarray) -> None:
    plain, moved = reliability(answers), reliability(10 * answers - 7)

    assert figures(moved)[:3] == pytest.approx(figures(plain)[:3], abs=1e-7)
    assert moved.sem == pytest.approx(10 * plain.sem)


def test_people_with_a_missing_answer_are_left_out_and_counted(answers: np.ndarray) -> None:
    holes = answers.copy()
    holes[0, 0] = holes[1, 0] = holes[1, 3] = np.nan

    found = reliability(holes)

    assert (found.people, found.complete) == (200, 198)
    assert [item.missing for item in found.items] == [2, 0, 0, 1, 0, 0]
    assert found.alpha.value == pytest.approx(reliability(answers[2:]).alpha.value, abs=1e-12)


def test_an_unreversed_item_is_named(answers: np.ndarray) -> None:
    answers[:, 2] = 3 - answers[:, 2]

    found = reliability(answers, names=["q1", "q2", "q3", "q4", "q5", "q6"])

    assert found.warnings == (
        "Negative item-rest r: q3. Is this an item that should be reversed and is not?",
    )


def test_an_item_answered_alike_leaves_alpha_and_says_why_omega_is_missing(
    answers: np.ndarray,
) -> None:
    answers[:, 0] = 2

    found = reliability(answers)

    assert found.alpha.value > 0
    assert (found.items[0].item_rest_r, found.alpha_standardised, found.omega_total) == (None,) * 3
    assert found.warnings[0].startswith("Everybody gave the same answer to 1")


def test_negative_alpha_has_no_standard_error() -> None:
    found = reliability([[1, 2], [2, 3], [3, 1], [2, 2]])

    assert found.alpha.value == pytest.approx(-2)
    assert found.sem is None


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([[1, 2], [2, np.nan], [3, 1]], "Only 2 of 3 people answered everything; at least 3"),
        ([[1], [2], [3]], "Internal consistency needs at least two items."),
        ([[1, 3], [2, 2], [3, 1]], "Everybody has the same sum"),
        ([1, 2, 3], "Answers are a table of people by items."),
        ([[1, np.inf], [1, 2], [2, 3]], "An answer is infinite"),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_a_sentence(answers: list, reason: str) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        reliability(answers)


def test_floor_and_ceiling_are_the_possible_ends_not_those_seen() -> None:
    answers = [[1, 0], [1, 1], [0, 1], [2, 2]]

    found = reliability(answers, least=[0, 0], most=[3, 2])

    assert (found.floor, found.ceiling) == (0, 0)
    assert [item.ceiling for item in found.items] == [0, 0.25]


def test_both_ways_find_the_factor_that_made_the_matrix() -> None:
    loadings = np.array([0.8, 0.7, 0.6, 0.5, -0.4])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)

    minres, likely = minimum_residuals(correlations), maximum_likelihood(4 * correlations)

    assert minres.loadings == pytest.approx(loadings, abs=1e-6)
    assert likely.loadings == pytest.approx(2 * loadings, abs=1e-5)
    assert not minres.is_heywood


def test_a_factor_is_not_fitted_to_a_singular_matrix() -> None:
    with pytest.raises(CannotEstimate, match="follows exactly"):
        maximum_likelihood(np.ones((3, 3)))


def test_minimum_residuals_find_an_end_where_correlations_are_singular() -> None:
    """Five people and three items, two of them the same: no inverse, no curvature one way."""
    answers = np.array([[0, 0, 1], [1, 1, 2], [2, 2, 0], [1, 1, 1], [0, 0, 2]])

    found = minimum_residuals(np.corrcoef(answers.T))

    assert found.is_heywood
    assert np.isfinite(found.loadings).all()
    assert (found.uniquenesses > 0).all()

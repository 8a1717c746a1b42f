"""What a retest leaves out, refuses and says about perfect agreement."""

import numpy as np
import pytest

from app.psychometrics.agreement import intraclass_correlations, mean_squares
from app.psychometrics.estimate import Estimate
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.retest import reliable_change, retest

FIRST = np.array([4.0, 9, 12, 3, 15, 8])
SECOND = np.array([5.0, 7, 13, 3, 11, 9])


def test_a_shift_lowers_agreement_but_not_consistency() -> None:
    plain = intraclass_correlations(mean_squares(np.column_stack([FIRST, SECOND])))
    shifted = intraclass_correlations(mean_squares(np.column_stack([FIRST, SECOND + 10])))

    assert shifted.icc3.value == pytest.approx(plain.icc3.value)
    assert shifted.icc2.value < plain.icc2.value


def test_people_with_one_score_are_left_out_but_keep_their_place() -> None:
    first, second = np.append(FIRST, np.nan), np.append(SECOND, 7)

    found = retest(first, second)

    assert (found.people, found.left_out) == (6, 1)
    assert found.icc == retest(FIRST, SECOND).icc
    assert found.change is not None
    assert np.isnan(found.change.index[6])
    assert found.change.reliable[6] == 0


def test_the_same_scores_twice_agree_perfectly_and_allow_no_reliable_change() -> None:
    found = retest(FIRST, FIRST)

    assert (found.icc.icc1.value, found.icc.icc2.value, found.icc.icc3.value) == (1, 1, 1)
    assert found.error.sdc_agreement == 0
    assert found.change is None
    assert found.warnings[0].startswith("No reliable change: The reliability is 1.00")


def test_a_constant_time_has_no_correlation() -> None:
    found = retest(FIRST, np.full(6, 3.0))

    assert found.r is None
    assert found.warnings[0] == (
        "No reliable change: Everybody has the same score at one of the times."
    )


def test_an_interval_without_numbers_is_none() -> None:
    squares = mean_squares(np.column_stack([FIRST, FIRST + 2]))

    assert intraclass_correlations(squares).icc3 == Estimate(1.0)


def test_people_who_do_not_differ_leave_forms_without_a_number() -> None:
    found = intraclass_correlations(mean_squares([[1, 2], [1, 2], [1, 2]]))

    assert np.isnan(found.icc3.value)
    assert found.icc1.value == -1
    assert found.icc2 == Estimate(0.0)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ([[1, 2], [2, np.nan], [3, 3]], "Only 2 of 3 people"),
        ([[1], [2], [3]], "at least two measurements"),
        ([[2, 2], [2, 2], [2, 2]], "same score every time"),
    ],
)
def test_agreement_that_has_no_meaning_is_refused(scores: list, reason: str) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        mean_squares(scores)


@pytest.mark.parametrize("reliability", [-0.1, 1.0])
def test_change_needs_a_reliability_below_one(reliability: float) -> None:
    with pytest.raises(CannotEstimate, match="at least 0 and below 1"):
        reliable_change([1], [2], sd=1, reliability=reliability)

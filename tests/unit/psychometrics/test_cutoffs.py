"""What a cut-off finds, which one a rule chooses, and what is refused."""

import numpy as np
import pytest

from app.psychometrics.cutoffs import figures, least_sensitivity, resampled, youden_ties
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.roc import RocCurve, area, compare_areas, grouped, roc_curve

# ten cases, ten others; counted by hand
CASES = [9, 9, 8, 8, 7, 6, 6, 4, 3, 2]
OTHERS = [7, 5, 4, 3, 3, 2, 2, 1, 1, 0]
SCORES = [*CASES, *OTHERS]
CRITERION = [1] * 10 + [0] * 10


@pytest.fixture
def curve() -> RocCurve:
    return roc_curve(grouped(SCORES, CRITERION))


def test_area_counts_pairs_and_half_of_ties() -> None:
    pairs = [(x > y) + 0.5 * (x == y) for x in CASES for y in OTHERS]

    assert area(grouped(SCORES, CRITERION)).value == pytest.approx(np.mean(pairs))


def test_where_low_is_worse_the_rule_is_at_most() -> None:
    turned = [9 - score for score in SCORES]

    groups = grouped(turned, CRITERION, worse_is_higher=False)
    low, high = roc_curve(groups), roc_curve(grouped(SCORES, CRITERION))

    assert area(groups) == area(grouped(SCORES, CRITERION))
    assert low.cutoffs.tolist() == [9 - cutoff for cutoff in high.cutoffs]
    assert low.true_positives.tolist() == high.true_positives.tolist()


def test_figures_at_a_cutoff(curve: RocCurve) -> None:
    at = next(one for one in figures(curve, prevalence=0.1) if one.cutoff == 6)

    assert (at.true_positives, at.false_negatives) == (7, 3)
    assert (at.false_positives, at.true_negatives) == (1, 9)
    assert at.youden == pytest.approx(0.6)
    assert at.lr_positive == pytest.approx(7)
    assert at.lr_negative == pytest.approx(1 / 3)
    assert at.ppv == pytest.approx(0.07 / (0.07 + 0.09))
    assert at.npv == pytest.approx(0.81 / (0.81 + 0.03))


def test_a_figure_that_divides_by_nothing_is_none(curve: RocCurve) -> None:
    all_figures = figures(curve, prevalence=0.5)
    strictest, mildest = all_figures[0], all_figures[-1]

    assert (strictest.cutoff, strictest.lr_positive, strictest.ppv) == (9, None, 1)
    assert (mildest.cutoff, mildest.lr_negative, mildest.npv) == (0, None, None)


def test_youden_lists_every_tie() -> None:
    # at 3: 2/2 - 1/2, at 5: 1/2 - 0
    curve = roc_curve(grouped([5, 3, 3, 1], [1, 1, 0, 0]))

    assert [curve.cutoffs[i] for i in youden_ties(curve)] == [5, 3]


@pytest.mark.parametrize(("target", "cutoff"), [(0.7, 6), (0.71, 4), (0.8, 4), (0.9, 3), (1.0, 2)])
def test_least_sensitivity_takes_the_strictest_observed_score(
    curve: RocCurve, target: float, cutoff: float
) -> None:
    assert curve.cutoffs[least_sensitivity(curve, target)] == cutoff


def test_bootstrap_is_seeded_and_bounds_what_it_bounds(curve: RocCurve) -> None:
    first = resampled(curve, seed=7, targets=[0.9], resamples=500)
    again = resampled(curve, seed=7, targets=[0.9], resamples=500)
    other = resampled(curve, seed=8, targets=[0.9], resamples=500)

    assert first == again != other
    assert first.area.low is not None
    assert first.area.high is not None
    assert first.area.low < first.area.value < first.area.high
    youden, kept = first.rules
    assert (youden.target, youden.cutoff.value) == (None, 6)
    assert (kept.target, kept.cutoff.value) == (0.9, 3)
    assert {kept.cutoff.low, kept.cutoff.high} <= {*SCORES}
    assert kept.sensitivity.low is not None
    assert kept.sensitivity.low >= 0.9


def test_people_without_score_or_criterion_are_left_out() -> None:
    groups = grouped([*SCORES, np.nan, 5], [*CRITERION, 1, np.nan])

    assert groups.left_out == 2
    assert area(groups) == area(grouped(SCORES, CRITERION))


def test_a_perfect_score_has_no_interval_and_equal_scores_no_test() -> None:
    perfect = area(grouped([4, 3, 2, 1], [1, 1, 0, 0]))
    same = compare_areas(SCORES, [2 * score for score in SCORES], CRITERION)

    assert (perfect.value, perfect.low, perfect.high) == (1, None, None)
    assert (same.difference.value, same.z, same.p) == (0, None, None)


@pytest.mark.parametrize(
    ("scores", "criterion", "reason"),
    [
        ([1, 2, 3], [1, 1, 1], "3 people with a score are cases and 0 are not"),
        ([1, 2, 3], [1, 0, 0], "at least 2 of each"),
        ([1, 2, 3, 4], [1, 2, 0, 0], "1 for a case and 0 for none"),
        ([2, 2, 2, 2], [1, 1, 0, 0], "same score"),
        ([1, 2], [1, 0, 0], "one value a person"),
    ],
)
def test_what_tells_nobody_apart_is_refused(scores: list, criterion: list, reason: str) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        grouped(scores, criterion)


@pytest.mark.parametrize("prevalence", [0, 1, 1.5])
def test_a_prevalence_is_a_share(curve: RocCurve, prevalence: float) -> None:
    with pytest.raises(CannotEstimate, match="prevalence"):
        figures(curve, prevalence=prevalence)

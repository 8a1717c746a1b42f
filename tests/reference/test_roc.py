"""Areas, their intervals and comparison against pROC (values and calls in roc.json)."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.cutoffs import figures, youden_ties
from app.psychometrics.proportion import wilson
from app.psychometrics.roc import area, compare_areas, grouped, roc_curve
from tests.reference.stored import stored

REFERENCE = stored("roc")
SCORES = {one["name"]: one for one in REFERENCE["scores"]}
CRITERION = REFERENCE["criterion"]


@pytest.fixture(params=SCORES)
def score(request: pytest.FixtureRequest) -> dict[str, Any]:
    return SCORES[request.param]


def test_area_and_its_interval_are_those_of_proc(score: dict[str, Any]) -> None:
    groups = grouped(score["score"], CRITERION, worse_is_higher=score["worse_is_higher"])

    found = area(groups)

    assert found.value == pytest.approx(score["auc"], abs=1e-12)
    assert found.low == pytest.approx(score["low"], abs=1e-9)
    assert found.high == pytest.approx(score["high"], abs=1e-9)


def test_every_observed_score_is_a_cutoff_with_its_counts(score: dict[str, Any]) -> None:
    curve = roc_curve(grouped(score["score"], CRITERION, worse_is_higher=score["worse_is_higher"]))

    assert curve.cutoffs.tolist() == score["cutoffs"]
    assert curve.true_positives.tolist() == score["tp"]
    assert curve.false_positives.tolist() == score["fp"]


def test_youden_finds_what_proc_finds(score: dict[str, Any]) -> None:
    curve = roc_curve(grouped(score["score"], CRITERION, worse_is_higher=score["worse_is_higher"]))
    [best] = youden_ties(curve)

    at = figures(curve, prevalence=np.mean(CRITERION))[best]

    assert at.sensitivity.value == pytest.approx(score["youden"]["sensitivity"], abs=1e-12)
    assert at.specificity.value == pytest.approx(score["youden"]["specificity"], abs=1e-12)
    assert at.ppv == pytest.approx(score["youden"]["ppv"], abs=1e-12)
    assert at.npv == pytest.approx(score["youden"]["npv"], abs=1e-12)


@pytest.mark.parametrize("pair", REFERENCE["pairs"])
def test_two_areas_compare_as_in_proc(pair: str) -> None:
    one, other = (SCORES[name]["score"] for name in pair.split("_"))
    expected = REFERENCE["pairs"][pair]

    found = compare_areas(one, other, CRITERION)

    assert (found.first, found.second) == pytest.approx((expected["first"], expected["second"]))
    assert found.z == pytest.approx(expected["z"], abs=1e-9)
    assert found.p == pytest.approx(expected["p"], abs=1e-9)
    assert found.difference.low == pytest.approx(expected["low"], abs=1e-9)
    assert found.difference.high == pytest.approx(expected["high"], abs=1e-9)


@pytest.mark.parametrize("case", REFERENCE["wilson"])
def test_wilson_is_prop_test_without_correction(case: dict[str, float]) -> None:
    found = wilson(int(case["count"]), int(case["size"]))

    assert (found.low, found.high) == pytest.approx((case["low"], case["high"]), abs=1e-9)

"""The same definitions on awkward data, against R (values and calls in other_data.json)."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.agreement import intraclass_correlations, mean_squares
from app.psychometrics.cutoffs import youden_ties
from app.psychometrics.dif.mantel import mantel_haenszel
from app.psychometrics.dif.matching import matched, strata
from app.psychometrics.factor.confirmatory import confirmatory
from app.psychometrics.factor.correlations import correlations
from app.psychometrics.factor.exploratory import exploratory
from app.psychometrics.norms import norms
from app.psychometrics.reliability import reliability
from app.psychometrics.roc import area, compare_areas, grouped, roc_curve
from tests.reference.stored import stored

REFERENCE = stored("other_data")
CLOSED_FORM = 1e-9
#: Both sides search numerically; psych's own search stops at about 1e-5.
SEARCHED = 5e-5


def array(values: Any) -> np.ndarray:
    return np.array(values, dtype=float)


@pytest.mark.parametrize("case", REFERENCE["reliability"], ids=lambda case: case["name"])
def test_alpha_with_unreversed_items_two_answers_or_nine_people(case: dict[str, Any]) -> None:
    answers = array(case["data"])
    found = reliability(answers)

    assert found.complete == case["complete"]
    told = (found.alpha.value, found.alpha.low, found.alpha.high, found.alpha_standardised)
    expected = [case[name] for name in ("alpha", "low", "high", "standardised")]
    assert told == pytest.approx(expected, abs=CLOSED_FORM)
    for name in ("item_rest_r", "alpha_if_dropped"):
        figures = [getattr(item, name) for item in found.items]
        assert figures == pytest.approx(case[name], abs=CLOSED_FORM)
    sums = answers[~np.isnan(answers).any(axis=1)].sum(axis=1)
    assert norms(sums).skewness == pytest.approx(case["skewness"], abs=CLOSED_FORM)


@pytest.mark.parametrize("case", REFERENCE["agreement"], ids=lambda case: case["name"])
def test_agreement_below_nothing_and_of_four_people(case: dict[str, Any]) -> None:
    found = intraclass_correlations(mean_squares(array(case["data"])))
    forms = (found.icc1, found.icc2, found.icc3, found.icc1k, found.icc2k, found.icc3k)

    for form, value, low, high in zip(forms, case["icc"], case["low"], case["high"], strict=True):
        assert (form.value, form.low, form.high) == pytest.approx(
            (value, low, high), abs=CLOSED_FORM
        )


@pytest.mark.parametrize("case", REFERENCE["roc"]["curves"], ids=lambda case: case["name"])
def test_areas_with_ties_are_those_of_proc(case: dict[str, Any]) -> None:
    data = REFERENCE["roc"]
    groups = grouped(array(data["scores"][case["score"]]), array(data["criterion"]))
    found, curve = area(groups), roc_curve(groups)

    assert (found.value, found.low, found.high) == pytest.approx(
        (case["area"], case["low"], case["high"]), abs=CLOSED_FORM
    )
    (best,) = youden_ties(curve)
    assert curve.sensitivity[best] == pytest.approx(case["sensitivity"], abs=CLOSED_FORM)
    assert curve.specificity[best] == pytest.approx(case["specificity"], abs=CLOSED_FORM)


def test_two_areas_are_compared_as_proc_compares_them() -> None:
    data = REFERENCE["roc"]
    scores = {name: array(values) for name, values in data["scores"].items()}
    found = compare_areas(scores["glu"], scores["bmi"], array(data["criterion"]))

    assert (found.z, found.p) == pytest.approx(
        (data["pair"]["z"], data["pair"]["p"]), abs=CLOSED_FORM
    )


def test_three_correlated_factors_fit_as_in_lavaan() -> None:
    """The example that lavaan's own tutorial prints: chi-square 85.306 on 24 degrees."""
    data = REFERENCE["factor"]
    names = [f"x{n}" for n in range(1, 10)]
    given = correlations(array(data["data"]), names=names)
    found = confirmatory(given, {"v": names[:3], "t": names[3:6], "s": names[6:]})

    fit, expected = found.fit, data["fit"]
    assert (fit.chi2, fit.df) == pytest.approx((expected["chisq"], expected["df"]), abs=SEARCHED)
    assert fit.rmsea is not None
    told = (fit.cfi, fit.tli, fit.rmsea.value, fit.rmsea.low, fit.rmsea.high, fit.srmr)
    names = ["cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr"]
    assert told == pytest.approx([expected[name] for name in names], abs=1e-6)
    assert found.standardised == pytest.approx(array(data["loadings"]), abs=SEARCHED)
    among = found.factor_correlations[np.triu_indices(3, 1)]
    assert among == pytest.approx(array(data["correlations"]), abs=SEARCHED)


@pytest.mark.parametrize("rotation", ["varimax", "oblimin"])
def test_three_factors_are_extracted_and_turned_as_in_psych(rotation: Any) -> None:
    given = correlations(array(REFERENCE["factor"]["data"]))
    found = exploratory(given.matrix, 3, rotation=rotation).loadings
    expected = array(REFERENCE["factor"][rotation])

    alike = np.abs(found.T @ expected)
    order = alike.argmax(axis=1)
    assert sorted(order.tolist()) == [0, 1, 2]
    assert np.abs(found) == pytest.approx(np.abs(expected[:, order]), abs=SEARCHED)


def test_mantel_haenszel_over_unequal_groups_is_that_of_r() -> None:
    data = REFERENCE["dif"]
    people = matched(array(data["data"]), array(data["gender"]) == 2)

    for item, expected in enumerate(data["items"]):
        found = mantel_haenszel(list(strata(people, item, range(5))))
        assert (found.alpha, found.chi2, found.p) == pytest.approx(
            (expected["odds_ratio"], expected["chi2"], expected["p"]), abs=CLOSED_FORM
        )

"""Graded response and 2PL against ltm as published, mirt for Python and a second writing in R."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.irt.fitting import GradedFit, fit_graded
from app.psychometrics.irt.scoring import eap, maximum_posterior
from tests.reference.stored import stored

REFERENCE = stored("irt")
CASES = {case["name"]: case for case in REFERENCE["cases"]}

#: Both sides integrate and search numerically; 81 Gauss-Hermite points are the coarser side.
LIKELIHOOD, PARAMETERS, SCORES = 5e-5, 1e-4, 5e-5
#: Where the steps of its EM are as small as that, mirt for Python stops.
MIRT = 5e-4


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return CASES[request.param]


@pytest.fixture(scope="module")
def found(case: dict[str, Any]) -> GradedFit:
    return fit_graded(np.array(case["data"], dtype=float))


def test_parameters_and_errors_are_those_of_another_maximisation(
    case: dict[str, Any], found: GradedFit
) -> None:
    assert found.log_likelihood == pytest.approx(case["log_likelihood"], abs=LIKELIHOOD)
    for item, error, expected, spread in zip(
        found.model.items,
        found.errors,
        case["items"].values(),
        case["errors"].values(),
        strict=True,
    ):
        assert item.slope == pytest.approx(expected["a"], abs=PARAMETERS)
        assert error.slope == pytest.approx(spread["a"], abs=PARAMETERS)
        assert item.thresholds == pytest.approx(np.atleast_1d(expected["b"]), abs=PARAMETERS)
        assert error.thresholds == pytest.approx(np.atleast_1d(spread["b"]), abs=PARAMETERS)


def test_eap_is_that_of_another_integration(case: dict[str, Any], found: GradedFit) -> None:
    scores = eap(found.model, np.array(case["eap"]["answers"], dtype=float))

    assert scores.theta == pytest.approx(case["eap"]["theta"], abs=SCORES)
    assert scores.error == pytest.approx(case["eap"]["error"], abs=SCORES)


def test_lsat_is_as_ltm_printed_it() -> None:
    ltm = REFERENCE["published_ltm"]

    found = fit_graded(CASES["lsat6"]["data"])

    items, errors = found.model.items, found.errors
    assert found.model.is_2pl
    assert found.log_likelihood == pytest.approx(ltm["log_likelihood"], abs=0.001)
    # ltm stopped a little before the top: 0.0025 is its distance, not ours
    assert [i.slope for i in items] == pytest.approx(ltm["discrimination"], abs=0.0025)
    assert [i.thresholds[0] for i in items] == pytest.approx(ltm["difficulty"], abs=0.0025)
    assert [e.slope for e in errors] == pytest.approx(ltm["discrimination_error"], abs=0.0025)
    assert [e.thresholds[0] for e in errors] == pytest.approx(ltm["difficulty_error"], abs=0.0025)
    scores = maximum_posterior(found.model, ltm["map"]["answers"])
    assert scores.theta == pytest.approx(ltm["map"]["theta"], abs=0.001)
    assert scores.error == pytest.approx(ltm["map"]["error"], abs=0.001)


@pytest.mark.parametrize("case", stored("irt_mirt")["cases"], ids=lambda case: case["name"])
def test_graded_models_are_those_of_the_python_package_mirt(case: dict[str, Any]) -> None:
    """Written by others, with other points, another search and other standard errors (Oakes)."""
    answers = np.array(case["data"], dtype=float)
    found = fit_graded(answers)
    items, errors = found.model.items, found.errors

    assert found.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-4)
    assert [one.slope for one in items] == pytest.approx(case["discrimination"], abs=MIRT)
    assert [one.slope for one in errors] == pytest.approx(case["discrimination_error"], abs=MIRT)
    for one, thresholds in zip(items, case["thresholds"], strict=True):
        assert one.thresholds == pytest.approx(thresholds, abs=MIRT)
    for one, spread in zip(errors, case["thresholds_error"], strict=True):
        assert one.thresholds == pytest.approx(spread, abs=MIRT)
    for place, method in ((eap, "eap"), (maximum_posterior, "map")):
        scores = place(found.model, answers[: len(case[method]["theta"])])
        assert scores.theta == pytest.approx(case[method]["theta"], abs=MIRT)
        assert scores.error == pytest.approx(case[method]["error"], abs=MIRT)

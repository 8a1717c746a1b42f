"""Intraclass correlations and change against psych::ICC and published examples."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.agreement import intraclass_correlations, mean_squares
from app.psychometrics.retest import reliable_change, retest
from tests.reference.stored import stored

REFERENCE = stored("agreement")
CASES = {case["name"]: case for case in REFERENCE["cases"]}
#: In the order in which psych lists them.
FORMS = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return CASES[request.param]


def test_mean_squares_are_those_of_aov(case: dict[str, Any]) -> None:
    squares = mean_squares(case["data"])

    for name in ("between", "occasions", "error"):
        assert getattr(squares, name) == pytest.approx(case[name], abs=1e-9), name


def test_all_six_forms_and_intervals_are_those_of_psych(case: dict[str, Any]) -> None:
    found = intraclass_correlations(mean_squares(case["data"]))

    estimates = [getattr(found, form) for form in FORMS]
    assert [one.value for one in estimates] == pytest.approx(case["icc"], abs=1e-9)
    assert [one.low for one in estimates] == pytest.approx(case["low"], abs=1e-9)
    assert [one.high for one in estimates] == pytest.approx(case["high"], abs=1e-9)


def test_the_published_table_of_shrout_and_fleiss_comes_out() -> None:
    found = intraclass_correlations(mean_squares(CASES["shrout_fleiss"]["data"]))

    values = [round(getattr(found, form).value, 2) for form in FORMS]
    assert values == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


@pytest.mark.parametrize("name", ["sleep", "retest"])
def test_change_of_two_times_follows_the_definitions(name: str) -> None:
    pair, data = CASES[name]["pair"], np.array(CASES[name]["data"])

    found = retest(data[:, 0], data[:, 1])

    assert found.mean_change.value == pytest.approx(pair["mean_change"], abs=1e-9)
    assert found.mean_change.low == pytest.approx(pair["low"], abs=1e-9)
    assert found.mean_change.high == pytest.approx(pair["high"], abs=1e-9)
    assert found.sd_change == pytest.approx(pair["sd_change"], abs=1e-9)
    assert found.r == pytest.approx(pair["r"], abs=1e-9)
    assert found.error.sem_consistency == pytest.approx(pair["sem_consistency"], abs=1e-9)
    assert found.change is not None
    assert found.change.index.tolist() == pytest.approx(pair["index"], abs=1e-9)


def test_the_published_example_of_jacobson_and_truax_comes_out() -> None:
    """Page 14: before 32.5, after 47.5, deviation 7.5, reliability .80 give 3.16."""
    found = reliable_change([32.5], [47.5], sd=7.5, reliability=0.80)

    assert round(found.sem, 2) == 3.35
    assert round(found.sd_difference, 2) == 4.74
    assert round(float(found.index[0]), 2) == 3.16
    assert found.reliable.tolist() == [1]

"""Reliability against psych and lavaan (values and calls in reliability.json)."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.reliability import reliability
from tests.reference.stored import stored

REFERENCE = stored("reliability")
CASES = {case["name"]: case for case in REFERENCE["cases"]}

#: psych stops its search for the minimum residuals early; lavaan's estimates are good to 1e-6.
MINRES, ML = 1e-6, 1e-5


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return CASES[request.param]


def test_alpha_and_its_interval_are_those_of_psych(case: dict[str, Any]) -> None:
    found = reliability(np.array(case["data"], dtype=float))

    assert found.complete == case["complete"]
    assert found.alpha.value == pytest.approx(case["alpha"], abs=1e-9)
    assert found.alpha.low == pytest.approx(case["alpha_low"], abs=1e-9)
    assert found.alpha.high == pytest.approx(case["alpha_high"], abs=1e-9)
    assert found.alpha_standardised == pytest.approx(case["alpha_standardised"], abs=1e-9)
    assert found.mean_inter_item_r == pytest.approx(case["mean_inter_item_r"], abs=1e-9)
    assert found.sem == pytest.approx(case["sem"], abs=1e-9)


def test_item_statistics_are_those_of_psych(case: dict[str, Any]) -> None:
    items = reliability(np.array(case["data"], dtype=float)).items

    assert [i.item_rest_r for i in items] == pytest.approx(case["item_rest_r"], abs=1e-9)
    assert [i.alpha_if_dropped for i in items] == pytest.approx(case["alpha_if_dropped"], abs=1e-9)
    assert [i.mean for i in items] == pytest.approx(case["mean"], abs=1e-9)
    assert [i.sd for i in items] == pytest.approx(case["sd"], abs=1e-9)


def test_split_half_follows_the_definitions(case: dict[str, Any]) -> None:
    halves = reliability(np.array(case["data"], dtype=float)).split_half

    assert halves is not None
    for name, value in case["split_half"].items():
        assert getattr(halves, name) == pytest.approx(value, abs=1e-9), name


def test_omega_is_that_of_psych_and_of_lavaan(case: dict[str, Any]) -> None:
    found = reliability(np.array(case["data"], dtype=float))

    assert found.omega_total_standardised == pytest.approx(case["omega_minres"], abs=MINRES)
    assert found.omega_total == pytest.approx(case["omega_ml"], abs=ML)


def test_kr20_is_alpha_of_right_and_wrong_answers_only() -> None:
    answers = {name: np.array(case["data"], dtype=float) for name, case in CASES.items()}

    rasch = reliability(answers["rasch"])
    attitude = reliability(answers["attitude"])

    right, k = answers["rasch"].mean(axis=0), answers["rasch"].shape[1]
    spread = (right * (1 - right)).sum() / answers["rasch"].sum(axis=1).var()
    assert rasch.kr20 == pytest.approx(k / (k - 1) * (1 - spread), abs=1e-12)
    assert attitude.kr20 is None

"""Factors against psych, GPArotation, stats and lavaan (values and calls in factor.json)."""

from typing import Any

import numpy as np
import pytest

from app.psychometrics.factor.confirmatory import confirmatory
from app.psychometrics.factor.correlations import Correlations, correlations
from app.psychometrics.factor.exploratory import exploratory
from app.psychometrics.factor.parallel import parallel_analysis
from tests.reference.stored import stored

REFERENCE = stored("factor")
ORDER = {"agree": "A", "conscience": "C", "worry": "N"}

#: psych stops its search early (loadings to 1e-4), lavaan a little later (1e-6, χ² 1e-4).
LOADINGS, TURNED, ML, CHI2 = 2e-4, 5e-4, 2e-5, 1e-4


@pytest.fixture(scope="module")
def given() -> Correlations:
    return correlations(np.array(REFERENCE["data"], dtype=float), names=REFERENCE["names"])


@pytest.mark.parametrize("case", REFERENCE["efa"], ids=lambda c: f"{c['factors']} {c['rotation']}")
def test_loadings_are_those_of_psych(given: Correlations, case: dict[str, Any]) -> None:
    turned = None if case["rotation"] == "none" else case["rotation"]
    expected = np.array(case["loadings"]).reshape(len(given.names), -1)
    phi = np.array(case["phi"]).reshape(case["factors"], -1)

    found = exploratory(given.matrix, case["factors"], rotation=turned)

    order = [int(np.abs(found.loadings.T @ one).argmax()) for one in expected.T]
    signs = np.sign((found.loadings[:, order] * expected).sum(axis=0))
    tolerance = TURNED if turned else LOADINGS
    assert found.loadings[:, order] * signs == pytest.approx(expected, abs=tolerance)
    own = found.factor_correlations[np.ix_(order, order)] * np.outer(signs, signs)
    assert own == pytest.approx(phi, abs=tolerance)
    assert found.communalities == pytest.approx(case["communality"], abs=LOADINGS)
    assert found.rms_residual == pytest.approx(case["rms"], abs=1e-6)


@pytest.mark.parametrize("case", REFERENCE["cfa"], ids=lambda c: c["name"])
def test_fit_is_that_of_lavaan(given: Correlations, case: dict[str, Any]) -> None:
    structure: dict[str, list[str]] = {}
    for item, factor in zip(case["item"], case["factor"], strict=True):
        structure.setdefault(factor, []).append(item)

    found = confirmatory(given, structure)

    fit, expected = found.fit, case["fit"]
    assert (fit.df, fit.baseline_df, fit.parameters) == (
        expected["df"],
        expected["baseline.df"],
        expected["npar"],
    )
    assert fit.chi2 == pytest.approx(expected["chisq"], abs=CHI2)
    assert fit.baseline_chi2 == pytest.approx(expected["baseline.chisq"], abs=1e-8)
    assert fit.p == pytest.approx(expected["pvalue"], abs=1e-9)
    assert (fit.cfi, fit.tli) == pytest.approx((expected["cfi"], expected["tli"]), abs=1e-6)
    assert fit.srmr == pytest.approx(expected["srmr"], abs=1e-6)
    assert fit.rmsea is not None
    assert fit.rmsea.value == pytest.approx(expected["rmsea"], abs=1e-6)
    assert fit.rmsea.low == pytest.approx(expected["rmsea.ci.lower"], abs=1e-5)
    assert fit.rmsea.high == pytest.approx(expected["rmsea.ci.upper"], abs=1e-5)
    assert fit.log_likelihood == pytest.approx(expected["logl"], abs=CHI2)
    assert (fit.aic, fit.bic) == pytest.approx((expected["aic"], expected["bic"]), abs=CHI2)
    at = [given.names.index(item) for item in case["item"]]
    turn = np.sign(np.sum(case["loading"]))  # lavaan lets the first item decide
    assert found.loadings[at] == pytest.approx(turn * np.array(case["loading"]), abs=ML)
    assert found.errors[at] == pytest.approx(case["se"], abs=ML)
    assert found.standardised[at] == pytest.approx(turn * np.array(case["std"]), abs=ML)
    pairs = found.factor_correlations[np.triu_indices(len(structure), 1)]
    assert pairs == pytest.approx(np.array(case["correlations"]), abs=ML)


def test_parallel_analysis_counts_as_psych_does(given: Correlations) -> None:
    expected = REFERENCE["parallel"]

    found = parallel_analysis(given, seed=1, resamples=100)

    assert found.components.observed == pytest.approx(expected["pc_values"], abs=1e-9)
    assert found.components.noise_mean == pytest.approx(expected["pc_sim"], abs=0.03)
    assert found.factors.observed == pytest.approx(expected["fa_values"], abs=1e-4)
    assert found.factors.noise_mean == pytest.approx(expected["fa_sim"], abs=0.06)
    assert found.components.by_percentile == expected["ncomp"]
    assert found.factors.by_percentile == expected["nfact"]

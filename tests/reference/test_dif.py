"""DIF against mantelhaen.test, coin, glm and polr of R (values and calls in dif.json)."""

import numpy as np
import pytest

from app.psychometrics.dif.logistic import LikelihoodTest, logistic_dif
from app.psychometrics.dif.mantel import Mantel, MantelHaenszel, mantel_dif
from app.psychometrics.dif.matching import Matched, matched
from app.psychometrics.multiple import benjamini_hochberg
from tests.reference.stored import stored

REFERENCE = stored("dif")
ITEMS = range(8)

#: polr and glm stop their search early; odds ratios are good to 1e-4, likelihoods to 1e-7.
SEARCHED, ODDS = 1e-6, 1e-4


@pytest.fixture(scope="module", params=["binary", "ordered"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def people(kind: str) -> Matched:
    return matched(np.array(REFERENCE[kind], dtype=float), REFERENCE["focal"])


def test_mantel_haenszel_is_that_of_r() -> None:
    found = mantel_dif(matched(REFERENCE["binary"], REFERENCE["focal"])).items

    for item, expected in zip(found, REFERENCE["mantel_haenszel"], strict=True):
        assert isinstance(item, MantelHaenszel)
        assert item.alpha == pytest.approx(expected["alpha"], abs=1e-9)
        assert item.se_log_alpha == pytest.approx(expected["se"], abs=1e-9)
        assert item.chi2 == pytest.approx(expected["chi2"], abs=1e-9)
        assert item.chi2_plain == pytest.approx(expected["chi2_plain"], abs=1e-9)
        assert item.p == pytest.approx(expected["p"], abs=1e-9)
        assert item.d_dif.value == pytest.approx(-2.35 * np.log(expected["alpha"]), abs=1e-9)


def test_mantel_is_that_of_coin() -> None:
    found = mantel_dif(matched(REFERENCE["ordered"], REFERENCE["focal"])).items

    for item, expected in zip(found, REFERENCE["mantel"], strict=True):
        assert isinstance(item, Mantel)
        assert item.chi2 == pytest.approx(expected["chi2"], abs=1e-9)
        assert item.p == pytest.approx(expected["p"], abs=1e-9)
        assert item.smd.value == pytest.approx(expected["smd"], abs=1e-9)
        assert item.effect == pytest.approx(expected["effect"], abs=1e-9)


@pytest.mark.parametrize("item", ITEMS)
def test_regression_is_that_of_glm_and_polr(kind: str, people: Matched, item: int) -> None:
    expected = REFERENCE["logistic" if kind == "binary" else "ordinal"][item]

    found = logistic_dif(people, item, ITEMS)

    assert found.odds_ratio == pytest.approx(expected["odds_ratio"], rel=ODDS)
    for name in ("uniform", "non_uniform", "total"):
        test: LikelihoodTest = getattr(found, name)
        for figure in ("chi2", "nagelkerke", "mcfadden", "p"):
            assert getattr(test, figure) == pytest.approx(expected[name][figure], abs=SEARCHED)


def test_adjusted_p_values_are_those_of_p_adjust() -> None:
    known = REFERENCE["bh"]

    found = benjamini_hochberg(np.array(known["p"], dtype=float))

    assert found == pytest.approx(np.array(known["adjusted"], dtype=float), nan_ok=True)

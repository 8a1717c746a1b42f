"""Counting, extracting, turning and fitting factors: what is found and what is refused."""

import numpy as np
import pytest

from app.psychometrics.factor.confirmatory import confirmatory
from app.psychometrics.factor.correlations import Correlations, correlations
from app.psychometrics.factor.exploratory import exploratory
from app.psychometrics.factor.parallel import parallel_analysis
from app.psychometrics.factor.rotation import oblimin
from app.psychometrics.refusal import CannotEstimate

PATTERN = np.kron(np.eye(2), np.full((5, 1), 0.7))
NAMES = tuple(f"q{n}" for n in range(1, 11))
TWO = {"low": NAMES[:5], "tense": NAMES[5:]}


def answers(people: int = 800, together: float = 0.4, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(people, 2)) @ np.linalg.cholesky([[1, together], [together, 1]]).T
    return factors @ PATTERN.T + np.sqrt(0.51) * rng.normal(size=(people, 10))


@pytest.fixture(scope="module")
def given() -> Correlations:
    return correlations(answers(), names=NAMES)


def exact(phi: float) -> np.ndarray:
    matrix = PATTERN @ np.array([[1, phi], [phi, 1]]) @ PATTERN.T
    np.fill_diagonal(matrix, 1.0)
    return matrix


def test_parallel_analysis_counts_the_factors_and_is_seeded(given: Correlations) -> None:
    found = parallel_analysis(given, seed=4, resamples=50)
    again = parallel_analysis(given, seed=4, resamples=50)

    assert (found.components.by_mean, found.components.by_percentile) == (2, 2)
    assert found.factors.by_percentile == 2
    assert np.array_equal(found.components.noise_mean, again.components.noise_mean)
    assert (found.components.noise_percentile > found.components.noise_mean).all()


@pytest.mark.parametrize("rotation", ["oblimin", "promax"])
def test_turning_recovers_a_simple_structure_and_its_correlation(rotation) -> None:
    found = exploratory(exact(0.4), 2, rotation=rotation)

    own = np.sort(np.abs(found.loadings), axis=1)
    assert own == pytest.approx(np.tile([0.0, 0.7], (10, 1)), abs=0.03)
    assert found.factor_correlations[0, 1] == pytest.approx(0.4, abs=0.04)
    assert found.communalities == pytest.approx(np.full(10, 0.49), abs=1e-6)
    assert found.rms_residual == pytest.approx(0, abs=1e-7)
    assert (found.loadings.sum(axis=0) > 0).all()


def test_varimax_keeps_factors_apart_and_what_is_common() -> None:
    plain = exploratory(exact(0.4), 2, rotation=None)
    turned = exploratory(exact(0.4), 2, rotation="varimax")

    assert np.array_equal(turned.factor_correlations, np.eye(2))
    assert turned.loadings @ turned.loadings.T == pytest.approx(
        plain.loadings @ plain.loadings.T, abs=1e-9
    )
    assert turned.shares.sum() == pytest.approx(plain.shares.sum())


def test_structure_correlations_are_loadings_times_factor_correlations() -> None:
    found = exploratory(exact(0.3), 2)

    assert found.structure == pytest.approx(found.loadings @ found.factor_correlations)
    assert found.shares.sum() == pytest.approx(0.49, abs=1e-6)


def test_an_item_without_variance_of_its_own_is_told() -> None:
    loadings = np.array([1.2, 0.6, 0.5, 0.4])
    matrix = np.outer(loadings, loadings)
    np.fill_diagonal(matrix, 1.0)

    assert exploratory(matrix, 1).is_heywood
    assert not exploratory(exact(0.3), 2).is_heywood


def test_the_true_structure_fits_and_one_factor_does_not(given: Correlations) -> None:
    two = confirmatory(given, TWO)
    one = confirmatory(given, {"all": NAMES})

    assert two.fit.cfi is not None
    assert two.fit.cfi > 0.98
    assert two.fit.srmr < 0.03
    assert one.fit.cfi is not None
    assert one.fit.cfi < 0.8
    assert one.fit.bic > two.fit.bic
    assert two.factor_correlations[0, 1] == pytest.approx(0.4, abs=0.1)
    assert two.standardised == pytest.approx(np.full(10, 0.7), abs=0.1)


def test_exact_correlations_fit_exactly() -> None:
    given = Correlations(exact(0.4), np.full(10, 2.0), NAMES, 500, 0)

    found = confirmatory(given, TWO)

    assert found.fit.chi2 == pytest.approx(0, abs=1e-8)
    assert (found.fit.cfi, found.fit.p) == (1, pytest.approx(1))
    assert found.fit.rmsea is not None
    assert (found.fit.rmsea.value, found.fit.rmsea.low, found.fit.rmsea.high) == (0, 0, 0)
    assert found.loadings == pytest.approx(np.full(10, 1.4 * np.sqrt(499 / 500)), abs=1e-6)


def test_three_items_fit_anything_and_are_told_so() -> None:
    given = correlations(answers()[:, :3], names=NAMES[:3])

    found = confirmatory(given, {"all": NAMES[:3]})

    assert (found.fit.df, found.fit.cfi, found.fit.rmsea, found.fit.p) == (0, None, None, None)
    assert "fits anything" in found.warnings[0]


def test_one_trait_called_two_is_told(given: Correlations) -> None:
    mixed = {"odd": NAMES[0:5:2] + NAMES[5::2], "even": NAMES[1:5:2] + NAMES[6::2]}

    found = confirmatory(given, mixed)

    assert any("do not tell them apart" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("structure", "reason"),
    [
        ({"low": NAMES[:5]}, "every item exactly once"),
        ({"low": NAMES, "tense": NAMES[5:]}, "every item exactly once"),
        ({"low": NAMES[:9], "tense": NAMES[9:]}, "tense needs at least 2"),
    ],
)
def test_a_structure_that_determines_nothing_is_refused(
    given: Correlations, structure: dict, reason: str
) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        confirmatory(given, structure)


def test_answers_without_correlations_are_refused() -> None:
    matrix = answers(120)
    same, double, holes = matrix.copy(), matrix.copy(), matrix.copy()
    same[:, 3] = 1.0
    double[:, 3] = double[:, 2] + double[:, 1]
    holes[:80, 0] = np.nan

    for bad, reason in [
        (matrix[:40], "Only 40 of 40"),
        (holes, "Only 40 of 120 people answered everything; at least 50"),
        (same, "same answer to q4"),
        (double, "follows exactly"),
        (matrix[:, :2], "at least 3 items"),
    ]:
        with pytest.raises(CannotEstimate, match=reason):
            correlations(bad, names=NAMES[: bad.shape[1]])
    with pytest.raises(CannotEstimate, match="4 items do not determine 2 factors"):
        exploratory(np.eye(4), 2)


def test_people_with_a_missing_answer_are_left_out() -> None:
    matrix = answers(120)
    matrix[:3, 1] = np.nan

    found = correlations(matrix)

    assert (found.people, found.left_out) == (117, 3)
    assert found.matrix == pytest.approx(np.corrcoef(matrix[3:], rowvar=False))


def test_an_oblique_turn_takes_the_lower_of_two_minima() -> None:
    """Varimax leads to .05325, the unrotated position, from which `GPArotation` starts, lower."""
    strong, weak = [0.7, 0.9, 0.9, 0.7, 0.6, 0.8], [0.3, 0.0, 0.0, 0.1, -0.2, 0.3]

    found = oblimin(np.column_stack([strong, weak]))

    assert (found.loadings**2).prod(axis=1).sum() / 2 == pytest.approx(0.0475826, abs=1e-6)
    assert found.factor_correlations[0, 1] == pytest.approx(0.008, abs=0.001)

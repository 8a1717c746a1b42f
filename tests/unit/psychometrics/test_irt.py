"""Items and people on one trait: recovery, missing answers, exactness, refusals."""

import numpy as np
import pytest

from app.psychometrics.cumulative_logit import log_probabilities
from app.psychometrics.irt.curvature import derivatives, observed_information
from app.psychometrics.irt.expectation import Patterns, expect
from app.psychometrics.irt.fitting import fit_graded
from app.psychometrics.irt.model import GRID, LOG_PRIOR, GradedItem, GradedModel, indicators
from app.psychometrics.irt.scoring import eap, maximum_posterior
from app.psychometrics.refusal import CannotEstimate

MODEL = GradedModel(
    (
        GradedItem("a", (0, 1, 2, 3), 1.8, (1.2, -0.5, -2.4)),
        GradedItem("b", (0, 1, 2, 3), 1.1, (0.9, -0.2, -1.6)),
        GradedItem("c", (0, 1), 1.4, (-0.7,)),
        GradedItem("d", (0, 1, 2), 0.9, (0.4, -1.0)),
        GradedItem("e", (0, 1, 2), 2.2, (1.0, -1.5)),
    )
)


def answers_of(model: GradedModel, theta: np.ndarray, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    drawn = random.random((len(theta), len(model.items)))
    above = [1 / (1 + np.exp(-item.predictors(theta))) for item in model.items]
    return np.column_stack(
        [(drawn[:, j, None] < a).sum(axis=1) for j, a in enumerate(above)]
    ).astype(float)


@pytest.fixture(scope="module")
def people() -> tuple[np.ndarray, np.ndarray]:
    theta = np.random.default_rng(3).normal(size=3000)
    answers = answers_of(MODEL, theta, 4)
    answers[np.random.default_rng(5).random(answers.shape) < 0.1] = np.nan
    return theta, answers


def test_parameters_are_recovered_within_their_errors(
    people: tuple[np.ndarray, np.ndarray],
) -> None:
    found = fit_graded(people[1], codes=MODEL.codes)

    for item, true, error in zip(found.model.items, MODEL.items, found.errors, strict=True):
        assert abs(item.slope - true.slope) < 3.5 * error.slope
        apart = np.abs(np.subtract(item.intercepts, true.intercepts))
        assert (apart < 3.5 * np.array(error.intercepts)).all()


def test_turned_items_turn_the_trait_back_up(people: tuple[np.ndarray, np.ndarray]) -> None:
    answers = people[1][:600].copy()
    answers[:, 1] = 3 - answers[:, 1]

    found = fit_graded(answers, codes=MODEL.codes)

    assert [item.slope > 0 for item in found.model.items] == [True, False, True, True, True]
    assert "Negative slope: b" in found.warnings[0]


def test_scores_follow_the_trait_and_know_their_error(
    people: tuple[np.ndarray, np.ndarray],
) -> None:
    theta, answers = people

    scores = eap(MODEL, answers)

    standardised = (theta - scores.theta) / scores.error
    assert standardised.mean() == pytest.approx(0, abs=0.05)
    assert standardised.std() == pytest.approx(1, abs=0.05)


def test_only_answered_items_count() -> None:
    short = GradedModel(MODEL.items[:2])

    whole = eap(MODEL, [[2, 1, np.nan, np.nan, np.nan]])
    part = eap(short, [[2, 1]])

    assert whole.theta == pytest.approx(part.theta)
    assert whole.error == pytest.approx(part.error)
    assert whole.answered.tolist() == [2]


@pytest.mark.parametrize("estimate", [eap, maximum_posterior])
def test_who_answered_nothing_has_no_score(estimate) -> None:
    scores = estimate(MODEL, [[np.nan] * 5, [3, 3, 1, 2, 2]])

    assert np.isnan(scores.theta[0])
    assert np.isnan(scores.error[0])
    assert scores.theta[1] > 1


def test_mode_is_where_the_posterior_is_highest() -> None:
    answers = np.array([[3.0, 0, 1, np.nan, 2]])
    fine = np.linspace(-4, 4, 80_001)
    marks = indicators(MODEL.coded(answers), [4, 4, 2, 3, 3])
    posterior = (marks @ MODEL.log_probabilities(fine))[0] - fine**2 / 2

    found = maximum_posterior(MODEL, answers)

    top = int(posterior.argmax())
    assert found.theta[0] == pytest.approx(fine[top], abs=1e-4)
    bend = -np.gradient(np.gradient(posterior, fine), fine)[top]
    assert found.error[0] == pytest.approx(1 / np.sqrt(bend), abs=1e-4)


def test_ninety_items_do_not_underflow() -> None:
    steep = GradedModel(
        tuple(GradedItem(str(n), (0, 1, 2, 3), 4.0, (8.0, 0.0, -8.0)) for n in range(90))
    )
    against = np.tile([0.0, 3.0], 45)  # each answer makes the other all but impossible

    scores = eap(steep, [against, np.zeros(90), np.full(90, 3.0)])

    assert np.isfinite(scores.theta).all()
    assert (scores.error > 0).all()
    assert scores.theta[0] == pytest.approx(0, abs=0.01)


def test_probabilities_too_small_for_a_float_keep_their_logarithm() -> None:
    logs = log_probabilities(np.array([[900.0, 899.0, -900.0]]))

    assert np.isfinite(logs).all()
    assert logs[0, 0] == pytest.approx(-900)
    assert logs[0, 3] == pytest.approx(-900)


def test_information_is_the_expected_square_of_the_slope() -> None:
    theta, step = np.array([-1.3, 0.0, 2.1]), 1e-5
    slope = (MODEL.log_probabilities(theta + step) - MODEL.log_probabilities(theta - step)) / (
        2 * step
    )
    by_answer = np.exp(MODEL.log_probabilities(theta)) * slope**2
    expected = np.add.reduceat(by_answer, [0, 4, 8, 10, 13], axis=0)

    assert MODEL.information(theta) == pytest.approx(expected, abs=1e-8)


def test_louis_identity_is_the_numerical_hessian(people: tuple[np.ndarray, np.ndarray]) -> None:
    codes = MODEL.coded(people[1][:200])
    patterns = Patterns(indicators(codes, [4, 4, 2, 3, 3]), np.ones(200))

    def at(vector: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        items, place = [], 0
        for item in MODEL.items:
            own = vector[place : place + len(item.values)]
            items.append(GradedItem(item.code, item.values, own[0], tuple(own[1:])))
            place += len(item.values)
        model = GradedModel(tuple(items))
        expected = expect(patterns, model.log_probabilities(GRID), LOG_PRIOR)
        rows = np.split(expected.answers, [4, 8, 10, 13])
        parts = [derivatives(item, own) for item, own in zip(model.items, rows, strict=True)]
        return expected.log_likelihood, *observed_information(parts, patterns, expected)

    vector = np.concatenate([[item.slope, *item.intercepts] for item in MODEL.items])
    _, gradient, information = at(vector)
    for p, step in enumerate(np.eye(len(vector)) * 1e-5):
        up, down = at(vector + step), at(vector - step)
        assert gradient[p] == pytest.approx((up[0] - down[0]) / 2e-5, abs=1e-4)
        assert information[p] == pytest.approx((down[1] - up[1]) / 2e-5, abs=1e-3)


def test_parameters_survive_a_file_and_thresholds_are_enough() -> None:
    told = MODEL.as_parameters()

    assert GradedModel.from_parameters(told) == MODEL
    by_threshold = [{k: v for k, v in one.items() if k != "intercepts"} for one in told]
    again = GradedModel.from_parameters(by_threshold)
    assert again.items[0].intercepts == pytest.approx(MODEL.items[0].intercepts)


def test_an_answer_never_seen_counts_as_the_next_lower_one() -> None:
    item = GradedItem("x", (1, 3), 1.0, (0.0,))

    assert GradedModel((item,)).coded([[0], [1], [2], [3], [4], [np.nan]]).tolist() == [
        [0], [0], [0], [1], [1], [-1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"slope": 0}, "slope is 0"),
        ({"intercepts": [1.0, 2.0, 3.0]}, "falling intercept"),
        ({"values": [0, 1]}, "one falling intercept fewer"),
        ({"slope": "steep"}, "needs item, values, slope"),
    ],
)
def test_parameters_that_make_no_item_are_refused(change: dict, reason: str) -> None:
    told = MODEL.as_parameters()
    told[0] |= change

    with pytest.raises(CannotEstimate, match=reason):
        GradedModel.from_parameters(told)


def test_items_without_a_common_trait_are_refused() -> None:
    random = np.random.default_rng(22)
    pairs = random.integers(0, 3, size=(120, 1)) + np.zeros((1, 2))
    alone = random.integers(0, 3, size=(120, 2))

    with pytest.raises(CannotEstimate, match="grows without end"):
        fit_graded(np.hstack([pairs, alone]))


def test_what_cannot_be_placed_is_refused(people: tuple[np.ndarray, np.ndarray]) -> None:
    answers = people[1]
    same = answers.copy()
    same[:, 2] = np.where(np.isnan(same[:, 2]), np.nan, 1.0)

    for bad, reason in [
        (answers[:40], "Only 40 people"),
        (answers[:, :2], "at least 3"),
        (same, "same answer to c"),
    ]:
        with pytest.raises(CannotEstimate, match=reason):
            fit_graded(bad, codes=MODEL.codes[: bad.shape[1]])
    with pytest.raises(CannotEstimate, match="5 items, the answers 2"):
        eap(MODEL, answers[:, :2])

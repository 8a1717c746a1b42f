"""The adaptive core: what it asks, what it never leaves out, when it stops."""

import numpy as np
import pytest

from app.psychometrics.cat.estimate import place
from app.psychometrics.cat.plan import Plan
from app.psychometrics.cat.select import next_item
from app.psychometrics.cat.simulate import simulate
from app.psychometrics.cat.stop import Reason, reason_to_stop
from app.psychometrics.irt.model import GradedItem, GradedModel
from app.psychometrics.irt.scoring import eap
from app.psychometrics.refusal import CannotEstimate

PLACES = np.linspace(-2, 2.5, 20)
BANK = GradedModel(
    tuple(
        GradedItem(f"i{n}", (0, 1, 2, 3), 1.9, tuple(-1.9 * (b + np.array([-0.6, 0.0, 0.7]))))
        for n, b in enumerate(PLACES)
    )
)
AREAS = {code: "mood" if n % 2 else "body" for n, code in enumerate(BANK.codes)}


def test_the_first_item_is_most_exact_at_the_start() -> None:
    at_zero, high = next_item(Plan(BANK), {}), next_item(Plan(BANK, start=2.0), {})

    information = BANK.information([0.0, 2.0])
    assert at_zero == BANK.codes[int(information[:, 0].argmax())]
    assert high == BANK.codes[int(information[:, 1].argmax())]


def test_the_estimate_is_the_eap_of_what_was_answered() -> None:
    row = np.full((1, 20), np.nan)
    row[0, [3, 11]] = 2, 0
    expected = eap(BANK, row)

    found = place(Plan(BANK), {"i3": 2, "i7": None, "i11": 0})

    assert found.theta == pytest.approx(expected.theta[0])
    assert found.error == pytest.approx(expected.error[0])


def test_high_answers_lead_to_items_further_up() -> None:
    plan = Plan(BANK)
    first = next_item(plan, {})

    up, down = next_item(plan, {first: 3}), next_item(plan, {first: 0})

    assert plan.places[str(up)] > plan.places[first] > plan.places[str(down)]


def test_asking_stops_when_exact_at_most_or_empty() -> None:
    plan = Plan(BANK, error=0.35, fewest=2, most=6)
    short = GradedModel(BANK.items[:2])
    middle = {f"i{n}": 1 for n in (7, 8, 9, 10, 11)}

    assert reason_to_stop(plan, {"i9": 1}) is None
    assert reason_to_stop(plan, middle) == Reason.EXACT
    assert reason_to_stop(plan, {f"i{n}": 0 for n in range(14, 20)}) == Reason.MOST
    assert next_item(Plan(short), {"i0": 1, "i1": None}) == Reason.EMPTY


def test_a_refused_item_is_not_asked_again_and_says_nothing() -> None:
    plan = Plan(BANK)
    first = next_item(plan, {})

    assert next_item(plan, {first: None}) not in {first}
    assert place(plan, {first: None}) == place(plan, {})


@pytest.mark.parametrize("theta", [-3.0, 0.0, 3.0])
def test_critical_items_are_asked_of_everybody_and_early(theta: float) -> None:
    plan = Plan(BANK, error=0.9, fewest=1, most=5, critical=("i19", "i0"), critical_from=2)

    found = simulate(plan, np.full(15, theta), seed=1)

    assert all({"i0", "i19"} <= set(codes) for codes in found.asked)
    assert all(codes[1:3] == ("i19", "i0") for codes in found.asked)
    assert (found.exposure["i0"], found.exposure["i19"]) == (1, 1)


def test_critical_items_keep_their_places_where_few_are_left() -> None:
    plan = Plan(BANK, fewest=1, most=2, critical=("i19", "i0"), critical_from=9)

    assert [*simulate(plan, [0.0], seed=1).asked[0]] == ["i19", "i0"]


def test_content_follows_its_shares() -> None:
    plan = Plan(BANK, error=0.01, most=12, areas=AREAS, shares={"mood": 2, "body": 1})

    found = simulate(plan, [-1.0, 0.5, 2.0], seed=2)

    for codes in found.asked:
        assert sum(AREAS[code] == "mood" for code in codes) == 8


def test_simulated_people_are_found_with_fewer_items_and_honest_errors() -> None:
    theta = np.random.default_rng(4).normal(size=60)
    plan = Plan(BANK, error=0.4, most=12)

    found = simulate(plan, theta, seed=5)
    again = simulate(plan, theta, seed=5)

    assert found.asked == again.asked
    assert found.mean_length < 9
    assert found.rmse < 0.5
    assert abs(found.bias) < 0.15
    assert 0.88 <= found.coverage <= 1
    assert sum(found.reasons.values()) == 60
    exact = [e for e, codes in zip(found.error, found.asked, strict=True) if len(codes) < 12]
    assert max(exact) <= 0.4


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"critical": ("x",)}, "no item x"),
        ({"critical": ("i1", "i2"), "most": 1, "fewest": 1}, "2 critical items"),
        ({"fewest": 5, "most": 4}, "no fewer at most"),
        ({"error": 0.0}, "above 0"),
        ({"areas": AREAS, "shares": {"mood": 1.0}}, "every area a share"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(rules: dict, reason: str) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        Plan(BANK, **rules)

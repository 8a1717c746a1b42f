"""Which DIF is found, which is not invented, and what is refused."""

import numpy as np
import pytest

from app.psychometrics.dif.logistic import logistic_dif
from app.psychometrics.dif.mantel import (
    Mantel,
    MantelHaenszel,
    Unjudged,
    is_flagged,
    mantel,
    mantel_dif,
    mantel_haenszel,
)
from app.psychometrics.dif.matching import Stratum, matched, strata
from app.psychometrics.ordinal_logit import fit_ordinal
from app.psychometrics.refusal import CannotEstimate

ITEMS = 8


def people(shift: float = 0.0, tilt: float = 0.0, cuts: int = 1, seed: int = 1):
    """1,200 people of two groups, the focal one lower; item 0 with uniform or other DIF."""
    rng = np.random.default_rng(seed)
    focal = np.repeat([0.0, 1.0], 600)
    trait = rng.normal(size=1200) - 0.5 * focal
    slopes = np.full((1200, ITEMS), 1.5)
    places = np.linspace(-1, 1, ITEMS) + np.zeros((1200, 1))
    slopes[:, 0] += tilt * focal
    places[:, 0] = 0.0 + shift * focal
    noise = rng.logistic(size=(1200, ITEMS))
    latent = slopes * (trait[:, None] - places) + noise
    answers = sum((latent > cut).astype(float) for cut in np.linspace(0, 2, cuts))
    return matched(answers, focal)


def test_a_difference_in_the_trait_is_no_dif() -> None:
    found = mantel_dif(people()).items

    assert not any(is_flagged(item) for item in found)


def test_uniform_dif_is_found_by_every_method() -> None:
    sample = people(shift=1.2)

    first = mantel_dif(sample).items[0]
    regression = logistic_dif(sample, 0, range(ITEMS))

    assert isinstance(first, MantelHaenszel)
    assert first.ets_class == "C"
    assert first.alpha > 2
    assert first.d_dif.value < -1.5
    assert regression.odds_ratio < 0.5
    assert regression.uniform.p < 0.001 < regression.non_uniform.p
    assert regression.jodoin_gierl != "negligible"


def test_non_uniform_dif_is_found_by_regression() -> None:
    found = logistic_dif(people(tilt=-1.3), 0, range(ITEMS))

    assert found.non_uniform.p < 0.001
    assert found.total.nagelkerke == pytest.approx(
        found.uniform.nagelkerke + found.non_uniform.nagelkerke
    )


def test_ordered_answers_are_judged_by_their_mean_difference() -> None:
    found = mantel_dif(people(shift=1.2, cuts=3)).items

    assert isinstance(found[0], Mantel)
    assert found[0].naep_class == "CC"
    assert found[0].smd.value < 0
    assert found[0].effect < -0.25


def test_purification_takes_dif_out_of_the_matching_and_says_so() -> None:
    sample = people(shift=1.5)

    first, purified = mantel_dif(sample), mantel_dif(sample, purify=True)

    assert (first.rounds, len(first.anchors)) == (0, ITEMS)
    assert purified.settled
    assert purified.rounds >= 1
    assert 0 not in purified.anchors
    assert is_flagged(purified.items[0])
    assert not any(is_flagged(item) for item in purified.items[1:])


def test_classes_need_size_and_certainty() -> None:
    def one(higher: int, size: int) -> MantelHaenszel:
        rows = np.arange(size)
        return mantel_haenszel([Stratum(rows < higher, rows < size // 2)])

    assert one(52, 100).ets_class == "A"  # small
    assert one(7, 10).ets_class == "A"  # large, by chance
    assert one(640, 1000).ets_class == "B"
    assert one(800, 1000).ets_class == "C"


def test_two_answers_give_the_same_by_both_formulas() -> None:
    parts = list(strata(people(shift=0.5), 0, range(ITEMS)))

    assert mantel(parts, 0.5).chi2 == pytest.approx(mantel_haenszel(parts).chi2_plain)


def test_the_item_itself_always_counts_in_the_matching() -> None:
    sample = people()

    assert sample.sums(0, [2, 3]) == pytest.approx(sample.answers[:, [0, 2, 3]].sum(axis=1))
    assert sample.sums(2, [2, 3]) == pytest.approx(sample.answers[:, [2, 3]].sum(axis=1))


def test_people_with_a_missing_answer_or_of_no_group_are_left_out() -> None:
    sample = people()
    answers = np.vstack([sample.answers, sample.answers[:2], sample.answers[:1]])
    answers[1200, 3] = np.nan
    group = [*sample.is_focal.astype(float), 0.0, np.nan, 1.0]

    found = matched(answers, group)

    assert (len(found.answers), found.left_out) == (1201, 1)


def test_an_item_that_one_group_never_endorses_is_unjudged_alone() -> None:
    sample = people()
    answers = sample.answers.copy()
    answers[sample.is_focal, 5] = 0

    found = mantel_dif(matched(answers, sample.is_focal)).items

    assert isinstance(found[5], Unjudged)
    assert "0 or infinite" in found[5].reason
    assert isinstance(found[0], MantelHaenszel)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda a, g: (a[:, :2], g), "at least 3 items"),
        (lambda a, g: (a[:615], g[:615]), "15 people"),
        (lambda a, g: (np.where(np.arange(ITEMS) == 2, 1.0, a), g), "same answer to 3"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, reason: str) -> None:
    sample = people()
    answers, group = change(sample.answers, sample.is_focal)

    with pytest.raises(CannotEstimate, match=reason):
        matched(answers, group)


def test_a_regression_without_finite_estimate_is_refused() -> None:
    x = np.linspace(-1, 1, 40)

    with pytest.raises(CannotEstimate, match="separate"):
        fit_ordinal(x > 0, x)
    with pytest.raises(CannotEstimate, match="follow from each other"):
        fit_ordinal(np.arange(40) % 3, np.column_stack([x, 2 * x]))
    with pytest.raises(CannotEstimate, match="same answer"):
        fit_ordinal(np.ones(40), x)

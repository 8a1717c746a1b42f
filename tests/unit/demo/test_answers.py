"""Simulated answers carry the shares that were observed."""

import numpy as np
import pytest

from app.demo import answers, shares
from app.demo.answers import Population

PEOPLE = 40_000


def simulated(population: Population) -> answers.Answers:
    random = np.random.default_rng(5)
    return answers.simulate(population, random.standard_normal(PEOPLE), random)


def shares_of(column: np.ndarray, size: int) -> list[float]:
    return [float(np.mean(column == value)) for value in range(size)]


def test_an_ordinary_class_answers_as_nhanes_with_item_9_at_five_percent() -> None:
    phq9 = simulated(answers.ordinary())["phq9"]

    for item, observed in enumerate(shares.NHANES_PHQ9[:8]):
        assert shares_of(phq9[:, item], 4) == pytest.approx(observed, abs=0.01)
    assert np.mean(phq9[:, 8] > 0) == pytest.approx(0.05, abs=0.005)


def test_the_strained_class_answers_as_the_undergraduates() -> None:
    simulation = simulated(answers.strained())

    for code, table in (("phq9", shares.UKM_PHQ9), ("gad7", shares.UKM_GAD7)):
        for item, observed in enumerate(table):
            assert shares_of(simulation[code][:, item], 4) == pytest.approx(observed, abs=0.01)
    assert np.mean(simulation["phq9"][:, 8] > 0) == pytest.approx(0.29, abs=0.01)


def test_one_factor_binds_the_instruments() -> None:
    simulation = simulated(answers.ordinary())
    totals = {code: table.sum(axis=1) for code, table in simulation.items()}

    assert np.corrcoef(totals["phq9"], totals["gad7"])[0, 1] > 0.6
    assert np.corrcoef(totals["phq9"], totals["who5"])[0, 1] < -0.5


def test_the_same_seed_gives_the_same_answers() -> None:
    first, second = (simulated(answers.ordinary()) for _ in range(2))

    assert all((first[code] == second[code]).all() for code in first)

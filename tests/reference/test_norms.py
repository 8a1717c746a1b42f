"""Norms against base R and psych (norms.json)."""

import numpy as np
import pytest

from app.psychometrics.norms import norms
from tests.reference.stored import stored

REFERENCE = stored("norms")


def test_moments_of_the_group_are_those_of_r() -> None:
    found = norms(np.array(REFERENCE["data"], dtype=float))

    assert found.people == REFERENCE["people"]
    assert found.mean.value == pytest.approx(REFERENCE["mean"], abs=1e-9)
    assert found.mean.low == pytest.approx(REFERENCE["mean_low"], abs=1e-9)
    assert found.mean.high == pytest.approx(REFERENCE["mean_high"], abs=1e-9)
    assert found.sd == pytest.approx(REFERENCE["sd"], abs=1e-9)
    assert found.skewness == pytest.approx(REFERENCE["skewness"], abs=1e-9)


@pytest.mark.parametrize("column", ["score", "count", "z", "t", "t_normalised"])
def test_figures_of_each_score_are_those_of_r(column: str) -> None:
    rows = norms(np.array(REFERENCE["data"], dtype=float)).rows

    assert [getattr(row, column) for row in rows] == pytest.approx(REFERENCE[column], abs=1e-9)


def test_percentile_ranks_and_their_intervals_are_those_of_r() -> None:
    ranks = [row.percentile for row in norms(np.array(REFERENCE["data"], dtype=float)).rows]

    assert [rank.value for rank in ranks] == pytest.approx(REFERENCE["percentile"], abs=1e-9)
    assert [rank.low for rank in ranks] == pytest.approx(REFERENCE["low"], abs=1e-9)
    assert [rank.high for rank in ranks] == pytest.approx(REFERENCE["high"], abs=1e-9)

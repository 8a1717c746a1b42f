"""Norms at the ends of a scale, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.psychometrics.norms import norms
from app.psychometrics.refusal import CannotEstimate


def test_scores_nobody_has_are_listed_without_leaving_the_normal_curve() -> None:
    found = norms([1, 1, 2, 3, np.nan], possible=range(5))

    ranks = [row.percentile.value for row in found.rows]
    assert [(row.score, row.count) for row in found.rows] == [
        (0, 0),
        (1, 2),
        (2, 1),
        (3, 1),
        (4, 0),
    ]
    assert ranks == [0, 25, 62.5, 87.5, 100]
    assert found.rows[0].percentile.low == 0
    assert found.rows[4].percentile.high == 100
    assert found.rows[0].t_normalised == pytest.approx(50 - 11.50349, abs=1e-4)
    assert found.rows[4].t_normalised == pytest.approx(50 + 11.50349, abs=1e-4)


@given(st.lists(st.integers(0, 12), min_size=3, max_size=60).filter(lambda x: len(set(x)) > 1))
def test_a_higher_score_never_stands_lower(scores: list[int]) -> None:
    rows = norms(scores, possible=range(13)).rows

    for figure in ("z", "t", "t_normalised"):
        values = [getattr(row, figure) for row in rows]
        assert values == sorted(values)
    ranks = [row.percentile.value for row in rows]
    assert ranks == sorted(ranks)
    assert sum(row.count * row.percentile.value for row in rows) == pytest.approx(50 * len(scores))
    assert all(row.percentile.low <= row.percentile.value <= row.percentile.high for row in rows)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [([3, np.nan], "need people with a score; here are 1"), ([2, 2, 2], "the same score")],
)
def test_groups_that_tell_nothing_are_refused(scores: list[float], reason: str) -> None:
    with pytest.raises(CannotEstimate, match=reason):
        norms(scores)

"""Shares and differences against published worked examples."""

import numpy as np
import pytest

from app.psychometrics.comparison import Moments, hedges_g, share, share_difference


def _moments(values: list[float]) -> Moments:
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def test_wilson_interval_of_newcombes_example():
    found = share(81, 263)  # Newcombe (1998), Stat Med 17:857, table I

    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_wilson_interval_stays_between_0_and_1():
    assert share(0, 20).low == 0
    assert share(20, 20).high == pytest.approx(1)


def test_share_of_nobody_is_refused():
    with pytest.raises(ValueError, match="no share"):
        share(0, 0)


def test_difference_of_newcombes_example():
    found = share_difference(56, 70, 48, 80)  # Newcombe (1998), Stat Med 17:873, method 10

    assert found.value == pytest.approx(0.2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_moments_are_those_of_the_values():
    values = [3.0, 5.0, 5.0, 9.0, 14.0]

    found = _moments(values[:2]) + _moments(values[2:])

    assert found.mean == np.mean(values)
    assert found.sd == pytest.approx(np.std(values, ddof=1))


def test_hedges_g_corrects_the_standardised_difference():
    first, second = [2.0, 4.0, 6.0, 8.0], [1.0, 2.0, 3.0, 4.0]
    pooled = np.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / 2)

    found = hedges_g(_moments(first), _moments(second))

    assert found is not None
    assert found.value == pytest.approx((1 - 3 / 23) * 2.5 / pooled)


def test_hedges_g_needs_somebody_who_differs():
    assert hedges_g(_moments([1.0]), _moments([1.0, 2.0])) is None
    assert hedges_g(_moments([3.0, 3.0]), _moments([3.0, 3.0])) is None

"""Shares and means of groups, and how sure one may be of a difference between two of them."""

from dataclasses import dataclass
from math import sqrt

from app.psychometrics.estimate import Interval
from app.psychometrics.proportion import wilson

#: Two-sided 95 % of the normal distribution.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Moments:
    """How many values a group has, their sum and the sum of their squares."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """The arithmetic mean; `n` must not be 0."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The unbiased variance (divisor n - 1); `n` must be at least 2."""
        # Rounding may leave a hair below zero where all values are equal.
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1))

    @property
    def sd(self) -> float:
        """Its square root."""
        return sqrt(self.variance)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)


def share(count: int, n: int) -> Interval:
    """A share with its Wilson score interval.

    Parameters
    ----------
    count, n
        How many of how many; 0 <= count <= n, n >= 1.

    Returns
    -------
    Interval
        Between 0 and 1; never outside, and not empty at 0 or n. See `wilson`.

    Raises
    ------
    ValueError
        If that is no share.
    """
    if not 0 <= count <= n or n < 1:
        raise ValueError(f"{count} of {n} is no share")
    return wilson(count, n)


def share_difference(count: int, n: int, count_before: int, n_before: int) -> Interval:
    """A share minus an independent one, with Newcombe's hybrid score interval.

    With p the shares and l, u the bounds of their Wilson intervals::

        low  = p₁ - p₂ - √((p₁ - l₁)² + (u₂ - p₂)²)
        high = p₁ - p₂ + √((u₁ - p₁)² + (p₂ - l₂)²)

    From -1 to 1. The same students asked twice are not independent: for them the interval is wider
    than it need be.

    Parameters
    ----------
    count, n, count_before, n_before
        Each pair as in `share`.

    Raises
    ------
    ValueError
        If one of them is no share.

    References
    ----------
    Newcombe 1998, Stat Med 17:873, method 10.
    """
    now, before = share(count, n), share(count_before, n_before)
    value = now.value - before.value
    down = sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    return Interval(value, value - down, value + up)


def hedges_g(first: Moments, second: Moments) -> Interval | None:
    """The difference of two means in pooled standard deviations, corrected for small groups.

    Positive where the first group has the higher mean. None where a group has fewer than two
    values or nobody differs from anybody.

    g = J (m1 - m2) / s with s² pooled over n1 + n2 - 2 and J = 1 - 3 / (4 (n1 + n2) - 9); the
    interval is normal with variance (n1 + n2) / (n1 n2) + g² / (2 (n1 + n2)).

    References
    ----------
    Hedges 1981, J Educ Stat 6:107. Hedges & Olkin 1985, Statistical Methods for Meta-Analysis.
    """
    n1, n2 = first.n, second.n
    if min(n1, n2) < 2:  # noqa: PLR2004 -- a variance needs two
        return None
    pooled = ((n1 - 1) * first.variance + (n2 - 1) * second.variance) / (n1 + n2 - 2)
    if pooled <= 0:
        return None
    correction = 1 - 3 / (4 * (n1 + n2) - 9)
    g = correction * (first.mean - second.mean) / sqrt(pooled)
    half = Z_95 * sqrt((n1 + n2) / (n1 * n2) + g**2 / (2 * (n1 + n2)))
    return Interval(g, g - half, g + half)

"""A figure with its confidence interval."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Estimate:
    """A figure and its confidence interval; the bounds are None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Interval(Estimate):
    """An estimate that always has both bounds."""

    low: float = field()
    high: float = field()

    @property
    def is_apart_from_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def normal_reach(confidence: float = 0.95) -> float:
    """Return how many standard errors a two-sided interval reaches: Φ⁻¹((1 + `confidence`) / 2).

    1.96 for 95 %; `confidence` is above 0 and below 1.
    """
    from scipy.special import ndtri

    return float(ndtri(1 - (1 - confidence) / 2))


def mean_interval(mean: float, sd: float, n: int, *, confidence: float = 0.95) -> Estimate:
    """Return a mean with its t interval, mean ± t(n - 1) · `sd` / √n.

    Parameters
    ----------
    mean, sd : float
        Of a sample; `sd` with n - 1 below.
    n : int
        How many values, at least two.
    confidence : float
        Above 0 and below 1.
    """
    from scipy.stats import t

    half = float(t.ppf(1 - (1 - confidence) / 2, n - 1)) * sd / n**0.5
    return Estimate(mean, mean - half, mean + half)

"""A figure with its confidence interval."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A figure and its confidence interval; the bounds are None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None

"""Rounding as manuals mean it; Python's own rounds halves to the even neighbour."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.instruments.scales import Rounding

#: Scores closer than this are the same score: sums of decimal weights are not exact.
TOLERANCE = 1e-9

Values = TypeVar("Values", float, NDArray[np.float64])

_ROUNDERS: dict[Rounding, Callable[[Any], Any]] = {
    "none": lambda values: values,
    "half_up": lambda values: np.floor(values + (0.5 + TOLERANCE)),
    "half_even": np.rint,
    "down": lambda values: np.floor(values + TOLERANCE),
    "up": lambda values: np.ceil(values - TOLERANCE),
}


def rounded(values: Values, rounding: Rounding) -> Values:
    """Round one value or every value to a whole number in the way called `rounding`."""
    result: Values = _ROUNDERS[rounding](values)
    return result

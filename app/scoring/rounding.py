"""Rounding as manuals mean it; Python's own rounds halves to the even neighbour."""

from collections.abc import Callable

import numpy as np

from app.instruments.scales import Rounding
from app.scoring.results import Floats

TOLERANCE = 1e-9

_ROUNDERS: dict[Rounding, Callable[[Floats], Floats]] = {
    "none": lambda values: values,
    "half_up": lambda values: np.floor(values + (0.5 + TOLERANCE)),
    "half_even": np.rint,
    "down": lambda values: np.floor(values + TOLERANCE),
    "up": lambda values: np.ceil(values - TOLERANCE),
}


def rounded(values: Floats, rounding: Rounding) -> Floats:
    """Round every value to a whole number in the way called `rounding`."""
    return _ROUNDERS[rounding](values)

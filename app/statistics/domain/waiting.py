"""How long flagged students waited for a first contact, with those who wait still."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Waiting:
    """Hours until the first contact; None where too few have had one to say."""

    people: int
    waiting: int
    median: float | None
    p90: float | None


def waiting_times(hours: Sequence[float], *, still: Sequence[bool]) -> Waiting:
    """The median and 90th percentile of the wait, by Kaplan and Meier.

    Parameters
    ----------
    hours
        Each at least 0: until the first contact, or until now for those who wait still.
    still
        Whether nobody has met this student yet. Leaving such students out, or counting their wait
        so far as if it had ended, would make a slow school look fast.

    Notes
    -----
    Kaplan and Meier (1958), J Am Stat Assoc 53:457; computed by `scipy.stats.ecdf`.
    """
    from scipy.stats import CensoredData, ecdf

    if not hours:
        return Waiting(0, 0, None, None)
    waits, is_open = np.asarray(hours, dtype=float), np.asarray(still, dtype=bool)
    if is_open.all():
        return Waiting(len(waits), len(waits), None, None)
    curve = ecdf(CensoredData.right_censored(waits, is_open)).sf
    return Waiting(
        len(waits),
        int(is_open.sum()),
        _quantile(curve.quantiles, curve.probabilities, 0.5),
        _quantile(curve.quantiles, curve.probabilities, 0.9),
    )


def _quantile(times: np.ndarray, left: np.ndarray, share: float) -> float | None:
    """The first time by which `share` of all have been met, if there is one."""
    reached = np.flatnonzero(left <= 1 - share + 1e-12)
    return float(times[reached[0]]) if reached.size else None

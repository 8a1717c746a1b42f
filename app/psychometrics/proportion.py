"""A share of people with its confidence interval."""

import numpy as np

from app.psychometrics.estimate import Interval, normal_reach


def wilson(count: int, size: int, *, confidence: float = 0.95) -> Interval:
    r"""Return `count` / `size` with Wilson's score interval, without continuity correction.

    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). It keeps its promise for small groups and
    shares near 0 and 1, where the usual one does not. `prop.test(count, size, correct = FALSE)`
    in R gives the same.

    Parameters
    ----------
    count, size : int
        0 ≤ `count` ≤ `size`, `size` at least 1.
    confidence : float
        Above 0 and below 1.

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209. Brown, Cai & DasGupta 2001, Stat Sci 16:101.
    """
    z = normal_reach(confidence)
    share = count / size
    middle = share + z**2 / (2 * size)
    reach = z * float(np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2)))
    below = 1 + z**2 / size
    return Interval(share, max((middle - reach) / below, 0.0), min((middle + reach) / below, 1.0))

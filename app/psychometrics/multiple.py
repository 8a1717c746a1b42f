"""p values of many tests at once."""

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats


def benjamini_hochberg(p: ArrayLike) -> Floats:
    r"""Return p values adjusted so that of those below q at most a share q is expected to be false.

    The i-th smallest of m becomes min over j ≥ i of p_(j) m / j, at most 1: `p.adjust(p, "BH")` in
    R. NaN stays NaN and does not count in m. Holds for tests that are independent or positively
    dependent.

    Parameters
    ----------
    p : array_like, shape (m,)
        From 0 to 1.

    Returns
    -------
    array, shape (m,)
        In the order of `p`.

    References
    ----------
    Benjamini & Hochberg 1995, J R Stat Soc B 57:289.
    """
    values = np.asarray(p, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known])[::-1]]
    m = len(order)
    shares = values[order] * m / np.arange(m, 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(shares), 1.0)
    return adjusted

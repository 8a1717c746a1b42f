"""The correlations every factor analysis starts from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats, complete_cases
from app.psychometrics.refusal import CannotEstimate

FEWEST_ITEMS = 3
#: Five people an item, and not below fifty, or the matrix is mostly noise.
FEWEST_PEOPLE, PEOPLE_PER_ITEM = 50, 5
#: An eigenvalue this near to 0 is none, but for rounding.
SINGULAR = 1e-8


@dataclass(frozen=True)
class Correlations:
    """Pearson correlations of `people` complete cases; `deviations` have n - 1 below."""

    matrix: Floats
    deviations: Floats
    names: tuple[str, ...]
    people: int
    left_out: int


def correlations(answers: ArrayLike, *, names: Sequence[str] | None = None) -> Correlations:
    """Return the correlations of the items over the complete cases.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items, reversed items already turned, NaN for missing. **Complete cases**: a
        matrix put together from different people can be one that no data have.
    names : sequence of str, optional
        What the items are called; their numbers where not given.

    Returns
    -------
    Correlations
        A positive definite matrix with ones in the diagonal.

    Raises
    ------
    CannotEstimate
        If there are fewer than three items, too few complete cases (fifty, and five an item), an
        item that everybody answered alike, or items that follow from each other.
    """
    shape = np.shape(answers)
    if len(shape) != 2 or shape[1] < FEWEST_ITEMS:  # noqa: PLR2004 -- people by items
        raise CannotEstimate(f"Factors need at least {FEWEST_ITEMS} items.")
    called = tuple(names) if names is not None else tuple(str(n + 1) for n in range(shape[1]))
    complete = complete_cases(answers, least=max(FEWEST_PEOPLE, PEOPLE_PER_ITEM * shape[1]))
    same = [
        name for name, spread in zip(called, np.ptp(complete, axis=0), strict=True) if not spread
    ]
    if same:
        raise CannotEstimate(f"Everybody gave the same answer to {', '.join(same)}; leave it out.")
    apart = complete - complete.mean(axis=0)
    deviations = np.sqrt((apart**2).sum(axis=0) / (len(complete) - 1))
    scaled = apart / deviations
    matrix = scaled.T @ scaled / (len(complete) - 1)
    np.fill_diagonal(matrix, 1.0)
    if np.linalg.eigvalsh(matrix)[0] < SINGULAR:
        raise CannotEstimate("An item follows exactly from the others; leave it out.")
    return Correlations(matrix, deviations, called, len(complete), shape[0] - len(complete))

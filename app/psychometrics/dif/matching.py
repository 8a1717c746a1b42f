"""Two groups matched on the sum of the items: what every DIF method starts from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Bools, Floats, as_matrix
from app.psychometrics.refusal import CannotEstimate

#: Below the first many in a group nothing is estimated; below the other, a warning says so.
FEWEST_PER_GROUP, FEW_PER_GROUP = 20, 200
FEWEST_ITEMS = 3


@dataclass(frozen=True)
class Matched:
    """Complete cases of two groups.

    `answers` (n, k), `is_focal` (n,). `left_out` counts people of the two groups who left out an
    item: without it they have no sum to be matched on.
    """

    answers: Floats
    is_focal: Bools
    left_out: int
    names: tuple[str, ...]

    @property
    def reference_count(self) -> int:
        """How many are in the reference group."""
        return int((~self.is_focal).sum())

    @property
    def focal_count(self) -> int:
        """How many are in the focal group."""
        return int(self.is_focal.sum())

    def sums(self, item: int, anchors: Sequence[int]) -> Floats:
        """Return the sum of the `anchors` and, whether it is one or not, of the item itself.

        The item under study belongs to what people are matched on (Holland & Thayer 1988): without
        it a Rasch item without DIF would seem to have some.
        """
        total: Floats = self.answers[:, sorted({*anchors, item})].sum(axis=1)
        return total


@dataclass(frozen=True)
class Stratum:
    """People of both groups with the same sum: their answers to one item."""

    reference: Floats
    focal: Floats


def matched(
    answers: ArrayLike, is_focal: ArrayLike, *, names: Sequence[str] | None = None
) -> Matched:
    """Put the complete cases of two groups together.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items, reversed items already turned, NaN for missing. **Complete cases**.
    is_focal : array_like, shape (n,)
        1 for the focal group (about whom one asks whether the item treats them fairly), 0 for the
        reference group, NaN for neither.
    names : sequence of str, optional
        What the items are called; their numbers where not given.

    Raises
    ------
    CannotEstimate
        If there are fewer than three items or twenty complete cases in a group, or an item that
        everybody answered alike.
    """
    matrix, group = as_matrix(answers), np.asarray(is_focal, dtype=np.float64)
    called = names if names is not None else [str(n + 1) for n in range(matrix.shape[1])]
    if matrix.shape[1] < FEWEST_ITEMS:
        raise CannotEstimate(f"Matching needs at least {FEWEST_ITEMS} items.")
    known = ~np.isnan(group)
    complete = known & ~np.isnan(matrix).any(axis=1)
    matrix, focal = matrix[complete], group[complete] == 1.0
    few = int(min(focal.sum(), (~focal).sum()))
    if few < FEWEST_PER_GROUP:
        raise CannotEstimate(
            f"The smaller group has {few} people who answered everything; at least "
            f"{FEWEST_PER_GROUP} are needed."
        )
    same = [name for name, spread in zip(called, np.ptp(matrix, axis=0), strict=True) if not spread]
    if same:
        raise CannotEstimate(f"Everybody gave the same answer to {', '.join(same)}; leave it out.")
    return Matched(matrix, focal, int(known.sum() - complete.sum()), tuple(called))


def strata(people: Matched, item: int, anchors: Sequence[int]) -> Iterator[Stratum]:
    """Yield the strata of equal sums in which both groups have somebody, the lowest sum first.

    Whoever has a sum that nobody of the other group has is in none. `item` and `anchors` are places
    of items; sums as in `Matched.sums`.
    """
    sums, column = people.sums(item, anchors), people.answers[:, item]
    for value in np.unique(np.round(sums, 9)):
        there = np.abs(sums - value) < 1e-6  # noqa: PLR2004 -- sums of weighted items
        part = Stratum(column[there & ~people.is_focal], column[there & people.is_focal])
        if part.reference.size and part.focal.size:
            yield part

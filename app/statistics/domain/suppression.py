"""Which counts a group report may show, so that nobody in a small group can be recognised.

A unit (district ⊃ school ⊃ grade ⊃ class) has one count for each category: the bands of a scale.
The number of people in a unit is known to everybody; how they are spread over the categories is
not. Hiding a small count is not enough: whoever knows the grade and all other classes subtracts.
So a unit shows all of its categories or none, and beside a hidden unit others are hidden until
the hidden ones together could be shown themselves.

Categories are shown as finely as the numbers allow: a chain of partitions leads from two groups
(below and above the cut-off) to the single bands, and each unit has the *level* up to which it
may be shown, 0 for not at all. What is promised (safety promise P29): from everything that is
shown, a count that is not shown can be any of at least `threshold` + 1 neighbouring numbers, or
of all that its unit has room for.

Why that holds. Take one level, a hidden unit of `n` people in a group of categories that this
level splits, with `N` hidden people in the group, `R` of them in the category. The count lies
between max(0, n + R - N) and min(n, R), and each number between is possible: the width is the
smallest of n, R, N - n and N - R. `cover_each_other` asks for all four; what a unit
hides at an earlier level can only make the range wider. `tests/property/test_suppression.py`
attacks it with a linear programme.

Related: cell suppression with complements, Hundepool et al., Statistical Disclosure Control
(2012), ch. 4; whole rows are hidden here instead of single cells, which costs detail and gives
the proof.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

#: For each category the number of the group in which it is shown.
Partition = tuple[int, ...]


@dataclass(frozen=True)
class Unit:
    """People of one place by category; the children of a unit have all of its people."""

    key: str
    counts: tuple[int, ...]
    children: tuple["Unit", ...] = ()

    @property
    def size(self) -> int:
        """How many people were counted."""
        return sum(self.counts)

    def walk(self) -> Iterator["Unit"]:
        """This unit and everything in it."""
        yield self
        for child in self.children:
            yield from child.walk()


def refinements(counts: Sequence[int], split: int | None = None) -> list[Partition]:
    """Partitions of the categories, coarse to fine; each is a refinement of the one before it.

    Parameters
    ----------
    counts
        People in each category of the whole, the categories in their order (at least two).
    split
        The first category above the cut-off: the coarsest partition parts there. Without one, the
        smallest neighbours are put together until two groups are left.
    """
    groups = [[category] for category in range(len(counts))]
    chain = [_as_partition(groups)]
    while len(groups) > 2:  # noqa: PLR2004 -- two groups are the coarsest that says something
        joins = [i for i in range(len(groups) - 1) if groups[i + 1][0] != split]
        at = min(joins, key=lambda i: sum(counts[c] for c in groups[i] + groups[i + 1]))
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
        chain.append(_as_partition(groups))
    return chain[::-1]


def shown_levels(
    root: Unit,
    chain: Sequence[Partition],
    *,
    threshold: int,
    within: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """For each unit, how many of the partitions of `chain` may be shown for it: 0 is none.

    Parameters
    ----------
    root
        The whole; units without people are left out before.
    chain
        Partitions from coarse to fine, see `refinements`.
    threshold
        The smallest count that is shown.
    within
        Levels of an earlier decision with a lower threshold. Nothing is shown that it hid, so that
        whoever holds both reports knows no more than the earlier one says.
    """
    levels = dict.fromkeys((unit.key for unit in root.walk()), 0)
    coarser: Partition = (0,) * len(root.counts)
    for number, finer in enumerate(chain, start=1):
        step = _Step(number, finer, splits(coarser, finer), threshold, levels, within or levels)
        if not step.may_show(root):
            break
        step.show(root)
        coarser = finer
    return levels


def splits(coarser: Partition, finer: Partition) -> list[list[int]]:
    """The groups of a coarser partition that a finer one divides, as lists of finer groups."""
    inside: dict[int, set[int]] = {}
    for category, group in enumerate(coarser):
        inside.setdefault(group, set()).add(finer[category])
    return [sorted(groups) for groups in inside.values() if len(groups) > 1]


def cover_each_other(
    hidden: Sequence[Sequence[int]], groups: Sequence[int], threshold: int
) -> bool:
    """Whether units keep each other's share of one divided group uncertain.

    `hidden` are their counts by finer group, `groups` what the coarser group was divided into.
    """
    if min(sum(counts[group] for counts in hidden) for group in groups) < threshold:
        return False
    sizes = [sum(counts[group] for group in groups) for counts in hidden]
    return sum(sizes) - max(sizes) >= threshold


def grouped(counts: Sequence[int], partition: Partition) -> tuple[int, ...]:
    """The counts of the groups of a partition."""
    sums = [0] * (max(partition) + 1)
    for category, group in enumerate(partition):
        sums[group] += counts[category]
    return tuple(sums)


@dataclass
class _Step:
    """One level: which of the units that the level before shows may be shown finer."""

    number: int
    partition: Partition
    #: Groups of the coarser partition that this one divides, as lists of finer groups.
    splits: list[list[int]]
    threshold: int
    levels: dict[str, int]
    within: Mapping[str, int]
    _grouped: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def may_show(self, unit: Unit) -> bool:
        """Large enough in every group, and no single child makes up nearly all of it."""
        if self._hidden_before(unit) or min(self._of(unit)) < self.threshold:
            return False
        if len(unit.children) == 1:
            return self.may_show(unit.children[0])
        return not unit.children or self._covers(list(unit.children))

    def show(self, unit: Unit) -> None:
        """Show a unit, and of its children as many as leave the others covered."""
        self.levels[unit.key] = self.number
        shown: list[Unit] = []
        hidden: list[Unit] = []
        for child in unit.children:
            (shown if self.may_show(child) else hidden).append(child)
        # The smallest goes first: sizes are known to everybody, so that the choice tells nothing.
        shown.sort(key=lambda child: (child.size, child.key), reverse=True)
        while hidden and shown and not self._covers(hidden):
            hidden.append(shown.pop())
        for child in shown:
            self.show(child)

    def _covers(self, hidden: Sequence[Unit]) -> bool:
        """Whether these units together keep the share of each of them uncertain."""
        counts = [self._of(unit) for unit in hidden]
        return all(cover_each_other(counts, groups, self.threshold) for groups in self.splits)

    def _hidden_before(self, unit: Unit) -> bool:
        if self.levels[unit.key] < self.number - 1:
            return True
        return self.within is not self.levels and self.within[unit.key] < self.number

    def _of(self, unit: Unit) -> tuple[int, ...]:
        if unit.key not in self._grouped:
            self._grouped[unit.key] = grouped(unit.counts, self.partition)
        return self._grouped[unit.key]


def _as_partition(groups: Sequence[Sequence[int]]) -> Partition:
    return tuple(number for number, group in enumerate(groups) for _ in group)

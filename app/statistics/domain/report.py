"""A group report: what is said of each place, from counts and what may be shown of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.psychometrics.comparison import (
    Moments,
    hedges_g,
    share,
    share_difference,
)
from app.psychometrics.estimate import Interval
from app.results.domain import hidden_groups
from app.statistics.domain.suppression import (
    Partition,
    Unit,
    cover_each_other,
    grouped,
    refinements,
    shown_levels,
    splits,
)

#: Inside a school, and in what leaves it (safety promise P29).
FEWEST_INSIDE, FEWEST_OUTSIDE = 5, 10
NOBODY = Moments(0, 0.0, 0.0)


class PlaceKind(StrEnum):
    """The levels of a report, each inside the one before."""

    CAMPAIGN = "campaign"
    COUNTY = "county"
    SITE = "site"
    GRADE = "grade"
    CLASS = "class"


#: What a report over several schools speaks of.
OVER_SCHOOLS = frozenset({PlaceKind.CAMPAIGN, PlaceKind.COUNTY, PlaceKind.SITE})


@dataclass(frozen=True)
class Place:
    """A place of the report with the places in it, in their fixed order."""

    key: str
    kind: PlaceKind
    label: str
    children: tuple["Place", ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Place"]]:
        """This place and everything in it, with how deep it lies."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    def find(self, key: str) -> "Place | None":
        """The place of this key, here or further in."""
        return next((place for _depth, place in self.walk() if place.key == key), None)


@dataclass(frozen=True)
class Cell:
    """Students of one class and sex: how many in each band, and the sums of their scores."""

    counts: tuple[int, ...]
    moments: Moments = NOBODY

    def __add__(self, other: "Cell") -> "Cell":
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Cell(counts, self.moments + other.moments)


@dataclass(frozen=True)
class ScaleFacts:
    """What a report has to know of a scale."""

    instrument: str
    scale: str
    #: In the order of the score.
    bands: tuple[str, ...]
    #: The first band above the cut-off, or below it where low is worse; None without a cut-off.
    split: int | None
    is_low_worse: bool


@dataclass(frozen=True)
class Group:
    """Neighbouring bands that are shown as one count, from `first` to `last`."""

    first: int
    last: int
    count: int
    share: Interval


@dataclass(frozen=True)
class Row:
    """What is said of one place; `groups` is empty where the numbers would tell of a person."""

    place: Place
    depth: int
    #: None where so few were counted, or so few in a place beside it, that this would tell.
    n: int | None
    groups: tuple[Group, ...] = ()
    #: The share in the range worth a conversation, where the scale has a cut-off.
    concern: Interval | None = None
    #: Only where all bands can be shown.
    mean: float | None = None
    sd: float | None = None
    #: The same place when the scale was last asked there, and the change since.
    before: Interval | None = None
    change: Interval | None = None


@dataclass(frozen=True)
class SexRow:
    """Girls or boys of one school."""

    sex: str
    n: int
    groups: tuple[Group, ...]
    #: As of a place: only where all bands can be shown.
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True)
class ScaleReport:
    """One scale over all places of the report."""

    facts: ScaleFacts
    rows: tuple[Row, ...]
    sexes: tuple[SexRow, ...] = ()
    #: Hedges' g, girls minus boys.
    difference: Interval | None = None

    @property
    def sizeless(self) -> frozenset[str]:
        """The places of which it is not told how many were counted."""
        return frozenset(row.place.key for row in self.rows if row.n is None)

    def without_sizes(self, keys: Collection[str]) -> "ScaleReport":
        """Without the sizes of these places; of those whose spread is told it is the size."""
        rows = (
            replace(row, n=None) if row.place.key in keys and not row.groups else row
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))


#: Class key → sex (empty where unknown) → its cell.
Cells = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True)
class ScaleCells:
    """The counts of one scale in one campaign over the whole tree of its places."""

    facts: ScaleFacts
    root: Place
    cells: Cells

    def cell_of(self, place: Place, sex: str) -> Cell:
        """Everybody of one sex in a place."""
        found = [self.cells.get(one.key, {}).get(sex) for _depth, one in place.walk()]
        return sum((cell for cell in found if cell), self.nobody)

    def own_cell(self, place: Place) -> Cell:
        """Everybody who is counted at the place itself and not in one further in."""
        return sum(self.cells.get(place.key, {}).values(), self.nobody)

    @property
    def nobody(self) -> Cell:
        """The cell of an empty place."""
        return Cell((0,) * len(self.facts.bands))


class Shown:
    """What may be shown of one scale, decided over the whole campaign whoever reads it.

    Two readers with different parts of the campaign then never hold more than the whole report.
    """

    def __init__(self, counted: ScaleCells, *, is_outside: bool) -> None:
        self.counted = counted
        self.fewest = FEWEST_OUTSIDE if is_outside else FEWEST_INSIDE
        self._cells: dict[str, Cell] = {}
        self._units: dict[str, Unit] = {}
        self._places = {place.key: place for _depth, place in counted.root.walk()}
        root = self._unit(counted.root)
        self.chain: Sequence[Partition] = []
        self.levels: Mapping[str, int] = {}
        self._sizeless: frozenset[str] = frozenset()
        if root is None:
            return
        if len(counted.facts.bands) > 1:  # of a single one there is nothing to compare
            self.chain = refinements(root.counts, counted.facts.split)
            inside = shown_levels(root, self.chain, threshold=FEWEST_INSIDE)
            self.levels = (
                shown_levels(root, self.chain, threshold=FEWEST_OUTSIDE, within=inside)
                if is_outside
                else inside
            )
        self._sizeless = frozenset(_without_size(root, self.levels, self.fewest))

    def size(self, place: Place) -> int | None:
        """How many were counted in a place, where that may be told beside the other places."""
        return None if place.key in self._sizeless else sum(self.cell(place).counts)

    def cell(self, place: Place) -> Cell:
        """Everybody of a place."""
        return self._cells.get(place.key, self.counted.nobody)

    def partition(self, place: Place) -> Partition | None:
        """How finely a place may be shown; None for not at all."""
        level = self.levels.get(place.key, 0)
        return self.chain[level - 1] if level else None

    def is_whole(self, place: Place) -> bool:
        """Whether every band may be shown."""
        return bool(self.chain) and self.levels.get(place.key, 0) == len(self.chain)

    def by_sex(self, place: Place, sexes: Sequence[str]) -> Partition | None:
        """How finely a school may be shown for each sex; None for not at all.

        Each sex must be large enough in every group, and wherever classes or grades of the school
        are hidden, the hidden ones must cover each other within one sex: or the one class with
        boys would be what the boys of the school are.
        """
        partition = self.partition(place)
        if partition is None or place.kind is not PlaceKind.SITE:
            return None
        cells = {sex: self.counted.cell_of(place, sex).counts for sex in ("", *sexes)}
        if any(cells[""]) or any(
            min(grouped(cells[sex], partition)) < self.fewest for sex in sexes
        ):
            return None
        unit, level = self._units[place.key], self.levels[place.key]
        is_safe = all(
            self._cover_within_one_sex(hidden, number, sexes)
            for number in range(1, level + 1)
            for hidden in _hidden_sets(unit, self.levels, number)
        )
        return partition if is_safe else None

    def _cover_within_one_sex(
        self, hidden: Sequence[str], number: int, sexes: Sequence[str]
    ) -> bool:
        finer = self.chain[number - 1]
        coarser = self.chain[number - 2] if number > 1 else (0,) * len(finer)
        counts = [
            [grouped(self.counted.cell_of(self._places[key], sex).counts, finer) for key in hidden]
            for sex in sexes
        ]
        return all(
            any(self._cover(of_sex, groups) for of_sex in counts)
            for groups in splits(coarser, finer)
        )

    def _cover(self, counts: Sequence[Sequence[int]], groups: Sequence[int]) -> bool:
        """As for everybody; but a unit may have too few of this sex to hide anything."""
        least = min(sum(one[group] for group in groups) for one in counts)
        return least >= self.fewest and cover_each_other(counts, groups, self.fewest)

    def _unit(self, place: Place) -> Unit | None:
        """The place for the decision, without places where nobody was counted."""
        inner = [self._unit(child) for child in place.children]
        children = tuple(unit for unit in inner if unit is not None)
        cell = self.counted.own_cell(place)
        for child in place.children:
            cell += self.cell(child)
        self._cells[place.key] = cell
        if not sum(cell.counts):
            return None
        self._units[place.key] = Unit(place.key, cell.counts, children)
        return self._units[place.key]


def _without_size(
    unit: Unit, levels: Mapping[str, int], fewest: int, *, is_hidden: bool = False
) -> Iterator[str]:
    """Places of too few people, and beside them so many that these cannot be worked out.

    Only places whose spread is hidden serve for it: where the counts are told their sum is. What
    lies in a place without a size has none either, for its parts are the place.
    """
    hidden = [child for child in unit.children if not levels.get(child.key)]
    few = hidden_groups([child.size for child in hidden], fewest=fewest)
    gone = {child.key for number, child in enumerate(hidden) if is_hidden or number in few}
    yield from gone
    for child in unit.children:
        yield from _without_size(child, levels, fewest, is_hidden=child.key in gone)


def _hidden_sets(unit: Unit, levels: Mapping[str, int], number: int) -> Iterator[list[str]]:
    """Under each place shown at a level, the places that are not."""
    if levels[unit.key] < number:
        return
    hidden = [child.key for child in unit.children if levels[child.key] < number]
    if hidden:
        yield hidden
    for child in unit.children:
        yield from _hidden_sets(child, levels, number)


def report_on(
    shown: Shown, place: Place, before: Shown | None, sexes: Sequence[str]
) -> ScaleReport:
    """One scale for a place and what lies in it; `before` is the last time it was asked.

    Over several schools it reads down to the schools: each has a report of its own for the rest.
    """
    rows = tuple(
        _row(shown, one, depth, before)
        for depth, one in place.walk()
        if shown.cell(one).moments.n and (place.kind is PlaceKind.SITE or one.kind in OVER_SCHOOLS)
    )
    partition = shown.by_sex(place, sexes)
    if partition is None:
        return ScaleReport(shown.counted.facts, rows)
    cells = [shown.counted.cell_of(place, sex) for sex in sexes]
    groups = [_groups(cell.counts, partition) for cell in cells]
    whole = shown.is_whole(place)
    by_sex = tuple(
        SexRow(sex, one.n, parts, one.mean if whole else None, one.sd if whole else None)
        for sex, parts, one in zip(sexes, groups, (cell.moments for cell in cells), strict=True)
    )
    difference = hedges_g(cells[0].moments, cells[1].moments) if whole else None
    return ScaleReport(shown.counted.facts, rows, by_sex, difference)


def _row(shown: Shown, place: Place, depth: int, before: Shown | None) -> Row:
    cell, partition = shown.cell(place), shown.partition(place)
    n = sum(cell.counts)
    if partition is None:
        # Of the place that the report is about, everybody knows who took part.
        return Row(place, depth, shown.size(place) if depth else n)
    groups = _groups(cell.counts, partition)
    concern = _concern(groups, shown.counted.facts)
    whole = shown.is_whole(place) and cell.moments.n > 1
    then = _concern_before(place, before) if concern else None
    return Row(
        place,
        depth,
        n,
        groups,
        concern,
        cell.moments.mean if whole else None,
        cell.moments.sd if whole else None,
        share(*then) if then else None,
        share_difference(_above(groups, shown.counted.facts), n, *then) if then else None,
    )


def _concern_before(place: Place, before: Shown | None) -> tuple[int, int] | None:
    partition = before.partition(place) if before else None
    if before is None or partition is None or before.counted.facts.split is None:
        return None
    counts = before.cell(place).counts
    return _above(_groups(counts, partition), before.counted.facts), sum(counts)


def _groups(counts: Sequence[int], partition: Partition) -> tuple[Group, ...]:
    n = sum(counts)
    return tuple(
        Group(
            partition.index(number),
            len(partition) - 1 - partition[::-1].index(number),
            count,
            share(count, n),
        )
        for number, count in enumerate(grouped(counts, partition))
    )


def _concern(groups: Sequence[Group], facts: ScaleFacts) -> Interval | None:
    if facts.split is None:
        return None
    return share(_above(groups, facts), sum(group.count for group in groups))


def _above(groups: Sequence[Group], facts: ScaleFacts) -> int:
    """How many lie in the range worth a conversation; no group reaches over the cut-off."""
    split = facts.split or 0
    return sum(
        group.count
        for group in groups
        if (group.first < split if facts.is_low_worse else group.first >= split)
    )

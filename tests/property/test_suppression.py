"""Nothing that a report hides can be worked out from what it shows (P29): attacked, not argued."""

import numpy as np
import pytest
from scipy.optimize import linprog

from app.psychometrics.comparison import Moments
from app.statistics.domain import report, suppression
from app.statistics.domain.report import (
    FEWEST_INSIDE,
    FEWEST_OUTSIDE,
    Cell,
    Place,
    PlaceKind,
    ScaleCells,
    ScaleFacts,
    Shown,
)
from app.statistics.domain.suppression import Unit, grouped, refinements, shown_levels

THRESHOLD = 5
SEXES = ("f", "m")
SPLIT = 2


def _counties(random: np.random.Generator) -> Unit:
    """Two counties of one to three schools, of classes: as a county's own report is decided."""
    bands = int(random.integers(2, 5))
    rates = random.dirichlet(np.full(bands, 1.5))
    counties = []
    for county in range(2):
        schools = []
        for school in range(int(random.integers(1, 4))):
            keys = [f"{county}.{school}.{number}" for number in range(random.integers(1, 4))]
            classes = [one for key in keys if (one := _class(key, random, rates)).size]
            if classes:
                schools.append(_around(f"{county}.{school}", classes))
        if schools:
            counties.append(_around(f"{county}", schools))
    return _around("all", counties)


def _district(random: np.random.Generator) -> Unit:
    """A school of up to four grades, each of up to five classes, with up to five bands."""
    bands = int(random.integers(2, 6))
    rates = random.dirichlet(np.full(bands, 1.5))
    grades = []
    for grade in range(int(random.integers(1, 5))):
        classes = [
            _class(f"{grade}.{number}", random, rates) for number in range(random.integers(1, 6))
        ]
        grades.append(_around(f"{grade}", [one for one in classes if one.size]))
    return _around("all", [grade for grade in grades if grade.size])


def _class(key: str, random: np.random.Generator, rates: np.ndarray) -> Unit:
    size = int(random.choice([1, 3, 8, 20, 40, 60]))
    return Unit(key, tuple(int(n) for n in random.multinomial(size, rates)))


def _around(key: str, children: list[Unit]) -> Unit:
    counts = tuple(int(sum(column)) for column in zip(*(c.counts for c in children), strict=True))
    return Unit(key, counts, tuple(children))


class Attacker:
    """Who has the report, knows how many answered everywhere, and can solve linear programmes."""

    def __init__(self, root: Unit, chain, levels) -> None:
        self.leaves = [unit for unit in root.walk() if not unit.children]
        self.bands = len(root.counts)
        rows, values = [], []
        for unit in root.walk():
            seen = chain[levels[unit.key] - 1] if levels[unit.key] else (0,) * self.bands
            for group, value in enumerate(grouped(unit.counts, seen)):
                rows.append(self.sum_of(unit, [c for c in range(self.bands) if seen[c] == group]))
                values.append(value)
        self.rows, self.values = np.array(rows), np.array(values)

    def sum_of(self, unit: Unit, categories: list[int]) -> np.ndarray:
        row = np.zeros(len(self.leaves) * self.bands)
        inside = {one.key for one in unit.walk()}
        for number, leaf in enumerate(self.leaves):
            if leaf.key in inside:
                row[[number * self.bands + category for category in categories]] = 1
        return row

    def width(self, unit: Unit, categories: list[int]) -> float:
        row = self.sum_of(unit, categories)
        ends = [
            linprog(sign * row, A_eq=self.rows, b_eq=self.values, bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        return -ends[1] - ends[0]


def _narrowest(root: Unit, threshold: int = THRESHOLD) -> float:
    """The smallest range of a hidden count, against what is promised for it; below 0 is a leak."""
    split = min(SPLIT, len(root.counts) - 1)
    chain = refinements(root.counts, split)
    levels = shown_levels(root, chain, threshold=threshold)
    attacker = Attacker(root, chain, levels)
    margins = [0.0]
    for unit in root.walk():
        for partition in chain[levels[unit.key] :]:
            for group in range(max(partition) + 1):
                categories = [c for c, g in enumerate(partition) if g == group]
                if _is_shown(chain, levels[unit.key], categories):
                    continue
                promised = min(threshold, unit.size)
                margins.append(attacker.width(unit, categories) - promised)
    return min(margins)


def _is_shown(chain, level: int, categories: list[int]) -> bool:
    """A group that the coarser partition of the unit holds already, undivided."""
    if not level:
        return False
    partition = chain[level - 1]
    group = partition[categories[0]]
    return [c for c, g in enumerate(partition) if g == group] == categories


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_count_can_be_worked_out(seed):
    random = np.random.default_rng(seed)

    assert min(_narrowest(_district(random)) for _ in range(2)) >= -1e-6


@pytest.mark.parametrize("threshold", [5, 10])
def test_no_hidden_school_can_be_worked_out_from_counties(threshold):
    found = [_narrowest(_counties(np.random.default_rng(seed)), threshold) for seed in range(2)]

    assert min(found) >= -1e-6


def test_attacker_finds_what_is_hidden_without_a_cover(monkeypatch):
    monkeypatch.setattr(suppression, "cover_each_other", lambda *_asked: True)

    assert min(_narrowest(_district(np.random.default_rng(seed))) for seed in range(3)) < 0


def _school(random: np.random.Generator) -> ScaleCells:
    """Classes with girls and boys, often all boys in one class."""
    rates = random.dirichlet(np.full(3, 2.0))
    classes = {}
    for number in range(int(random.integers(2, 5))):
        sizes = random.choice([0, 14, 30, 45], size=2) if random.random() < 0.5 else [36, 0]
        sizes = sizes if number else [0, 40]
        if sum(sizes):
            drawn = [random.multinomial(size, rates) for size in sizes]
            cells = [Cell(tuple(map(int, counts)), Moments(30, 90.0, 400.0)) for counts in drawn]
            classes[f"{number}"] = dict(zip(SEXES, cells, strict=True))
    places = tuple(Place(key, PlaceKind.CLASS, key) for key in classes)
    facts = ScaleFacts("phq9", "total", ("low", "mild", "high"), 1, False)
    return ScaleCells(facts, Place("site:1", PlaceKind.SITE, "", places), classes)


class SexAttacker:
    """The same with the report by sex, knowing how many girls and boys answered in each class."""

    def __init__(self, counted: ScaleCells, shown: Shown) -> None:
        self.atoms = [(place.key, sex) for place in counted.root.children for sex in SEXES]
        rows, values = [], []
        for key, sex in self.atoms:
            rows.append(self.sum_of([key], [sex], [0, 1, 2]))
            values.append(sum(counted.cells[key][sex].counts))
        by_sex = shown.by_sex(counted.root, SEXES)
        seen = [(place, SEXES, shown.partition(place)) for _depth, place in counted.root.walk()]
        seen += [(counted.root, [sex], by_sex) for sex in SEXES]
        for place, sexes, partition in seen:
            keys = [one.key for _depth, one in place.walk() if one.kind is PlaceKind.CLASS]
            for group in range(max(partition) + 1) if partition else ():
                categories = [c for c in range(3) if partition[c] == group]
                rows.append(self.sum_of(keys, sexes, categories))
                cells = [counted.cells[key][sex].counts for key in keys for sex in sexes]
                values.append(sum(counts[c] for counts in cells for c in categories))
        self.rows, self.values = np.array(rows), np.array(values)

    def sum_of(self, keys, sexes, categories) -> np.ndarray:
        row = np.zeros((len(self.atoms), 3))
        for number, (key, sex) in enumerate(self.atoms):
            if key in keys and sex in sexes:
                row[number, categories] = 1
        return row.ravel()

    def width(self, key: str, categories: list[int]) -> float:
        row = self.sum_of([key], SEXES, categories)
        ends = [
            linprog(sign * row, A_eq=self.rows, b_eq=self.values, bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        return -ends[1] - ends[0]


def _narrowest_by_sex(random: np.random.Generator) -> tuple[float, bool]:
    """The smallest range against what is promised, and whether the sexes were told at all."""
    counted = _school(random)
    shown = Shown(counted, is_outside=False)
    attacker = SexAttacker(counted, shown)
    margins = [0.0]
    for place in counted.root.children:
        for partition in shown.chain[shown.levels.get(place.key, 0) :]:
            for group in range(max(partition) + 1):
                categories = [c for c in range(3) if partition[c] == group]
                if not _is_shown(shown.chain, shown.levels[place.key], categories):
                    promised = min(THRESHOLD, sum(shown.cell(place).counts))
                    margins.append(attacker.width(place.key, categories) - promised)
    told = shown.by_sex(counted.root, SEXES) is not None
    hidden = any(not shown.levels.get(place.key) for place in counted.root.children)
    return min(margins), told and hidden


def test_girls_and_boys_of_a_school_give_no_hidden_class_away():
    found = [_narrowest_by_sex(np.random.default_rng(seed)) for seed in range(60)]

    assert min(margin for margin, _told in found) >= -1e-6
    assert any(told for _margin, told in found)


def test_attacker_finds_a_hidden_class_where_the_sexes_are_told_all_the_same(monkeypatch):
    monkeypatch.setattr(Shown, "_cover_within_one_sex", lambda *_asked: True)

    assert min(_narrowest_by_sex(np.random.default_rng(seed))[0] for seed in range(60)) < 0


def _rows_of(root: Unit, fewest: int) -> tuple[ScaleCells, Shown]:
    def place(unit: Unit, depth: int) -> Place:
        kinds = (PlaceKind.SITE, PlaceKind.GRADE, PlaceKind.CLASS)
        inside = tuple(place(child, depth + 1) for child in unit.children)
        return Place(unit.key, kinds[depth], unit.key, inside)

    leaves = [unit for unit in root.walk() if not unit.children]
    cells = {one.key: {"f": Cell(one.counts, Moments(one.size, 9.0, 9.0))} for one in leaves}
    bands = tuple(f"b{number}" for number in range(len(root.counts)))
    facts = ScaleFacts("phq9", "total", bands, min(SPLIT, len(bands) - 1), False)
    counted = ScaleCells(facts, place(root, 0), cells)
    return counted, Shown(counted, is_outside=fewest == FEWEST_OUTSIDE)


def _narrowest_size(root: Unit, fewest: int) -> float:
    """The smallest range of a size that is not told, and below 0 where one of a few is told."""
    counted, shown = _rows_of(root, fewest)
    leaves = [unit.key for unit in root.walk() if not unit.children]
    inside = {unit.key: {one.key for one in unit.walk()} for unit in root.walk()}
    rows = {key: [float(leaf in keys) for leaf in leaves] for key, keys in inside.items()}
    told = {p.key: n for _d, p in counted.root.walk() if (n := shown.size(p)) is not None}
    if any(0 < n < fewest for key, n in told.items() if key != root.key):
        return -1.0
    known = [rows[key] for key in told], list(told.values())
    widths = [float(fewest)]
    for key in rows.keys() - told.keys():
        ends = [
            linprog(np.multiply(sign, rows[key]), A_eq=known[0], b_eq=known[1]).fun
            for sign in (1, -1)
        ]
        widths.append(-ends[1] - ends[0])
    return min(widths)


@pytest.mark.parametrize("fewest", [FEWEST_INSIDE, FEWEST_OUTSIDE])
def test_how_many_answered_is_told_of_no_few_and_cannot_be_worked_out(fewest):
    districts = [_district(np.random.default_rng(seed)) for seed in range(14)]

    found = [_narrowest_size(one, fewest) for one in districts if one.size >= fewest]

    assert len(found) > 10
    assert min(found) >= fewest


def test_attacker_finds_a_size_that_is_hidden_alone(monkeypatch):
    def alone(unit, levels, fewest, **_chosen):
        return [one.key for one in unit.walk() if one is not unit and one.size < fewest]

    monkeypatch.setattr(report, "_without_size", alone)
    districts = [_district(np.random.default_rng(seed)) for seed in range(8)]

    assert min(_narrowest_size(one, FEWEST_INSIDE) for one in districts) < 1

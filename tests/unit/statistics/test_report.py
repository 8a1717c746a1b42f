"""What a report says of a place, and what it keeps to itself."""

from dataclasses import replace

from app.psychometrics.comparison import Moments
from app.statistics.domain.report import (
    Cell,
    Place,
    PlaceKind,
    Row,
    ScaleCells,
    ScaleFacts,
    ScaleReport,
    Shown,
    _groups,
    report_on,
)
from app.statistics.domain.suppression import Unit, refinements, shown_levels

FACTS = ScaleFacts("phq9", "total", ("low", "mild", "high"), 2, False)
SEXES = ("f", "m")


def _cell(*counts: int) -> Cell:
    n = sum(counts)
    return Cell(counts, Moments(n, 5.0 * n, 30.0 * n))


def _school(**classes: dict[str, Cell]) -> ScaleCells:
    places = tuple(Place(name, PlaceKind.CLASS, name) for name in classes)
    return ScaleCells(FACTS, Place("site:1", PlaceKind.SITE, "一中", places), classes)


def _shown(counted: ScaleCells, *, is_outside: bool = False) -> Shown:
    return Shown(counted, is_outside=is_outside)


def test_small_class_takes_another_with_it():
    counted = _school(a={"": _cell(30, 9, 1)}, b={"": _cell(30, 8, 8)}, c={"": _cell(31, 9, 9)})

    says = report_on(_shown(counted), counted.root, None, SEXES)

    shown = {row.place.key: len(row.groups) for row in says.rows}
    assert shown == {"site:1": 3, "a": 0, "b": 0, "c": 3}  # a is too small, b covers it


def test_few_have_no_size_on_a_scale_with_a_single_band():
    one_band = ScaleFacts("phq9", "total", ("all",), None, False)
    places = tuple(Place(name, PlaceKind.CLASS, name) for name in "abc")
    cells = {name: {"": _cell(n)} for name, n in zip("abc", (40, 30, 3), strict=True)}
    counted = ScaleCells(one_band, Place("site:1", PlaceKind.SITE, "一中", places), cells)

    says = report_on(_shown(counted), counted.root, None, SEXES)

    assert [row.n for row in says.rows] == [73, 40, None, None]


def test_size_that_one_scale_keeps_to_itself_is_told_by_no_other():
    def says(**sizes: int | None) -> ScaleReport:
        classes = (Row(Place(name, PlaceKind.CLASS, name), 1, n) for name, n in sizes.items())
        return ScaleReport(FACTS, tuple(classes))

    told = Row(Place("d", PlaceKind.CLASS, "d"), 1, 40, _groups((20, 10, 10), (0, 1, 2)))
    one, other = says(a=None, b=None, c=42, d=None), says(a=None, b=20, c=None)
    other = replace(other, rows=(*other.rows, told))

    equal = [each.without_sizes(one.sizeless | other.sizeless) for each in (one, other)]

    assert [[row.n for row in each.rows] for each in equal] == [[None] * 4, [None] * 3 + [40]]


def test_coarser_groups_are_shown_where_single_bands_cannot_be():
    counted = _school(a={"": _cell(30, 9, 9)}, b={"": _cell(30, 2, 8)}, c={"": _cell(31, 9, 9)})

    says = report_on(_shown(counted), counted.root, None, SEXES)

    groups = {row.place.key: [(g.first, g.last, g.count) for g in row.groups] for row in says.rows}
    assert groups["b"] == [(0, 1, 32), (2, 2, 8)]
    assert groups["site:1"] == [(0, 0, 91), (1, 1, 20), (2, 2, 26)]


def test_what_leaves_the_school_shows_no_count_below_ten():
    counted = _school(a={"": _cell(30, 12, 7)}, b={"": _cell(30, 12, 12)}, c={"": _cell(9, 9, 9)})

    inside = report_on(_shown(counted), counted.root, None, SEXES)
    outside = report_on(_shown(counted, is_outside=True), counted.root, None, SEXES)

    assert all(row.groups for row in inside.rows)
    least = min(group.count for row in outside.rows for group in row.groups)
    assert least >= 10


def test_outside_never_shows_what_inside_hides():
    root = Unit(
        "all",
        (100, 40),
        (Unit("a", (30, 4)), Unit("b", (30, 16)), Unit("c", (40, 20))),
    )
    chain = refinements(root.counts)
    inside = shown_levels(root, chain, threshold=5)

    outside = shown_levels(root, chain, threshold=2, within=inside)

    assert all(outside[key] <= inside[key] for key in inside)
    assert inside["a"] == 0


def test_concern_is_the_share_beyond_the_cutoff():
    counted = _school(a={"": _cell(60, 20, 20)})

    whole = report_on(_shown(counted), counted.root, None, SEXES).rows[0]

    assert whole.concern is not None
    assert whole.concern.value == 0.2


def test_low_scores_are_the_concern_where_low_is_worse():
    facts = ScaleFacts("who5", "total", ("low", "good"), 1, True)
    place = Place("site:1", PlaceKind.SITE, "一中")
    counted = ScaleCells(facts, place, {"site:1": {"": _cell(10, 90)}})

    whole = report_on(_shown(counted), place, None, SEXES).rows[0]

    assert whole.concern is not None
    assert whole.concern.value == 0.1


def test_change_is_told_where_both_times_can_be_shown():
    now, then = _school(a={"": _cell(60, 20, 20)}), _school(a={"": _cell(80, 10, 10)})

    whole = report_on(_shown(now), now.root, _shown(then), SEXES).rows[0]

    assert whole.before is not None
    assert whole.change is not None
    assert (whole.before.value, round(whole.change.value, 3)) == (0.1, 0.1)


def test_sexes_are_told_of_a_school():
    counted = _school(
        a={"f": _cell(30, 9, 9), "m": _cell(30, 9, 9)},
        b={"f": _cell(30, 9, 9), "m": _cell(30, 9, 9)},
    )

    says = report_on(_shown(counted), counted.root, None, SEXES)

    assert [one.sex for one in says.sexes] == ["f", "m"]
    assert says.difference is not None


def test_sexes_are_kept_back_where_a_hidden_class_would_be_told():
    # The boys of the school are the class c. It is hidden to cover a; its boys would tell it.
    counted = _school(a={"f": _cell(20, 9, 1)}, b={"f": _cell(40, 20, 20)}, c={"m": _cell(8, 7, 6)})
    shown = _shown(counted)

    says = report_on(shown, counted.root, None, SEXES)

    assert [row.place.key for row in says.rows if not row.groups] == ["a", "c"]
    assert says.sexes == ()


def test_mean_of_the_sexes_is_withheld_where_that_of_the_school_is():
    counted = _school(a={"f": _cell(40, 1, 12), "m": _cell(40, 2, 12)})
    shown = _shown(counted)

    says = report_on(shown, counted.root, None, SEXES)

    assert [len(one.groups) for one in says.sexes] == [2, 2]
    assert [says.rows[0].mean, *(one.mean for one in says.sexes)] == [None] * 3
    assert says.difference is None

"""Of which classes it is told how many took part."""

from app.statistics.domain.participation import Participation, parts_of
from app.statistics.domain.report import Place, PlaceKind

SCHOOL = Place(
    "s",
    PlaceKind.SITE,
    "s",
    tuple(
        Place(
            grade,
            PlaceKind.GRADE,
            grade,
            tuple(Place(f"{grade}{n}", PlaceKind.CLASS, "c") for n in range(2)),
        )
        for grade in ("a", "b", "c")
    ),
)


def hidden(**answered: int) -> str:
    classes = {key: Participation(invited=50, answered=n) for key, n in answered.items()}
    found = parts_of(SCHOOL, classes, fewest=10)
    return " ".join(key for key, part in found.items() if part.is_hidden)


def test_large_classes_are_all_told():
    assert hidden(a0=40, a1=30, b0=40, b1=30, c0=40, c1=30) == ""


def test_a_small_class_takes_its_neighbour_with_it():
    assert hidden(a0=40, a1=3, b0=40, b1=30, c0=40, c1=30) == "a0 a1"


def test_a_small_grade_takes_the_smallest_other_and_all_classes_of_both_with_it():
    assert hidden(a0=4, a1=3, b0=40, b1=30, c0=10, c1=30) == "a a0 a1 c c0 c1"


def test_grades_are_the_sums_of_their_classes():
    classes = {"a0": Participation(30, 20, 15), "a1": Participation(40, 35, 25)}

    part = parts_of(SCHOOL, classes, fewest=10)["a"]

    assert part.counts == Participation(70, 55, 40)


def test_school_that_counted_no_classes_tells_of_none():
    assert parts_of(SCHOOL, {}, fewest=10) == {}

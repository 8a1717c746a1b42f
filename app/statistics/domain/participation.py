"""How many of a place were invited, came to the last page, and left answers to rely on."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.results.domain import hidden_groups
from app.statistics.domain.report import Place, PlaceKind


@dataclass(frozen=True)
class Participation:
    """The counts of one place."""

    invited: int = 0
    finished: int = 0
    answered: int = 0
    careless: int = 0

    def __add__(self, other: "Participation") -> "Participation":
        return Participation(
            self.invited + other.invited,
            self.finished + other.finished,
            self.answered + other.answered,
            self.careless + other.careless,
        )


@dataclass(frozen=True)
class Part:
    """The counts of a grade or class; where they are hidden only who was invited is told."""

    counts: Participation
    is_hidden: bool


def parts_of(
    school: Place, classes: Mapping[str, Participation], *, fewest: int
) -> dict[str, Part]:
    """By key, the counts of the grades and classes of a school, and which stay hidden.

    Hidden is a place where fewer than `fewest` answered, and with it as many of its smallest
    neighbours as keep the school, or the grade, from giving it away. In a hidden grade every class
    is hidden, for together they are the grade. A school that has no counts of classes has none.
    """
    if not classes:
        return {}
    return _shown_inside(school, classes, fewest, is_hidden=False)


def _shown_inside(
    place: Place, classes: Mapping[str, Participation], fewest: int, *, is_hidden: bool
) -> dict[str, Part]:
    counts = [_sum(child, classes) for child in place.children]
    hidden = hidden_groups([one.answered for one in counts], fewest=fewest)
    found: dict[str, Part] = {}
    for number, (child, count) in enumerate(zip(place.children, counts, strict=True)):
        is_unshown = is_hidden or number in hidden
        found[child.key] = Part(count, is_unshown)
        found |= _shown_inside(child, classes, fewest, is_hidden=is_unshown)
    return found


def _sum(place: Place, classes: Mapping[str, Participation]) -> Participation:
    if place.kind is PlaceKind.CLASS:
        return classes.get(place.key, Participation())
    return sum((_sum(child, classes) for child in place.children), Participation())

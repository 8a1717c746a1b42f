"""How many interviews a screening brings, and on which day a class can begin so that they fit."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

#: What to plan for, as the alarm budget does. PHQ-9 item 9 above 0: 3.8 % of 5,533 adults of NHANES
#: 2017-2018 (US CDC/NCHS), planned as 5 %; 29 % of 223 undergraduates of the Universiti Kebangsaan
#: Malaysia (I. Ayuphan). Neither is a figure for Chinese schools: the campaign's own share follows.
FEW, MANY = 0.05, 0.29


@dataclass(frozen=True)
class Load:
    """What one share of students brings in a day and a week, against the slots."""

    share: float
    a_day: float
    slots_a_day: float

    @property
    def fits(self) -> bool:
        """Whether each day's interviews fit into the slots of a day."""
        return self.a_day <= self.slots_a_day

    @property
    def missing_a_week(self) -> int:
        """How many slots a week of five days is short."""
        return max(0, math.ceil((self.a_day - self.slots_a_day) * 5))


@dataclass(frozen=True)
class ClassSize:
    """A class that waits for its day."""

    key: int
    students: int


@dataclass(frozen=True)
class ClassDay:
    """The day on which a class begins, and how many interviews are expected of it."""

    key: int
    on: date
    expected: float


@dataclass(frozen=True)
class Spread:
    """Classes with their day, and those for which no day is left."""

    days: tuple[ClassDay, ...]
    without_day: tuple[int, ...]


def spread(classes: Iterable[ClassSize], days: Sequence[tuple[date, int]], share: float) -> Spread:
    """Let as many classes begin each day as its slots bear, in the order of the school.

    What a day cannot hold waits for the next (a class may be larger than any day); a new class
    begins only where what waits and its own expected interviews fit into the day's slots, or, on a
    day with slots, where nothing waits.
    """
    waiting = list(classes)
    placed: list[ClassDay] = []
    carried = 0.0
    for on, slots in days:
        today = carried
        while waiting and slots:
            expected = waiting[0].students * share
            if today > 0 and today + expected > slots:
                break
            placed.append(ClassDay(waiting.pop(0).key, on, expected))
            today += expected
        carried = max(0.0, today - slots)
    return Spread(tuple(placed), tuple(each.key for each in waiting))

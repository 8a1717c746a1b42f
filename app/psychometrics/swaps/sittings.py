"""What the swap check is told of each student, and what it says."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Evidence(StrEnum):
    """What speaks for a swap."""

    ANSWERS = "answers"
    PACE = "pace"
    FACTS = "facts"
    NEIGHBOURS = "neighbours"
    BESIDE = "beside"
    SEAT_ORDER = "seat_order"
    IN_A_ROW = "in_a_row"
    SAME_BIRTHDAY = "same_birthday"


@dataclass(frozen=True)
class Sittings:
    """One row a student. NaN, or -1 among whole numbers, where something is not known."""

    #: (people, items)
    now: Floats
    #: (times, people, items): the answers of before, the newest first.
    before: Floats
    #: How long each item was shown, now and before; any unit, only order counts.
    shown_now: Floats
    shown_before: Floats
    #: A number for the instrument of each item.
    instrument: Indexes
    #: Class; only students of one class are compared.
    group: Indexes
    #: Place in the class list.
    position: Indexes
    #: The machine in the computer room; NaN elsewhere.
    seat: Floats
    #: When the sitting began, in seconds from any moment.
    begun: Floats
    #: (people, facts)
    facts_now: Floats
    facts_before: Floats
    #: A number for each birthday.
    birthday: Indexes


@dataclass(frozen=True)
class Suspicion:
    """Two students, how likely they were swapped, and what speaks for it."""

    one: int
    other: int
    probability: float
    reasons: tuple[Evidence, ...]

"""Where slips get mixed up: the odds of each pair before any answer is read.

These figures are ours, no published rate exists: one student in a hundred; half of the swaps
between neighbours of the class list or of the computer room, a quarter between two who began one
after the other, the rest anywhere in the class. The same birthday (the check lets both through)
makes a pair ten times as likely.

Where a class sits by its list, two who sit in each other's places either changed places or have
each other's slip. How often it happens is counted in the campaign, but never taken for rarer than
`FRIENDS`: friends change places far more often than slips. Who sat where the last time is no
evidence, for the same reason.
"""

from dataclasses import dataclass

import numpy as np

from app.psychometrics.swaps.sittings import Bools, Evidence, Floats, Indexes, Sittings

SWAPPED_STUDENTS = 0.01
NEIGHBOURS, IN_A_ROW, ANYWHERE = 0.5, 0.25, 0.25
SAME_BIRTHDAY = 10.0

#: A class sits by its list when so many of it do.
BY_LIST = 0.8
#: Of two with each other's slip, in such a class, half still sit in their own places.
STAY_SEATED = 0.5
FRIENDS = 0.02


@dataclass(frozen=True)
class Room:
    """Log odds of each pair before any answer is read, which are near, and what holds of each."""

    prior: Floats
    near: Bools
    told: dict[Evidence, Bools]


def room_of(sittings: Sittings, one: Indexes, other: Indexes) -> Room:
    """What place and time say of each pair."""
    listed = np.abs(sittings.position[one] - sittings.position[other]) == 1
    beside = np.abs(sittings.seat[one] - sittings.seat[other]) == 1
    near = listed | beside
    order = _order(sittings)
    row = (np.abs(order[one] - order[other]) == 1) & (order[one] >= 0) & (order[other] >= 0)
    born = sittings.birthday
    birthday = (born[one] == born[other]) & (born[one] >= 0)
    swaps = SWAPPED_STUDENTS * len(sittings.group) / 2
    chance = swaps * (
        NEIGHBOURS * near / max(near.sum(), 1)
        + IN_A_ROW * row / max(row.sum(), 1)
        + ANYWHERE / len(one)
    )
    chance = np.clip(np.where(birthday, chance * SAME_BIRTHDAY, chance), 1e-12, 0.5)
    changed, seated = _changed_places(sittings, one, other)
    told = {
        Evidence.NEIGHBOURS: listed,
        Evidence.BESIDE: beside,
        Evidence.SEAT_ORDER: changed,
        Evidence.IN_A_ROW: row,
        Evidence.SAME_BIRTHDAY: birthday,
    }
    return Room(np.log(chance / (1 - chance)) + _by_seat(changed, seated, near), near, told)


def _changed_places(sittings: Sittings, one: Indexes, other: Indexes) -> tuple[Bools, Bools]:
    """Which pairs sit in each other's places, among those in a class that sits by its list."""
    place = np.full(len(sittings.group), np.nan)
    for value in np.unique(sittings.group):
        members = np.flatnonzero((sittings.group == value) & ~np.isnan(sittings.seat))
        if not len(members):
            continue
        shifts, counts = np.unique(
            sittings.seat[members] - sittings.position[members], return_counts=True
        )
        if counts.max() >= BY_LIST * len(members):
            place[members] = sittings.position[members] + shifts[counts.argmax()]
    seat = sittings.seat
    changed: Bools = (seat[one] == place[other]) & (seat[other] == place[one])
    return changed, ~np.isnan(place[one]) & ~np.isnan(place[other])


def _by_seat(changed: Bools, seated: Bools, near: Bools) -> Floats:
    """The log ratio of sitting in each other's places, swapped against straight."""
    here = seated & near
    rate = max((np.sum(changed & here) + 1) / (here.sum() + 2), FRIENDS)
    told = np.where(changed, np.log(STAY_SEATED / rate), np.log((1 - STAY_SEATED) / (1 - rate)))
    return np.where(seated, told, 0.0)


def _order(sittings: Sittings) -> Indexes:
    """Who began when, within the class; -1 where that is not known."""
    order = np.full(len(sittings.group), -1)
    for value in np.unique(sittings.group):
        members = np.flatnonzero((sittings.group == value) & ~np.isnan(sittings.begun))
        order[members[np.argsort(sittings.begun[members], kind="stable")]] = np.arange(len(members))
    return order

"""Which students of a campaign probably answered with each other's slip.

Two students i and j, what they answer now (w) and what is known of each from before (u). If the
slips were swapped, w_i goes with u_j and w_j with u_i. The evidence is a log likelihood ratio,
crossed against straight, of three independent parts:

1. Answers, and how quickly each instrument was answered, which is a person's own as well. Both
   become normal scores (van der Waerden); what is missing counts as middling. With
   one Gaussian for "same person, twice" (probabilistic linear discriminant analysis: Ioffe 2006,
   ECCV, doi:10.1007/11744085_41) in canonical variates with retest correlations r_k the ratio is

       -sum_k r_k / (1 - r_k^2) * (u_ik - u_jk) * (w_ik - w_jk)

   r_k and the variates come from the campaign itself. Answers are not normal, so that the sum is
   brought to scale by a logistic regression through zero (calibration: Brummer & du Preez 2006,
   doi:10.1016/j.csl.2005.08.001): swapping a straight pair turns the sign of its sum, hence every
   pair shows both what a straight and what a swapped one looks like, and no swap need be known.
2. Facts that stay (sex, month of birth, an only child): agreement weights of record linkage
   (Fellegi & Sunter 1969, doi:10.1080/01621459.1969.10501049) with the agreement rate m of the
   campaign and each value's share.
3. Where slips get mixed up, as prior odds. These figures are ours, no published rate exists: one
   student in a hundred; half of the swaps between neighbours of the class list or of the computer
   room, a quarter between two who began one after the other, the rest anywhere in the class. The
   same birthday (the check lets both through) makes a pair ten times as likely. Who sat where the
   last time is no evidence: friends change places far more often than slips.

The same mirror tells how far the evidence reaches: the share of straight neighbours whose ratio
would pass if they were swapped. Where that is little, "not enough to tell" is the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]
Bools = NDArray[np.bool_]

SWAPPED_STUDENTS = 0.01
NEIGHBOURS, IN_A_ROW, ANYWHERE = 0.5, 0.25, 0.25
SAME_BIRTHDAY = 10.0

LISTED = 0.25
"""A pair is listed from one in four: a needless look costs less than a child under a wrong name."""

ENOUGH_PEOPLE = 60
"""With fewer people of whom something is known from before nothing is estimated."""

ENOUGH_POWER = 0.1
"""If fewer than one swap in ten would be seen, nothing is listed."""

MAX_RETEST = 0.95
FOLDS = 5
STEPS = 30
PLAIN = 1.0


class Evidence(StrEnum):
    """What speaks for a swap."""

    ANSWERS = "answers"
    FACTS = "facts"
    NEIGHBOURS = "neighbours"
    BESIDE = "beside"
    IN_A_ROW = "in_a_row"
    SAME_BIRTHDAY = "same_birthday"


@dataclass(frozen=True)
class Sittings:
    """One row a student. NaN, or -1 among whole numbers, where something is not known.

    `now` and `before` have a column an item, and one an instrument for how quickly it was answered.
    """

    now: Floats
    before: Floats
    #: Class; only students of one class are compared.
    group: Indexes
    #: Place in the class list.
    position: Indexes
    #: The machine in the computer room; NaN elsewhere.
    seat: Floats
    #: When the sitting began, in seconds from any moment.
    begun: Floats
    facts_now: Floats
    facts_before: Floats
    #: A number for each birthday.
    birthday: Indexes


@dataclass(frozen=True)
class Suspicion:
    """Two students, how likely they were swapped, and what speaks for it, the strongest first."""

    one: int
    other: int
    probability: float
    reasons: tuple[Evidence, ...]


@dataclass(frozen=True)
class SwapCheck:
    """Likely swaps, the likeliest first; `power` is the share of neighbours' swaps it would see."""

    pairs: Sequence[Suspicion] = field(default_factory=tuple)
    power: float = 0.0
    people: int = 0

    @property
    def can_tell(self) -> bool:
        """Whether an empty list means anything."""
        return self.power >= ENOUGH_POWER


def check_swaps(sittings: Sittings) -> SwapCheck:
    """Return likely swapped pairs, each student in one pair at most.

    The evidence is the one that the head of this module describes, in log odds.

    Parameters
    ----------
    sittings : Sittings
        A row a student. A missing answer counts as middling; an unknown fact, beginning or birthday
        says nothing either way.

    Returns
    -------
    SwapCheck
        Pairs from a probability of one in four on. Of `people` answers or facts are known of both
        times; with fewer than 60 of them nothing is estimated, and answers count only where 60 have
        them. Without enough `power` no pair is listed.
    """
    one, other = _pairs(sittings.group)
    twice = _knows(sittings.now, sittings.before)
    people = int(np.sum(twice | _knows(sittings.facts_now, sittings.facts_before)))
    if people < ENOUGH_PEOPLE or len(one) == 0:
        return SwapCheck(people=people)
    answers = np.zeros(len(one))
    if np.sum(twice) >= ENOUGH_PEOPLE:
        answers = _calibrated(_answers(sittings, one, other))
    facts = _facts(sittings, one, other)
    room = _room(sittings, one, other)
    prior, near = room.prior, room.near
    evidence = answers + facts
    odds = evidence + prior
    power = float(np.mean(-evidence[near] + prior[near] > _logit(LISTED))) if near.any() else 0.0
    if power < ENOUGH_POWER:
        return SwapCheck(power=power, people=people)
    speaks = {
        Evidence.ANSWERS: answers > PLAIN,
        Evidence.FACTS: facts > PLAIN,
        **room.told,
    }
    pairs = [
        Suspicion(
            one=int(one[k]),
            other=int(other[k]),
            probability=float(1 / (1 + np.exp(-odds[k]))),
            reasons=tuple(reason for reason, holds in speaks.items() if holds[k]),
        )
        for k in _likeliest(odds, one, other)
    ]
    return SwapCheck(pairs=pairs, power=power, people=people)


def _likeliest(odds: Floats, one: Indexes, other: Indexes) -> list[int]:
    """Which pairs are listed; each student is in the likeliest one only."""
    chosen: list[int] = []
    taken: set[int] = set()
    for k in np.argsort(-odds, kind="stable").tolist():
        if odds[k] <= _logit(LISTED):
            break
        pair = {int(one[k]), int(other[k])}
        if not taken & pair:
            taken |= pair
            chosen.append(k)
    return chosen


def _pairs(group: Indexes) -> tuple[Indexes, Indexes]:
    """Every two of a class."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for value in np.unique(group):
        members = np.flatnonzero(group == value)
        first, second = np.triu_indices(len(members), 1)
        ones.append(members[first])
        others.append(members[second])
    return np.concatenate(ones), np.concatenate(others)


def _knows(now: Floats, before: Floats) -> Bools:
    """Of whom something is known of both times."""
    both: Bools = np.any(~np.isnan(now) & ~np.isnan(before), axis=1)
    return both


def _answers(sittings: Sittings, one: Indexes, other: Indexes) -> Floats:
    """Part 1 of the evidence, not yet to scale; 0 where one of the two answered only once.

    Each class is judged by what the others show: a class's own straight and swapped pairs must not
    teach what straight looks like.
    """
    known = _knows(sittings.now, sittings.before)
    u, w = np.zeros_like(sittings.before), np.zeros_like(sittings.now)
    u[known], w[known] = _normal_scores(sittings.before[known]), _normal_scores(sittings.now[known])
    found = np.zeros(len(one))
    classes = np.unique(sittings.group[known])
    for fold in np.array_split(classes, min(FOLDS, len(classes))):
        taught = known & ~np.isin(sittings.group, fold)
        asked = np.isin(sittings.group[one], fold) & known[one] & known[other]
        if not taught.any() or not asked.any():
            continue
        turn, weight = _variates(u[taught], w[taught])
        i, j = one[asked], other[asked]
        found[asked] = -(((u[i] - u[j]) @ turn * ((w[i] - w[j]) @ turn)) @ weight)
    return found


def _variates(u: Floats, w: Floats) -> tuple[Floats, Floats]:
    """The canonical variates of "same person, twice", and the weight r / (1 - r^2) of each."""
    n, d = u.shape
    ridge = d / (d + n)
    total = _shrunk((u.T @ u + w.T @ w) / (2 * n), ridge)
    same = _shrunk((u.T @ w + w.T @ u) / (2 * n), ridge)
    half = np.linalg.inv(np.linalg.cholesky(total + ridge * 1e-3 * np.eye(d)))
    retest, turn = np.linalg.eigh(half @ same @ half.T)
    kept = retest > 1 / np.sqrt(n)  # below that it is chance
    r = np.minimum(retest[kept], MAX_RETEST)
    return half.T @ turn[:, kept], r / (1 - r**2)


def _shrunk(matrix: Floats, share: float) -> Floats:
    """What two items have in common is less certain than what each keeps to itself."""
    return matrix * (1 - share) + share * np.diag(np.diag(matrix))


def _normal_scores(answers: Floats) -> Floats:
    """Each column by mid-ranks on the normal scale, mean 0, variance 1; missing is 0."""
    from scipy.stats import norm, rankdata

    scores = np.zeros_like(answers)
    for k, column in enumerate(answers.T):
        there = ~np.isnan(column)
        if not there.any():
            continue
        values = norm.ppf((rankdata(column[there]) - 0.5) / there.sum())
        spread = values.std()
        scores[there, k] = (values - values.mean()) / spread if spread > 0 else 0.0
    return scores


def _calibrated(ratio: Floats) -> Floats:
    """Brought to scale: the slope of a logistic regression through zero, straight and mirrored."""
    told = ratio[ratio != 0.0]
    slope = 1.0
    for _ in range(STEPS if len(told) else 0):
        share = 1 / (1 + np.exp(np.clip(-slope * told, -500, 500)))
        gradient = np.sum(share * told)
        curvature = np.sum(share * (1 - share) * told**2) + 1e-9
        slope = max(slope - gradient / curvature, slope / 2)
    return ratio * min(slope, 1.0)


def _facts(sittings: Sittings, one: Indexes, other: Indexes) -> Floats:
    """Part 2 of the evidence."""
    total = np.zeros(len(one))
    for now, before in zip(sittings.facts_now.T, sittings.facts_before.T, strict=True):
        there = ~np.isnan(now) & ~np.isnan(before)
        if not there.any():
            continue
        agree = (np.sum(now[there] == before[there]) + 1) / (there.sum() + 2)
        values, counts = np.unique(before[there], return_counts=True)
        shares = counts / counts.sum()
        share_of = dict(zip(values.tolist(), shares.tolist(), strict=True))
        u = np.array([share_of.get(value, 1.0) for value in before.tolist()])
        chance = min(float(np.sum(shares**2)), 0.999)
        differ = np.log((1 - agree) / (1 - chance))

        def weight(at: Indexes, of: Indexes) -> Floats:
            same = np.log(agree / u[of])  # noqa: B023 -- called at once
            found = np.where(now[at] == before[of], same, differ)  # noqa: B023
            return np.where(there[at] & there[of], found, 0.0)  # noqa: B023

        crossed = weight(one, other) + weight(other, one)
        total += crossed - np.where(
            there[one] & there[other], weight(one, one) + weight(other, other), 0.0
        )
    return total


@dataclass(frozen=True)
class _Room:
    """Log odds of each pair before any answer is read, which are near, and what holds of each."""

    prior: Floats
    near: Bools
    told: dict[Evidence, Bools]


def _room(sittings: Sittings, one: Indexes, other: Indexes) -> _Room:
    """Part 3."""
    listed = np.abs(sittings.position[one] - sittings.position[other]) == 1
    beside = np.abs(sittings.seat[one] - sittings.seat[other]) == 1
    near = listed | beside
    order = _order(sittings)
    known = (order[one] >= 0) & (order[other] >= 0)
    row = (np.abs(order[one] - order[other]) == 1) & known
    born = sittings.birthday
    birthday = (born[one] == born[other]) & (born[one] >= 0)
    swaps = SWAPPED_STUDENTS * len(sittings.group) / 2
    chance = swaps * (
        NEIGHBOURS * near / max(near.sum(), 1)
        + IN_A_ROW * row / max(row.sum(), 1)
        + ANYWHERE / len(one)
    )
    chance = np.clip(np.where(birthday, chance * SAME_BIRTHDAY, chance), 1e-12, 0.5)
    told = {
        Evidence.NEIGHBOURS: listed,
        Evidence.BESIDE: beside,
        Evidence.IN_A_ROW: row,
        Evidence.SAME_BIRTHDAY: birthday,
    }
    return _Room(np.log(chance / (1 - chance)), near, told)


def _order(sittings: Sittings) -> Indexes:
    """Who began when, within the class; -1 where that is not known."""
    order = np.full(len(sittings.group), -1)
    for value in np.unique(sittings.group):
        members = np.flatnonzero((sittings.group == value) & ~np.isnan(sittings.begun))
        order[members[np.argsort(sittings.begun[members], kind="stable")]] = np.arange(len(members))
    return order


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))

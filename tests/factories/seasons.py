"""A second invented school, made otherwise than `retests`: what the check must not be fitted to.

Graded responses (logistic, every item with its own slope and steps) to the batteries that the
product proposes, over several seasons. A strain is part trait, part passing state, with a
correlation of `stay` between two seasons; each item keeps something of its own. Besides, what
invented answers usually lack: people who use the ends of the options and people who do not, a few
who answer without reading, girls and boys who differ, holes, students who are new or were ill,
seconds that go astray, a class that was hurried. Swaps lie where the check expects only a part of
them: five between neighbours of the list, three between two who began in a row, two anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.psychometrics.swaps import Sittings
from app.psychometrics.swaps.sittings import Floats, Indexes
from tests.factories.retests import CLASS

Random = np.random.Generator


class Scale(NamedTuple):
    """Items, answers to each, the share of the lowest answer, whether much is worse."""

    items: int
    answers: int
    lowest: float
    is_worse: bool


SCALES = {
    "phq9": Scale(9, 4, 0.62, True),
    "gad7": Scale(7, 4, 0.6, True),
    "who5": Scale(5, 6, 0.05, False),
    "mspss": Scale(12, 7, 0.04, False),
    "rses": Scale(10, 4, 0.1, False),
    "difficulties": Scale(4, 4, 0.45, True),
}
#: What the scales of a season have in common.
BETWEEN = 0.65
#: Of the correlation between two seasons so much is state that passes on, the rest trait.
STATE = 0.12
#: What an item keeps to itself, and what passes, on the scale of its logits.
OWN, PASSING = 0.7, 0.35
ENDS, LEAN = 0.25, 0.14
CARELESS, MISSING, NEW, ILL = 0.04, 0.01, 0.05, 0.04
#: Log seconds: spread of a person's pace, its correlation between seasons, spread of one look.
PACE, PACE_STAYS, LOOK, ASTRAY = 0.3, 0.65, 0.5, 0.04
#: Boxes of "whom do you live with": how many tick each, and how often it is ticked otherwise.
HOME = ((0.85, 0.03), (0.75, 0.04), (0.35, 0.06), (0.5, 0.04), (0.05, 0.02), (0.12, 0.05))
HELP = (0.6, 0.65, 0.25, 0.1, 0.03, 0.02, 0.12)
EVENTS = (0.08, 0.12, 0.08, 0.06, 0.04, 0.15, 0.07, 0.3, 0.12)
PARENTS = (0.68, 0.16, 0.1, 0.06)
#: Where they swap: neighbours of the list, two who began in a row, anywhere.
PLACES = (5, 3, 2)
FRIENDS, IN_OWN_SEAT = 0.03, 0.7


@dataclass(frozen=True)
class Years:
    """Every season, and which pairs hold each other's slip in the last."""

    sittings: Sittings
    swapped: frozenset[tuple[int, int]]

    @property
    def retest(self) -> float:
        """Correlation of the PHQ-9 sums of the last two seasons, of who answered all of both."""
        first, second = self.sittings.before[0, :, :9].sum(1), self.sittings.now[:, :9].sum(1)
        both = ~np.isnan(first) & ~np.isnan(second)
        return float(np.corrcoef(first[both], second[both])[0, 1])


def years(
    seed: int,
    *,
    scales: Sequence[str] = ("phq9", "gad7", "who5"),
    seasons: int = 2,
    stay: float = 0.88,
    background: bool = False,
    seats: bool = False,
    places: Sequence[int] = PLACES,
    people: int = 1_200,
) -> Years:
    """`background` asks the page of the library as well; `seats` has classes sit by their list."""
    random = np.random.default_rng(seed)
    group = np.arange(people) // CLASS
    names = [*scales, "difficulties"] if background else list(scales)
    answers = _answers(random, group, names, seasons, stay)
    shown = _shown(random, group, answers.shape)
    _without_reading(random, answers, shown, names)
    answers[random.uniform(size=answers.shape) < MISSING] = np.nan
    facts = _background(random, group, seasons) if background else np.empty((seasons, people, 0))
    new = random.uniform(size=people) < NEW
    for season in range(seasons - 1):
        away = new | (random.uniform(size=people) < ILL)
        for table in (answers, shown, facts):
            table[season, away] = np.nan
    begun = group * 3_000.0 + random.uniform(0, 300, people)
    seat = _seated(random, group) if seats else np.full(people, np.nan)
    pairs = _planted(random, group, begun, places)
    for pair in map(list, pairs):
        for table in (answers[-1], shown[-1], facts[-1]):
            table[pair] = table[pair[::-1]]
        if random.uniform() < IN_OWN_SEAT:
            seat[pair] = seat[pair[::-1]]
    return Years(
        Sittings(
            now=answers[-1],
            before=answers[-2::-1],
            shown_now=shown[-1],
            shown_before=shown[-2::-1],
            instrument=np.repeat(np.arange(len(names)), [SCALES[name].items for name in names]),
            group=group,
            position=np.arange(people) % CLASS,
            seat=seat,
            begun=begun,
            facts_now=facts[-1],
            facts_before=facts[-2],
            birthday=random.integers(0, 365, people),
        ),
        frozenset(pairs),
    )


def _series(random: Random, people: int, seasons: int, trait: float, passes_on: float) -> Floats:
    own, state = random.standard_normal(people), random.standard_normal(people)
    found = []
    for _ in range(seasons):
        found.append(np.sqrt(trait) * own + np.sqrt(1 - trait) * state)
        fresh = random.standard_normal(people)
        state = passes_on * state + np.sqrt(1 - passes_on**2) * fresh
    return np.array(found)


def _answers(
    random: Random, group: Indexes, names: Sequence[str], seasons: int, stay: float
) -> Floats:
    people = len(group)
    trait = stay - STATE
    course = (seasons, trait, (stay - trait) / (1 - trait))
    general = _series(random, people, *course)
    ends, lean = np.exp(ENDS * random.standard_normal(people)), random.standard_normal(people)
    girl = random.integers(0, 2, people)
    columns = []
    for scale in (SCALES[name] for name in names):
        part = _series(random, people, *course)
        strain = np.sqrt(BETWEEN) * general + np.sqrt(1 - BETWEEN) * part
        for _ in range(scale.items):
            steps = _steps(random, scale)
            kept = OWN * random.standard_normal(people) + random.normal(0.15, 0.25) * girl
            passing = PASSING * random.standard_normal((seasons, people))
            level = (strain if scale.is_worse else -strain) + LEAN * lean
            slope = random.uniform(1.2, 2.4)
            logits = (
                slope * (level[..., None] - steps * ends[:, None]) + (kept + passing)[..., None]
            )
            drawn = random.uniform(size=(seasons, people, 1))
            columns.append(np.sum(drawn < 1 / (1 + np.exp(-logits)), axis=2).astype(float))
    return np.stack(columns, axis=2)


def _steps(random: Random, scale: Scale) -> Floats:
    lowest = np.clip(random.normal(scale.lowest, 0.12 if scale.lowest > 0.3 else 0.02), 0.02, 0.85)
    normal = np.sort(random.standard_normal(4_000))
    return np.quantile(normal, np.linspace(lowest, 0.97, scale.answers - 1))


def _shown(random: Random, group: Indexes, shape: tuple[int, ...]) -> Floats:
    seasons, people, items = shape
    own = PACE * _series(random, people, seasons, PACE_STAYS, 0.0)
    hurried = random.normal(0, 0.15, (seasons, int(group.max()) + 1))[:, group]
    look = LOOK * random.standard_normal(shape)
    look[random.uniform(size=shape) < ASTRAY] += 1.5
    logs = random.normal(8.3, 0.3, items) + (hurried - own)[..., None] + look
    shown: Floats = np.exp(logs)
    return shown


def _without_reading(random: Random, answers: Floats, shown: Floats, names: Sequence[str]) -> None:
    seasons, people, _ = answers.shape
    prone = random.uniform(size=people) < CARELESS
    for season in range(seasons):
        chance = np.where(prone, 0.6, CARELESS * 0.4)
        for person in np.flatnonzero(random.uniform(size=people) < chance):
            at = 0
            for scale in (SCALES[name] for name in names):
                same = random.integers(0, scale.answers)
                any_of = random.integers(0, scale.answers, scale.items)
                given = same if random.uniform() < 0.6 else any_of
                answers[season, person, at : at + scale.items] = given
                at += scale.items
            shown[season, person] *= 0.4


def _background(random: Random, group: Indexes, seasons: int) -> Floats:
    """The background page: whom one lives with, boarding, parents, events, help."""
    people = len(group)
    home = [random.uniform(size=people) < share for share, _ in HOME]
    help_from = random.uniform(size=(people, len(HELP))) < HELP
    boards = random.uniform(size=int(group.max()) + 1) < 0.3
    boarding = np.where(
        boards[group],
        random.choice(3, people, p=[0.1, 0.8, 0.1]),
        random.choice(3, people, p=[0.93, 0.05, 0.02]),
    )
    parents = random.choice(4, people, p=PARENTS)
    found = []
    for _ in range(seasons):
        slips = random.uniform(size=(len(HOME), people)) < np.array(HOME)[:, 1:]
        boxes = np.array(home) ^ slips
        anew = random.uniform(size=help_from.shape)
        helped = np.where(anew < 0.25, random.uniform(size=help_from.shape) < HELP, help_from)
        events = random.uniform(size=(people, len(EVENTS))) < EVENTS
        other = random.uniform(size=people)
        board = np.where(other < 0.04, random.integers(0, 3, people), boarding)
        away = np.where(other > 0.85, random.choice(4, people, p=PARENTS), parents)
        found.append(np.column_stack([*boxes, board, away, events, helped]).astype(float))
    return np.array(found)


def _seated(random: Random, group: Indexes) -> Floats:
    """By the list; some friends have changed places, some machines were broken."""
    people = len(group)
    seat = np.arange(people) % CLASS + 1.0
    for one in np.flatnonzero(random.uniform(size=people - 1) < FRIENDS):
        if group[one] == group[one + 1]:
            seat[[one, one + 1]] = seat[[one + 1, one]]
    broken = random.uniform(size=people) < 0.03
    return np.where(broken, random.integers(CLASS + 1, CLASS + 9, people), seat)


def _planted(
    random: Random, group: Indexes, begun: Floats, places: Sequence[int]
) -> list[tuple[int, int]]:
    """In each class one pair at most."""
    pairs = []
    classes = random.choice(int(group.max()) + 1, sum(places), replace=False)
    for value, place in zip(classes, np.repeat(np.arange(3), places), strict=True):
        members = np.flatnonzero(group == value)
        queue = members[np.argsort(begun[members])]
        first = random.integers(0, len(members) - 1)
        pair = (
            members[first : first + 2],
            queue[first : first + 2],
            random.choice(members, 2, replace=False),
        )[place]
        pairs.append((int(min(pair)), int(max(pair))))
    return pairs

"""The alarm budget: on whose answers the rules are run, and what that asks of each counsellor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.access.actor import Actor
from app.instruments.items import NUMERIC_KINDS
from app.instruments.model import Instrument
from app.instruments.scales import Cutoff, Scale
from app.psychometrics.copula import FEWEST_PEOPLE, AnswerModel
from app.psychometrics.refusal import CannotEstimate
from app.results import past
from app.results.changes import sees_persons
from app.scoring import CompiledInstrument
from app.scoring.proof import answers_of
from app.scoring.results import Floats
from app.triage.budget import Answered, Key, Load, movable, sweep, threshold_of
from app.triage.rulebook import standard

#: So many of the newest results are read; more would say the same, later.
MOST_RESULTS = 5000
#: So many made-up students answer, always the same ones for the same answers.
MADE_UP, SEED = 2000, 8


class Basis(StrEnum):
    """Whose answers the rules are run over."""

    #: The newest answers of each student at the actor's own schools.
    OWN = "own"
    #: Made-up students who answer as all schools' students did.
    MADE_UP = "made_up"
    #: The worked examples of the instrument.
    EXAMPLES = "examples"


@dataclass(frozen=True)
class Plan:
    """What a person sets: students to be asked, weeks, counsellors, talks each can hold a week."""

    students: int
    weeks: int
    counsellors: int
    capacity: float


@dataclass(frozen=True)
class BudgetRow:
    """One cut-off: how many are flagged, and talks per counsellor and week by level."""

    load: Load
    flagged: float
    by_level: tuple[float, ...]
    share: float

    @property
    def total(self) -> float:
        """Talks per counsellor and week."""
        return sum(self.by_level)


@dataclass(frozen=True)
class Bar:
    """One cut-off in the chart: its place, and the pieces of its column from the bottom."""

    x: float
    label: str
    parts: tuple[tuple[float, float], ...]
    is_published: bool
    total: str
    top: float


@dataclass(frozen=True)
class BudgetChart:
    """Where everything on the chart lies, in units of its view box."""

    bars: tuple[Bar, ...]
    width: float
    capacity_y: float | None


@dataclass(frozen=True)
class Budget:
    """Everything the page shows about one cut-off that moves."""

    basis: Basis
    people: int
    key: Key
    scale: Scale
    rows: tuple[BudgetRow, ...]
    chart: BudgetChart


#: The chart's view box: height of the plot, the space above and to the left.
PLOT, TOP, LEFT, RIGHT, STEP = 200.0, 24.0, 40.0, 680.0, 70.0


def cutoffs_of(instrument: Instrument) -> list[tuple[Key, Scale, Cutoff, float]]:
    """Every cut-off that can be moved, with where it stands."""
    return [(key, s, c, threshold_of(c)) for key, s, c in movable(instrument)]


def budget(
    actor: Actor,
    instrument: Instrument,
    *,
    key: Key,
    thresholds: Mapping[Key, float],
    plan: Plan,
) -> Budget:
    """Run the rules while the cut-off `key` moves; the published rules of triage say the level."""
    basis, answered = _answers(actor, CompiledInstrument(instrument))
    loads = sweep(instrument, answered, standard(), key=key, thresholds=thresholds)
    rows = tuple(_row(load, answered.people, plan) for load in loads)
    scale = instrument.scale(key[0])
    return Budget(basis, answered.people, key, scale, rows, _chart(rows, plan.capacity))


def _answers(actor: Actor, compiled: CompiledInstrument) -> tuple[Basis, Answered]:
    """Real answers only for whom they may be shown, and only where they are not too few."""
    code = compiled.instrument.code
    sites = None if actor.everywhere else actor.site_ids
    if sees_persons(actor):
        own = past.newest_results(code, site_ids=sites, limit=MOST_RESULTS)
        if len(own) >= FEWEST_PEOPLE:
            return Basis.OWN, past.answered(compiled, own)
    everybody = past.newest_results(code, site_ids=None, limit=MOST_RESULTS)
    if len(everybody) >= FEWEST_PEOPLE:
        try:
            return Basis.MADE_UP, _made_up(compiled, past.answered(compiled, everybody))
        except CannotEstimate:
            pass
    return Basis.EXAMPLES, _examples(compiled)


def _made_up(compiled: CompiledInstrument, real: Answered) -> Answered:
    """Students who are nobody: the same distributions and correlations, sex and age drawn apart."""
    asked = [
        column
        for column, item in enumerate(compiled.instrument.items)
        if item.kind in NUMERIC_KINDS and np.isnan(real.matrix[:, column]).mean() < 1 / 2
    ]
    rng = np.random.default_rng(SEED)
    matrix = np.full((MADE_UP, real.matrix.shape[1]), np.nan)
    matrix[:, asked] = AnswerModel.of(real.matrix[:, asked]).draw(MADE_UP, rng)

    def drawn(values: Floats | None) -> Floats | None:
        return None if values is None else rng.choice(values, MADE_UP)

    return Answered(matrix, None, drawn(real.sex), drawn(real.age), drawn(real.grade))


def _examples(compiled: CompiledInstrument) -> Answered:
    codes = compiled.instrument.item_codes
    rows = [
        [_number(answers.get(code)) for code in codes]
        for answers in (answers_of(example, codes) for example in compiled.instrument.examples)
    ]
    return Answered(np.array(rows, dtype=np.float64).reshape(-1, len(codes)))


def _number(answer: object) -> float:
    return float(answer) if isinstance(answer, int | float) else np.nan


def _row(load: Load, people: int, plan: Plan) -> BudgetRow:
    per = plan.students / max(people, 1)
    each = max(plan.weeks * plan.counsellors, 1)
    return BudgetRow(
        load=load,
        flagged=load.flagged * per,
        by_level=tuple(count * per / each for count in load.people),
        share=load.flagged / max(people, 1),
    )


def _chart(rows: Sequence[BudgetRow], capacity: float) -> BudgetChart:
    highest = max([capacity, *(row.total for row in rows)], default=1) or 1

    def y(value: float) -> float:
        return round(TOP + PLOT * (1 - value / highest), 1)

    bars = []
    for place, row in enumerate(rows):
        parts, below = [], 0.0
        for value in row.by_level:
            parts.append((y(below + value), round(y(below) - y(below + value), 1)))
            below += value
        bars.append(
            Bar(
                x=LEFT + 10 + STEP * place,
                label=f"{row.load.threshold:g}",
                parts=tuple(parts),
                is_published=row.load.is_published,
                total=f"{row.total:.1f}",
                top=y(below),
            )
        )
    return BudgetChart(tuple(bars), RIGHT, y(capacity) if capacity else None)

"""An instrument made ready to score; its worked examples have to come out before it serves."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from app.instruments.model import Instrument
from app.instruments.problems import InstrumentError
from app.instruments.words import Chosen
from app.scoring import proof
from app.scoring.flags import Answers, ItemFlag, flag_plans
from app.scoring.people import People
from app.scoring.results import (
    ENGINE_VERSION,
    AdministrationScores,
    Bools,
    CohortScores,
    Flag,
    Floats,
    Person,
    ScaleColumns,
    ScaleScore,
)
from app.scoring.scales import ScaleTable, Sheet

UNKNOWN = Person()


def compile_instrument(instrument: Instrument) -> "CompiledInstrument":
    """Return `instrument` ready to score; raise `InstrumentError` where an example fails."""
    compiled = CompiledInstrument(instrument)
    if problems := proof.check(compiled):
        raise InstrumentError(problems)
    return compiled


class CompiledInstrument:
    """Scores cohorts and single people with one and the same code."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._columns = {code: column for column, code in enumerate(instrument.item_codes)}
        self._refusals = np.array(
            [
                np.nan if item.refusal_value is None else item.refusal_value
                for item in instrument.items
            ]
        )
        self._scales = ScaleTable(instrument)
        self._flags = flag_plans(instrument)
        self._critical = {
            plan.item.code: plan
            for plan in self._flags
            if isinstance(plan, ItemFlag) and plan.is_critical
        }

    def score(
        self,
        matrix: ArrayLike,
        *,
        refused: Bools | None = None,
        sex: Sequence[str | None] | Floats | None = None,
        age: ArrayLike | None = None,
        grade: ArrayLike | None = None,
    ) -> CohortScores:
        """Score people by items, items in published order, NaN for missing.

        `refused` marks answers that were shown and refused: they call somebody where the item is
        critical, an empty cell never does.
        """
        answers = np.asarray(matrix, dtype=np.float64)
        people = People.of(len(answers), sex, age, grade)
        decided = self._decide(answers, refused, people)
        flags = {plan.code: plan.fires(decided) for plan in self._flags}
        return CohortScores(decided.scales, flags, decided.within_ages, len(answers))

    def score_one(
        self,
        answers: Mapping[str, float | None],
        *,
        refused: frozenset[str] = frozenset(),
        person: Person = UNKNOWN,
    ) -> AdministrationScores:
        """Score one person with the reason of every flag."""
        matrix = np.full((1, len(self._columns)), np.nan)
        for code, value in answers.items():
            matrix[0, self._columns[code]] = np.nan if value is None else value
        mask = np.array([[code in refused for code in self._columns]])
        decided = self._decide(matrix, mask, People.one(person))
        return AdministrationScores(
            instrument=self.instrument.code,
            instrument_version=self.instrument.version,
            content_hash=self.instrument.content_hash,
            engine_version=ENGINE_VERSION,
            scales={code: _single(code, c, self) for code, c in decided.scales.items()},
            flags=tuple(p.explain(decided) for p in self._flags if p.fires(decided)[0]),
            within_ages=bool(decided.within_ages[0]),
        )

    def critical_flag(self, item: str, answer: Chosen) -> Flag | None:
        """Return the critical flag that one answer raises at the tap, or None."""
        plan = self._critical.get(item)
        if plan is None or plan.item.critical_rule(answer) is None:
            return None
        return plan.flag("refused" if answer == plan.item.refusal_value else answer)

    def _decide(self, matrix: Floats, refused: Bools | None, people: People) -> Answers:
        if refused is None:
            refused = np.zeros(matrix.shape, dtype=np.bool_)
        else:
            matrix = np.where(refused, self._refusals, matrix)
        within = people.within(self.instrument.ages)
        scales = self._scales.score(Sheet.of(matrix), people, within)
        return Answers(matrix, refused, scales, people, within)


def _single(code: str, columns: ScaleColumns, compiled: CompiledInstrument) -> ScaleScore:
    band, answered = int(columns.band[0]), int(columns.answered[0])
    return ScaleScore(
        scale=code,
        score=_or_none(columns.score[0]),
        raw=_or_none(columns.raw[0]),
        answered=answered,
        missing=len(compiled.instrument.scale(code).items) - answered,
        band=columns.band_codes[band] if band >= 0 else None,
        prorated=bool(columns.prorated[0]),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

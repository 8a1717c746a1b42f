"""An instrument made ready to score; its worked examples have to come out before it serves."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from app.instruments.formulas import read_formulas
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
from app.scoring.scales import ScaleTable
from app.scoring.sheet import SheetMaker

UNKNOWN = Person()
NOTHING: Mapping[str, float] = {}


def compile_instrument(
    instrument: Instrument, *, sets: Mapping[str, str] | None = None
) -> "CompiledInstrument":
    """Return `instrument` ready to score; raise `InstrumentError` where an example fails.

    `sets` chooses, for a scale, another of its named sets of bands and cut-offs than the first.
    The examples are worked for the first ones.
    """
    proven = CompiledInstrument(instrument)
    if problems := proof.check(proven):
        raise InstrumentError(problems)
    return CompiledInstrument(instrument, sets) if sets else proven


class CompiledInstrument:
    """Scores cohorts and single people with one and the same code."""

    def __init__(self, instrument: Instrument, sets: Mapping[str, str] | None = None) -> None:
        self.instrument = instrument
        self.formulas = read_formulas(instrument)
        self._sets = sets or {}
        self._columns = {code: column for column, code in enumerate(instrument.item_codes)}
        self._sheets = SheetMaker(instrument, self.formulas)
        self._scales = ScaleTable(instrument, self.formulas, self._sets)
        self._flags = flag_plans(instrument, self.formulas, self._sets)
        self._critical = {
            plan.item.code: plan
            for plan in self._flags
            if isinstance(plan, ItemFlag) and plan.is_critical
        }
        #: What flags look at beyond this instrument: `gad7.total`, `previous.total`.
        self.elsewhere = frozenset(self._names_elsewhere())

    def score(
        self,
        matrix: ArrayLike,
        *,
        refused: Bools | None = None,
        sex: Sequence[str | None] | Floats | None = None,
        age: ArrayLike | None = None,
        grade: ArrayLike | None = None,
        context: Mapping[str, Floats] | None = None,
    ) -> CohortScores:
        """Score people by items, items in published order, NaN for missing.

        `refused` marks answers that were shown and refused: they call somebody where the item is
        critical, an empty cell never does. `context` holds scores from elsewhere that flags may
        look at: `gad7.total` of the same sitting, `previous.total` of the last one.
        """
        given = np.asarray(matrix, dtype=np.float64)
        people = People.of(len(given), sex, age, grade)
        decided = self._decide(given, refused, people, context or {})
        flags = {plan.code: plan.fires(decided) for plan in self._flags}
        return CohortScores(decided.scales, flags, decided.sheet.within_ages, len(given))

    def counting(
        self,
        matrix: ArrayLike,
        *,
        refused: Bools | None = None,
        sex: Floats | None = None,
        age: Floats | None = None,
        grade: Floats | None = None,
    ) -> Floats:
        """Return the answers as they count: NaN for missing, refused and not shown."""
        given = np.asarray(matrix, dtype=np.float64)
        people = People.of(len(given), sex, age, grade)
        sheet = self._sheets.make(given, refused, people, {})
        return np.where(sheet.counted == 1, sheet.numbers, np.nan)

    def score_one(
        self,
        answers: Mapping[str, float | None],
        *,
        refused: frozenset[str] = frozenset(),
        person: Person = UNKNOWN,
        context: Mapping[str, float] = NOTHING,
    ) -> AdministrationScores:
        """Score one person with the reason of every flag."""
        decided = self.decide_one(answers, refused=refused, person=person, context=context)
        return AdministrationScores(
            instrument=self.instrument.code,
            instrument_version=self.instrument.version,
            content_hash=self.instrument.content_hash,
            engine_version=ENGINE_VERSION,
            scales={code: self._single(code, c) for code, c in decided.scales.items()},
            flags=tuple(p.explain(decided) for p in self._flags if p.fires(decided)[0]),
            within_ages=bool(decided.sheet.within_ages[0]),
        )

    def decide_one(
        self,
        answers: Mapping[str, float | None],
        *,
        refused: frozenset[str] = frozenset(),
        person: Person = UNKNOWN,
        context: Mapping[str, float] = NOTHING,
    ) -> Answers:
        """Return one person's answers and scores as the engine sees them."""
        matrix = np.full((1, len(self._columns)), np.nan)
        for code, value in answers.items():
            matrix[0, self._columns[code]] = np.nan if value is None else value
        mask = np.array([[code in refused for code in self._columns]]) if refused else None
        elsewhere = {name: np.array([float(value)]) for name, value in context.items()}
        return self._decide(matrix, mask, People.one(person), elsewhere)

    def not_asked(
        self,
        answers: Mapping[str, float | None],
        *,
        refused: frozenset[str] = frozenset(),
        person: Person = UNKNOWN,
    ) -> frozenset[str]:
        """The items that are left out for such a person after these answers."""
        hidden = self.decide_one(answers, refused=refused, person=person).sheet.hidden
        if hidden is None:
            return frozenset()
        return frozenset(code for code, column in self._columns.items() if hidden[0, column])

    def critical_flag(self, item: str, answer: Chosen) -> Flag | None:
        """Return the critical flag that one answer raises at the tap, or None."""
        plan = self._critical.get(item)
        if plan is None or plan.item.critical_rule(answer) is None:
            return None
        return plan.flag("refused" if answer == plan.item.refusal_value else answer)

    def _names_elsewhere(self) -> Iterator[str]:
        own = {scale.code for scale in self.instrument.scales}
        for logic in self.formulas.flags.values():
            yield from (n for n in logic.names if "." in n and n.partition(".")[0] not in own)

    def _decide(
        self,
        matrix: Floats,
        refused: Bools | None,
        people: People,
        context: Mapping[str, Floats],
    ) -> Answers:
        sheet = self._sheets.make(matrix, refused, people, context)
        return Answers(sheet, refused, self._scales.score(sheet), self._sets)

    def _single(self, code: str, columns: ScaleColumns) -> ScaleScore:
        band, answered = int(columns.band[0]), int(columns.answered[0])
        return ScaleScore(
            scale=code,
            score=_or_none(columns.score[0]),
            raw=_or_none(columns.raw[0]),
            answered=answered,
            missing=len(self.formulas.leaves[code]) - answered,
            band=columns.band_codes[band] if band >= 0 else None,
            prorated=bool(columns.prorated[0]),
        )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

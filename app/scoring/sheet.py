"""The answers of a cohort as the engine reads them, and the values expressions may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.instruments.formulas import Formulas
from app.instruments.logic import evaluate_many
from app.instruments.model import Instrument
from app.scoring.people import People
from app.scoring.results import Bools, Floats, ScaleColumns


@dataclass(frozen=True)
class Sheet:
    """Answers, people by items: as given, and as they count for scales.

    `given` has NaN for missing. What was not shown does not count, or counts as the item says;
    a refusal is no number. `numbers` has 0 where nothing counts, `counted` has 1 where it does.
    `hidden` tells what was not shown; it is None where the instrument has no branches.
    """

    given: Floats
    hidden: Bools | None
    numbers: Floats
    counted: Floats
    people: People
    within_ages: Bools
    values: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.given)

    def put(self, code: str, columns: ScaleColumns) -> None:
        """Make the results of a scale available to expressions, where there are any."""
        if not self.values:
            return
        self.values[code] = columns.score
        self.values[f"{code}.raw"] = columns.raw
        self.values[f"{code}.answered"] = columns.answered.astype(np.float64)
        self.values[f"{code}.band"] = np.where(columns.band < 0, np.nan, columns.band)


class SheetMaker:
    """Prepares sheets for one instrument."""

    def __init__(self, instrument: Instrument, formulas: Formulas) -> None:
        self._ages = instrument.ages
        self._codes = instrument.item_codes
        self._shown = formulas.shown
        self._refusals = {
            column: float(item.refusal_value)
            for column, item in enumerate(instrument.items)
            if item.refusal_value is not None
        }
        self._when_hidden = {
            item.code: np.nan if item.hidden_counts_as is None else float(item.hidden_counts_as)
            for item in instrument.items
        }
        self._has_formulas = bool(
            formulas.shown or formulas.expressions or formulas.rules or formulas.flags
        )

    def make(
        self,
        matrix: Floats,
        refused: Bools | None,
        people: People,
        context: Mapping[str, Floats],
    ) -> Sheet:
        """Prepare the answers in `matrix`; `context` holds scores from elsewhere."""
        given = matrix if refused is None else self._with_refusals(matrix, refused)
        values = dict(context) if self._has_formulas else {}
        if self._has_formulas:
            values |= {"sex": people.sex, "age": people.age, "grade": people.grade}
            values |= {code: given[:, column] for column, code in enumerate(self._codes)}
        hidden = np.zeros(given.shape, dtype=np.bool_) if self._shown else None
        counting = given if hidden is None else self._shown_only(given, values, hidden)
        if self._refusals:
            counting = counting.copy()
            for column, value in self._refusals.items():
                counting[counting[:, column] == value, column] = np.nan
        counted = ~np.isnan(counting)
        return Sheet(
            given=given,
            hidden=hidden,
            numbers=np.where(counted, counting, 0.0),
            counted=counted.astype(np.float64),
            people=people,
            within_ages=people.within(self._ages),
            values=values,
        )

    def _with_refusals(self, matrix: Floats, refused: Bools) -> Floats:
        """A refused answer is missing, or the option that says so."""
        given = np.where(refused, np.nan, matrix)
        for column, value in self._refusals.items():
            given[refused[:, column], column] = value
        return given

    def _shown_only(self, given: Floats, values: dict[str, Floats], hidden: Bools) -> Floats:
        """Replace what was not shown, and note it, from the first item on: branches may chain."""
        counting = given.copy()
        for column, code in enumerate(self._codes):
            if code in self._shown:
                is_shown = evaluate_many(self._shown[code], values, len(given)) == 1
                hidden[:, column] = ~is_shown
                counting[:, column] = np.where(is_shown, given[:, column], self._when_hidden[code])
                values[code] = counting[:, column]
        return counting

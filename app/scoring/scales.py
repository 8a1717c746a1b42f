"""Scale scores for a cohort: reversal, missing answers, conversion, bands, scale upon scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from app.instruments.formulas import Formulas
from app.instruments.items import Item
from app.instruments.logic import evaluate_many
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.scoring.bands import BandPlan
from app.scoring.conversion import ConversionPlan
from app.scoring.missing import Parts, completed, is_prorated
from app.scoring.results import Floats, Indices, ScaleColumns
from app.scoring.sheet import Sheet


class Linear:
    """Plain sums of all scales at once: raw score, answers counted, weighted total."""

    def __init__(self, instrument: Instrument, formulas: Formulas) -> None:
        shape = (len(instrument.items), len(instrument.scales))
        self._members, self._signs, self._mirrors = np.zeros((3, *shape))
        self._weights, self._weighted_mirrors, self._substitutes = np.zeros((3, *shape))
        for column, scale in enumerate(instrument.scales):
            for row, item in enumerate(instrument.items):
                if item.code in formulas.leaves[scale.code] and not scale.scales:
                    self._place(row, column, item, scale)

    def _place(self, row: int, column: int, item: Item, scale: Scale) -> None:
        is_reversed = item.code in scale.reverse
        sign, mirror = (-1.0, float(sum(item.bounds))) if is_reversed else (1.0, 0.0)
        weight = float(scale.weights.get(item.code, 1))
        self._members[row, column] = 1.0
        self._signs[row, column] = sign
        self._mirrors[row, column] = mirror
        self._weights[row, column] = sign * weight
        self._weighted_mirrors[row, column] = mirror * weight
        if scale.missing.value is not None:
            self._substitutes[row, column] = weight * (mirror + sign * scale.missing.value)

    def raw(self, sheet: Sheet) -> Floats:
        """Return the plain sums of the answered items after reversal, people by scales."""
        return sheet.numbers @ self._signs + sheet.counted @ self._mirrors

    def answered(self, sheet: Sheet) -> Floats:
        """Return how many items are answered, people by scales."""
        return sheet.counted @ self._members

    def weighted(self, sheet: Sheet, column: int) -> Floats:
        """Return the weighted total of one scale."""
        mirrored: Floats = sheet.counted @ self._weighted_mirrors[:, column]
        return sheet.numbers @ self._weights[:, column] + mirrored

    def substituted(self, sheet: Sheet, column: int) -> Floats:
        """Return what the rule “substitute” adds to one scale for its missing answers."""
        return (1.0 - sheet.counted) @ self._substitutes[:, column]


@dataclass(frozen=True)
class Working:
    """What scoring one scale may look at: the answers, its plain sums, the scales before it."""

    sheet: Sheet
    linear: Linear
    column: int
    raw: Floats
    answered: Floats
    done: Mapping[str, ScaleColumns]


class ScaleTable:
    """All scales of an instrument, scored in the order in which they build upon each other."""

    def __init__(self, instrument: Instrument, formulas: Formulas, sets: Mapping[str, str]) -> None:
        self._linear = Linear(instrument, formulas)
        self._columns = {scale.code: column for column, scale in enumerate(instrument.scales)}
        self._plans = [
            ScalePlan(instrument.scale(code), instrument, formulas, sets.get(code))
            for code in formulas.order
        ]

    def score(self, sheet: Sheet) -> dict[str, ScaleColumns]:
        """Score every scale for everybody, in the order of the file."""
        raw, answered = self._linear.raw(sheet), self._linear.answered(sheet)
        done: dict[str, ScaleColumns] = {}
        for plan in self._plans:
            code, column = plan.scale.code, self._columns[plan.scale.code]
            done[code] = plan.columns(
                Working(sheet, self._linear, column, raw[:, column], answered[:, column], done)
            )
            sheet.put(code, done[code])
        return {code: done[code] for code in self._columns}


class ScalePlan:
    """One scale, ready to score."""

    def __init__(
        self, scale: Scale, instrument: Instrument, formulas: Formulas, chosen: str | None
    ) -> None:
        self.scale = scale
        self._bands = BandPlan.of(scale, chosen)
        self._conversion = ConversionPlan(scale, instrument)
        self._expression = formulas.expressions.get(scale.code)
        self._rules = formulas.rules.get(scale.code, ())
        self._leaves = len(formulas.leaves[scale.code])
        self._items = [
            (column, item)
            for column, item in enumerate(instrument.items)
            if item.code in scale.items
        ]

    def columns(self, work: Working) -> ScaleColumns:
        """Return all columns of this scale."""
        scale, sheet = self.scale, work.sheet
        raw, answered = self._plain(work)
        parts = self._parts(work, answered)
        whole = completed(parts, scale.missing, is_mean=scale.method == "mean")
        score = self._conversion.apply(whole, sheet.people)
        band = self._bands.find(score, sheet.people, sheet.within_ages)
        if self._rules:
            outcome = self._outcome(work)
            score = np.where(np.isnan(whole) | (outcome < 0), np.nan, self._rule_scores[outcome])
            band = np.where(np.isnan(score) | ~sheet.within_ages, -1, outcome)
        return ScaleColumns(
            score=score,
            raw=np.where(answered > 0, raw, np.nan),
            answered=answered.astype(np.int64),
            prorated=is_prorated(parts, scale.missing, score),
            band=band,
            band_codes=self._bands.codes,
        )

    def _plain(self, work: Working) -> tuple[Floats, Floats]:
        """Return the plain sum of the answered items and their number, through nested scales."""
        if not self.scale.scales:
            return work.raw, work.answered
        below = [work.done[code] for code in self.scale.scales]
        raw = reduce(np.add, (np.nan_to_num(columns.raw) for columns in below))
        return raw, reduce(np.add, (columns.answered for columns in below)).astype(np.float64)

    def _parts(self, work: Working, answered: Floats) -> Parts:
        """Return the total of what is there, before the missing rule."""
        if self.scale.scales:
            return self._nested(work)
        substituted: Floats | float = 0.0
        match self.scale.method:
            case "sum" | "mean":
                total, substituted = work.raw, self._substituted(work)
            case "weighted_sum":
                total = work.linear.weighted(work.sheet, work.column)
                substituted = self._substituted(work)
            case "count":
                total, substituted = self._counted(work)
            case "max":
                total = np.max([self._answers(work, c, item) for c, item in self._items], axis=0)
            case _:
                total = self._expressed(work)
        return Parts(total, answered, self._leaves, substituted)

    def _expressed(self, work: Working) -> Floats:
        """Return the expression's value; rules need none, their outcome is decided later."""
        if self._expression is None:
            return np.zeros(len(work.sheet))
        return evaluate_many(self._expression.data, work.sheet.values, len(work.sheet))

    def _nested(self, work: Working) -> Parts:
        below = {code: work.done[code].score for code in self.scale.scales}
        present = reduce(np.add, (~np.isnan(score) + 0.0 for score in below.values()))
        if self.scale.method == "max":
            filled = [np.where(np.isnan(score), -np.inf, score) for score in below.values()]
            return Parts(np.max(filled, axis=0), present, len(below))
        weights = self.scale.weights
        total = reduce(
            np.add, (np.nan_to_num(score) * weights.get(code, 1) for code, score in below.items())
        )
        return Parts(total, present, len(below))

    def _substituted(self, work: Working) -> Floats | float:
        if self.scale.missing.rule != "substitute":
            return 0.0
        return work.linear.substituted(work.sheet, work.column)

    def _counted(self, work: Working) -> tuple[Floats, Floats]:
        total, substituted = np.zeros(len(work.sheet)), np.zeros(len(work.sheet))
        for column, item in self._items:
            counting = self.scale.endorsed_values(item.code)
            is_there = work.sheet.counted[:, column] == 1
            total += is_there & np.isin(work.sheet.numbers[:, column], counting)
            substituted += ~is_there & (self.scale.missing.value in counting)
        return total, substituted

    def _answers(self, work: Working, column: int, item: Item) -> Floats:
        """Return the answers of one item after reversal; the least there is where missing."""
        numbers = work.sheet.numbers[:, column]
        if item.code in self.scale.reverse:
            numbers = sum(item.bounds) - numbers
        return np.where(work.sheet.counted[:, column] == 1, numbers, -np.inf)

    @property
    def _rule_scores(self) -> Floats:
        return np.array([rule.score for rule in self.scale.rules], dtype=np.float64)

    def _outcome(self, work: Working) -> Indices:
        """Return the first rule that holds; an unknown one before it leaves the outcome open."""
        size = len(work.sheet)
        outcome, is_open = np.full(size, -1, dtype=np.int64), np.ones(size, dtype=np.bool_)
        for place, logic in enumerate(self._rules):
            if logic is None:
                outcome[is_open] = place
                break
            holds = evaluate_many(logic.data, work.sheet.values, size)
            outcome[is_open & (holds == 1)] = place
            is_open &= holds == 0
        return outcome

"""Scale scores for a cohort: reversal, missing answers, conversion, for all scales together."""

from dataclasses import dataclass

import numpy as np

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.scoring.bands import BandPlan
from app.scoring.people import People
from app.scoring.results import Bools, Floats, ScaleColumns
from app.scoring.rounding import rounded


@dataclass(frozen=True)
class Sheet:
    """The answers of a cohort: values with 0 for missing, and 1 for answered, people by items."""

    values: Floats
    answered: Floats

    @classmethod
    def of(cls, matrix: Floats) -> "Sheet":
        """Split a matrix with NaN for missing."""
        missing = np.isnan(matrix)
        return cls(np.where(missing, 0.0, matrix), (~missing).astype(np.float64))


@dataclass(frozen=True)
class ScalePlan:
    """One scale, ready to score."""

    scale: Scale
    bands: BandPlan

    def columns(
        self,
        raw: Floats,
        answered: Floats,
        substituted: Floats,
        people: People,
        within_ages: Bools,
    ) -> ScaleColumns:
        """Return all columns of this scale.

        `substituted` is what the rule “substitute” adds for the missing answers.
        """
        score = self._score(raw, answered, substituted)
        is_prorated = self.scale.missing.rule == "prorate"
        return ScaleColumns(
            score=score,
            raw=np.where(answered > 0, raw, np.nan),
            answered=answered.astype(np.int64),
            prorated=(answered < len(self.scale.items)) & ~np.isnan(score) & is_prorated,
            band=self.bands.find(score, people, within_ages),
            band_codes=self.bands.codes,
        )

    def _score(self, raw: Floats, answered: Floats, substituted: Floats) -> Floats:
        """Return the reported scores; NaN where the missing rule allows none."""
        rule, size = self.scale.missing, len(self.scale.items)
        least = size if rule.at_least is None else rule.at_least
        with np.errstate(invalid="ignore", divide="ignore"):
            total = raw
            if rule.rule == "prorate":
                total = np.where(
                    answered == size, raw, rounded(raw * size / answered, rule.round or "none")
                )
            elif rule.rule == "substitute":
                total = raw + substituted
            if self.scale.method == "mean":
                total = total / (answered if rule.rule == "available" else size)
        conversion = self.scale.convert
        score = rounded(total * conversion.multiply + conversion.add, conversion.round)
        return np.where(answered >= least, score, np.nan)


class ScaleTable:
    """All scales of an instrument as matrices, so that a few products score a whole cohort."""

    def __init__(self, instrument: Instrument) -> None:
        self.plans = tuple(ScalePlan(scale, BandPlan.of(scale)) for scale in instrument.scales)
        shape = (len(instrument.items), len(self.plans))
        self._members, self._signs = np.zeros(shape), np.zeros(shape)
        self._mirrors, self._substitutes = np.zeros(shape), np.zeros(shape)
        for column, scale in enumerate(instrument.scales):
            for row, item in enumerate(instrument.items):
                if item.code in scale.items:
                    self._place(row, column, item, scale)

    def _place(self, row: int, column: int, item: Item, scale: Scale) -> None:
        is_reversed = item.code in scale.reverse
        sign = -1.0 if is_reversed else 1.0
        mirror = min(item.values) + max(item.values) if is_reversed else 0.0
        self._members[row, column] = 1.0
        self._signs[row, column] = sign
        self._mirrors[row, column] = mirror
        if scale.missing.value is not None:
            self._substitutes[row, column] = mirror + sign * scale.missing.value

    def score(self, sheet: Sheet, people: People, within_ages: Bools) -> dict[str, ScaleColumns]:
        """Score every scale for everybody."""
        raw = sheet.values @ self._signs + sheet.answered @ self._mirrors
        answered = sheet.answered @ self._members
        substituted = self._substitutes.sum(axis=0) - sheet.answered @ self._substitutes
        return {
            plan.scale.code: plan.columns(
                raw[:, i], answered[:, i], substituted[:, i], people, within_ages
            )
            for i, plan in enumerate(self.plans)
        }

"""Rules that fire: critical items, attention items, cut-offs; for a cohort and for one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.instruments.flags import FlagRule
from app.instruments.formulas import Formulas
from app.instruments.items import Item
from app.instruments.logic import Logic, evaluate_many
from app.instruments.model import Instrument
from app.instruments.rounding import TOLERANCE
from app.instruments.scales import Cutoff, Scale
from app.instruments.words import REFUSED, Chosen
from app.scoring.bands import of_set
from app.scoring.people import Groups, groups_of
from app.scoring.results import Bools, Flag, Floats, ScaleColumns
from app.scoring.sheet import Sheet


@dataclass(frozen=True)
class Answers:
    """What flags are decided on: the answers with who refused what, and the scores."""

    sheet: Sheet
    refused: Bools | None
    scales: Mapping[str, ScaleColumns]
    sets: Mapping[str, str]


class FlagPlan(Protocol):
    """A rule of the instrument, ready to fire."""

    @property
    def code(self) -> str:
        """The flag's code."""

    def fires(self, answers: Answers) -> Bools:
        """Tell for whom the rule fires."""

    def explain(self, answers: Answers) -> Flag:
        """Return the flag of the only person in `answers`, for whom the rule fires."""


@dataclass(frozen=True)
class ItemFlag:
    """Fires on chosen answers of one item, or on its refusal."""

    item: Item
    column: int
    chosen: tuple[Chosen, ...]
    is_critical: bool

    @property
    def code(self) -> str:
        """critical_<item> or attention_<item>."""
        return f"{'critical' if self.is_critical else 'attention'}_{self.item.code}"

    def fires(self, answers: Answers) -> Bools:
        """Tell whose answer is among the chosen ones."""
        column = answers.sheet.given[:, self.column]
        fired = np.zeros(len(column), dtype=np.bool_)
        for value in self.item.values:
            if self.item.meets(value, self.chosen):
                fired |= column == value
        if REFUSED in self.chosen and answers.refused is not None:
            fired |= answers.refused[:, self.column]
        return fired

    def explain(self, answers: Answers) -> Flag:
        """Return the flag with the answer that fired it."""
        value = float(answers.sheet.given[0, self.column])
        is_refused = np.isnan(value) or value == self.item.refusal_value
        return self.flag("refused" if is_refused else value)

    def flag(self, answer: Chosen) -> Flag:
        """Return the flag that `answer` raises."""
        rule = self.item.critical_rule(answer) if self.is_critical else None
        return Flag(
            code=self.code,
            kind="critical" if self.is_critical else "attention",
            lane=rule.lane if rule else None,
            imminent=rule.imminent if rule else False,
            item=self.item.code,
            value=None if answer == REFUSED else float(answer),
            refused=answer == REFUSED,
        )


@dataclass(frozen=True)
class CutoffFlag:
    """Fires where a score reaches its cut-off; outside the instrument's ages it never does."""

    scale: Scale
    cutoffs: tuple[Cutoff, ...]
    groups: Groups

    @property
    def code(self) -> str:
        """cutoff_<scale>."""
        return f"cutoff_{self.scale.code}"

    def fires(self, answers: Answers) -> Bools:
        """Tell whose score is at or beyond the cut-off that applies to them."""
        score = answers.scales[self.scale.code].score
        which = np.where(answers.sheet.within_ages, answers.sheet.people.which(self.groups), -1)
        fired = np.zeros(len(score), dtype=np.bool_)
        for place, cutoff in enumerate(self.cutoffs):
            fired |= (which == place) & reaches(score, cutoff)
        return fired

    def explain(self, answers: Answers) -> Flag:
        """Return the flag with score, threshold and source."""
        cutoff = self.cutoffs[answers.sheet.people.which(self.groups)[0]]
        is_least = cutoff.at_least is not None
        return Flag(
            code=self.code,
            kind="cutoff",
            scale=self.scale.code,
            value=float(answers.scales[self.scale.code].score[0]),
            threshold=cutoff.at_least if is_least else cutoff.at_most,
            direction="at_least" if is_least else "at_most",
            cutoff_set=cutoff.set,
            source=cutoff.source,
            population=cutoff.population,
        )


@dataclass(frozen=True)
class RuleFlag:
    """Fires where a condition of the instrument holds; an unknown condition does not."""

    rule: FlagRule
    logic: Logic

    @property
    def code(self) -> str:
        """The code the instrument gives it."""
        return self.rule.code

    def fires(self, answers: Answers) -> Bools:
        """Tell for whom the condition holds."""
        sheet = answers.sheet
        fired: Bools = evaluate_many(self.logic.data, sheet.values, len(sheet)) == 1
        return fired

    def explain(self, answers: Answers) -> Flag:
        """Return the flag with its condition and source."""
        return Flag(
            code=self.code,
            kind=self.rule.kind,
            lane=self.rule.lane,
            imminent=self.rule.imminent,
            source=self.rule.source,
            condition=self.rule.when,
        )


def reaches(score: Floats, cutoff: Cutoff) -> Bools:
    """Tell which scores are at or beyond the cut-off; a missing score (NaN) never is."""
    if cutoff.at_least is not None:
        return score >= cutoff.at_least - TOLERANCE
    return score <= (cutoff.at_most or 0) + TOLERANCE


def flag_plans(
    instrument: Instrument, formulas: Formulas, sets: Mapping[str, str]
) -> tuple[FlagPlan, ...]:
    """Return every rule of `instrument` in the order of its flag codes."""
    items = list(enumerate(instrument.items))
    critical = [
        ItemFlag(item, i, tuple(a for rule in item.critical for a in rule.answers), True)
        for i, item in items
        if item.critical
    ]
    attention = [
        ItemFlag(item, i, item.attention.answers, False) for i, item in items if item.attention
    ]
    cutoffs = [
        _cutoff_flag(scale, sets.get(scale.code)) for scale in instrument.scales if scale.cutoffs
    ]
    declared = [RuleFlag(rule, formulas.flags[rule.code]) for rule in instrument.flags]
    return (*critical, *attention, *cutoffs, *declared)


def _cutoff_flag(scale: Scale, chosen: str | None) -> CutoffFlag:
    cutoffs = tuple(of_set(scale.cutoffs, chosen))
    return CutoffFlag(scale, cutoffs, groups_of(tuple(cutoff.group for cutoff in cutoffs)))

"""Every score explained: which answers, reversed how, filled how, which band of which source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.instruments.items import Item
from app.instruments.scales import BandSet, Scale
from app.scoring.bands import of_set
from app.scoring.compile import NOTHING, UNKNOWN, CompiledInstrument
from app.scoring.flags import Answers
from app.scoring.people import groups_of
from app.scoring.report import number_text
from app.scoring.results import Flag, Person, ScaleColumns


@dataclass(frozen=True)
class Step:
    """One line of an explanation, indented under the one it belongs to."""

    depth: int
    text: str


def explain(
    compiled: CompiledInstrument,
    answers: Mapping[str, float | None],
    *,
    refused: frozenset[str] = frozenset(),
    person: Person = UNKNOWN,
    context: Mapping[str, float] = NOTHING,
) -> tuple[Step, ...]:
    """Return how the scores, bands and flags of one person come about, in plain sentences."""
    decided = compiled.decide_one(answers, refused=refused, person=person, context=context)
    scores = compiled.score_one(answers, refused=refused, person=person, context=context)
    instrument = compiled.instrument
    steps = [Step(0, f"{instrument.title.get('en')}, version {instrument.version}")]
    if not scores.within_ages:
        steps.append(Step(1, f"outside the ages {instrument.ages}: no band, no cut-off"))
    for scale in instrument.scales:
        steps += _scale_steps(compiled, scale, decided, decided.scales[scale.code])
    steps.append(Step(0, "flags" if scores.flags else "no flags"))
    steps += [Step(1, _flag_text(flag)) for flag in scores.flags]
    return tuple(steps)


def _scale_steps(
    compiled: CompiledInstrument, scale: Scale, decided: Answers, columns: ScaleColumns
) -> Iterator[Step]:
    yield Step(0, f"{scale.code} ({scale.title.get('en')}): {_method(scale)}")
    leaves = compiled.formulas.leaves[scale.code]
    for column, item in enumerate(compiled.instrument.items):
        if item.code in leaves and not scale.scales:
            yield Step(1, _item_text(scale, item, decided, column))
    for code in scale.scales:
        yield Step(1, f"{code}: {_number(decided.scales[code].score[0])}")
    raw, answered = columns.raw[0], int(columns.answered[0])
    yield Step(1, f"raw {_number(raw)} from {answered} of {len(leaves)} answers")
    yield Step(1, _missing_text(scale, columns, len(leaves)))
    if (conversion := _conversion_text(scale)) is not None:
        yield Step(1, conversion)
    yield Step(1, f"score {_number(columns.score[0])}")
    yield from _band_steps(scale, columns, decided)


def _method(scale: Scale) -> str:
    if scale.expression is not None:
        return f"expression {scale.expression}"
    if scale.rules:
        return "the first rule that holds"
    return f"{scale.method.replace('_', ' ')} of {len(scale.items or scale.scales)}"


def _item_text(scale: Scale, item: Item, decided: Answers, column: int) -> str:
    given = decided.sheet.given[0, column]
    if decided.sheet.counted[0, column] == 0:
        is_refused = given == item.refusal_value or (
            decided.refused is not None and decided.refused[0, column]
        )
        return f"{item.code}: {'refused' if is_refused else 'missing'}"
    counted = decided.sheet.numbers[0, column]
    if np.isnan(given) or given != counted:
        return f"{item.code}: not shown, counts as {number_text(counted)}"
    text = f"{item.code}: {number_text(given)}"
    if item.code in scale.reverse:
        text += f", reversed {number_text(sum(item.bounds) - given)}"
    if item.code in scale.weights:
        text += f", times {scale.weights[item.code]:g}"
    if scale.method == "count":
        text += ", counts" if given in scale.endorsed_values(item.code) else ", does not count"
    return text


def _missing_text(scale: Scale, columns: ScaleColumns, leaves: int) -> str:
    rule, answered = scale.missing, int(columns.answered[0])
    size = len(scale.scales) or leaves
    least = size if rule.at_least is None else rule.at_least
    if np.isnan(columns.score[0]):
        return f"missing answers, rule “{rule.rule}”: needs {least} of {size}, no score"
    if not columns.prorated[0]:
        return f"missing answers, rule “{rule.rule}”: not needed"
    if rule.rule == "substitute":
        return f"missing answers count as {rule.value:g}"
    rounding = "" if rule.round in (None, "none") else f", rounded {rule.round}".replace("_", " ")
    if scale.scales:
        return f"missing scales: the mean of those present stands for the others{rounding}"
    return f"missing answers: {number_text(columns.raw[0])} x {size} / {answered}{rounding}"


def _conversion_text(scale: Scale) -> str | None:
    conversion = scale.convert
    parts = []
    if conversion.method != "linear":
        source = f" of the norms “{conversion.norms}”" if conversion.norms else ""
        parts.append(f"{conversion.method} score{source}")
    if conversion.multiply != 1:
        parts.append(f"times {conversion.multiply:g}")
    if conversion.add != 0:
        parts.append(f"plus {conversion.add:g}")
    if conversion.round != "none":
        parts.append(f"rounded {conversion.round}".replace("_", " "))
    return ", ".join(parts) or None


def _band_steps(scale: Scale, columns: ScaleColumns, decided: Answers) -> Iterator[Step]:
    place = int(columns.band[0])
    if not columns.band_codes:
        return
    if place < 0:
        yield Step(1, "no band")
        return
    code = columns.band_codes[place]
    rule = next((rule for rule in scale.rules if rule.band == code), None)
    if rule is not None:
        yield Step(1, f"band {code}: {rule.when or 'no rule before it holds'}")
        return
    entry = _entry(scale, decided)
    if entry is not None:
        yield Step(1, f"band {code} of “{entry.set}”: {entry.source}; {entry.population}")


def _entry(scale: Scale, decided: Answers) -> BandSet | None:
    entries = of_set(scale.bands, decided.sets.get(scale.code))
    groups = groups_of(tuple(entry.group for entry in entries))
    place = decided.sheet.people.which(groups)[0]
    return entries[place] if place >= 0 else None


def _flag_text(flag: Flag) -> str:
    if flag.item is not None:
        answer = "refused" if flag.refused else number_text(flag.value or 0.0)
        lane = f", lane {flag.lane}" if flag.lane else ""
        return f"{flag.code}: {flag.item} answered {answer}{lane}"
    if flag.condition is not None:
        return f"{flag.code}: {flag.condition}; {flag.source}"
    bound = (flag.direction or "").replace("_", " ")
    return (
        f"{flag.code}: {number_text(flag.value or 0.0)} is {bound} {flag.threshold:g} "
        f"of “{flag.cutoff_set}”: {flag.source}; {flag.population}"
    )


def _number(value: float) -> str:
    return number_text(value) or "none"

"""Every score explained: which answers, reversed how, filled how, which band of which source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.instruments.items import Item
from app.instruments.said import joined, mark, said
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
    locale: str = "en",
) -> tuple[Step, ...]:
    """Return how the scores, bands and flags of one person come about, in plain sentences.

    `locale` chooses the language of titles; the sentences themselves can be said in any.
    """
    decided = compiled.decide_one(answers, refused=refused, person=person, context=context)
    scores = compiled.score_one(answers, refused=refused, person=person, context=context)
    instrument = compiled.instrument
    steps = [
        Step(
            0,
            said(
                "{title}, version {version}",
                title=instrument.title.get(locale),
                version=instrument.version,
            ),
        )
    ]
    if not scores.within_ages:
        steps.append(
            Step(1, said("outside the ages {ages}: no band, no cut-off", ages=instrument.ages))
        )
    for scale in instrument.scales:
        steps += _scale_steps(compiled, scale, decided, locale)
    steps.append(Step(0, said("flags") if scores.flags else said("no flags")))
    steps += [Step(1, _flag_text(flag)) for flag in scores.flags]
    return tuple(steps)


def _scale_steps(
    compiled: CompiledInstrument, scale: Scale, decided: Answers, locale: str
) -> Iterator[Step]:
    columns = decided.scales[scale.code]
    yield Step(
        0,
        said(
            "{scale} ({title}): {method}",
            scale=scale.code,
            title=scale.title.get(locale),
            method=_method(scale),
        ),
    )
    leaves = compiled.formulas.leaves[scale.code]
    for column, item in enumerate(compiled.instrument.items):
        if item.code in leaves and not scale.scales:
            yield Step(1, _item_text(scale, item, decided, column))
    for code in scale.scales:
        yield Step(
            1, said("{code}: {number}", code=code, number=_number(decided.scales[code].score[0]))
        )
    raw, answered = columns.raw[0], int(columns.answered[0])
    yield Step(
        1,
        said(
            "raw {number} from {answered} of {asked} answers",
            number=_number(raw),
            answered=answered,
            asked=len(leaves),
        ),
    )
    yield Step(1, _missing_text(scale, columns, len(leaves)))
    if (conversion := _conversion_text(scale)) is not None:
        yield Step(1, conversion)
    yield Step(1, said("score {number}", number=_number(columns.score[0])))
    yield from _band_steps(scale, columns, decided, locale)


_METHODS: dict[str, str] = {
    "sum": mark("sum"),
    "mean": mark("mean"),
    "weighted_sum": mark("weighted sum"),
    "count": mark("count"),
    "max": mark("highest"),
}

_ROUNDED: dict[str, str] = {
    "half_up": mark("rounded half up"),
    "half_even": mark("rounded half to even"),
    "up": mark("rounded up"),
    "down": mark("rounded down"),
}

#: How fast a flag calls a person.
_LANES: dict[str, str] = {"fast": mark("at once"), "same_day": mark("the same day")}

_CONVERSIONS: dict[str, str] = {
    "z": mark("z score"),
    "t": mark("T score"),
    "percentile": mark("percentile"),
    "lookup": mark("score from the table"),
}


def _method(scale: Scale) -> str:
    if scale.expression is not None:
        return said("expression {expression}", expression=scale.expression)
    if scale.rules:
        return said("the first rule that holds")
    return said(
        "{method} of {parts}",
        method=said(_METHODS[scale.method]),
        parts=len(scale.items or scale.scales),
    )


def _item_text(scale: Scale, item: Item, decided: Answers, column: int) -> str:
    given = decided.sheet.given[0, column]
    hidden = decided.sheet.hidden
    if hidden is not None and hidden[0, column] and decided.sheet.counted[0, column] == 0:
        return said("{item}: not asked after these answers", item=item.code)
    if decided.sheet.counted[0, column] == 0:
        is_refused = given == item.refusal_value or (
            decided.refused is not None and decided.refused[0, column]
        )
        return said(
            "{item}: {value}",
            item=item.code,
            value=said("refused") if is_refused else said("missing"),
        )
    counted = decided.sheet.numbers[0, column]
    if np.isnan(given) or given != counted:
        return said(
            "{item}: not shown, counts as {number}",
            item=item.code,
            number=number_text(counted),
        )
    parts = [f"{item.code}: {number_text(given)}"]
    if item.code in scale.reverse:
        parts.append(said("reversed {number}", number=number_text(sum(item.bounds) - given)))
    if item.code in scale.weights:
        parts.append(said("times {number:g}", number=scale.weights[item.code]))
    if scale.method == "count":
        does = given in scale.endorsed_values(item.code)
        parts.append(said("counts") if does else said("does not count"))
    return joined(parts)


def _missing_text(scale: Scale, columns: ScaleColumns, leaves: int) -> str:
    rule, answered = scale.missing, int(columns.answered[0])
    size = len(scale.scales) or leaves
    least = size if rule.at_least is None else rule.at_least
    if np.isnan(columns.score[0]):
        return said(
            "{answered} of {size} are there, at least {least} are needed: no score",
            answered=answered,
            least=least,
            size=size,
        )
    if not columns.prorated[0]:
        return said("nothing missing had to be replaced")
    if rule.rule == "substitute":
        return said("missing answers count as {value:g}", value=rule.value)
    rounding = (
        ""
        if rule.round is None or rule.round == "none"
        else joined(["", said(_ROUNDED[rule.round])])
    )
    if scale.scales:
        return said(
            "missing scales: the mean of those present stands for the others{rounding}",
            rounding=rounding,
        )
    return said(
        "missing answers: {number} x {size} / {answered}{rounding}",
        number=number_text(columns.raw[0]),
        size=size,
        answered=answered,
        rounding=rounding,
    )


def _conversion_text(scale: Scale) -> str | None:
    conversion = scale.convert
    parts = []
    if conversion.method != "linear":
        parts.append(said(_CONVERSIONS[conversion.method]))
        if conversion.norms:
            parts.append(said("norms “{norms}”", norms=conversion.norms))
    if conversion.multiply != 1:
        parts.append(said("times {number:g}", number=conversion.multiply))
    if conversion.add != 0:
        parts.append(said("plus {number:g}", number=conversion.add))
    if conversion.round != "none":
        parts.append(said(_ROUNDED[conversion.round]))
    return joined(parts) if parts else None


def _band_steps(
    scale: Scale, columns: ScaleColumns, decided: Answers, locale: str
) -> Iterator[Step]:
    place = int(columns.band[0])
    if not columns.band_codes:
        return
    if place < 0:
        yield Step(1, said("no band"))
        return
    code = columns.band_codes[place]
    rule = next((rule for rule in scale.rules if rule.band == code), None)
    if rule is not None:
        yield Step(
            1,
            said(
                "“{band}”: {value}",
                band=rule.label.get(locale),
                value=rule.when or said("no rule before it holds"),
            ),
        )
        return
    entry = _entry(scale, decided)
    if entry is not None:
        label = next(band.label for band in entry.bands if band.code == code)
        yield Step(
            1,
            said(
                "“{band}” by the bands “{set}”: {source}; {population}",
                band=label.get(locale),
                set=entry.set,
                source=entry.source,
                population=entry.population,
            ),
        )


def _entry(scale: Scale, decided: Answers) -> BandSet | None:
    entries = of_set(scale.bands, decided.sets.get(scale.code))
    groups = groups_of(tuple(entry.group for entry in entries))
    place = decided.sheet.people.which(groups)[0]
    return entries[place] if place >= 0 else None


def _flag_text(flag: Flag) -> str:
    if flag.item is not None:
        answer = said("refused") if flag.refused else number_text(flag.value or 0.0)
        lane = said(", calls somebody {lane}", lane=said(_LANES[flag.lane])) if flag.lane else ""
        return said(
            "{flag}: {item} answered {answer}{lane}",
            flag=flag.code,
            item=flag.item,
            answer=answer,
            lane=lane,
        )
    if flag.condition is not None:
        return said(
            "{flag}: {condition}; {source}",
            flag=flag.code,
            condition=flag.condition,
            source=flag.source,
        )
    bound = said("at least") if flag.direction == "at_least" else said("at most")
    return said(
        "{flag}: {number} is {bound} {threshold:g} of “{cutoff_set}”: {source}; {population}",
        flag=flag.code,
        number=number_text(flag.value or 0.0),
        bound=bound,
        threshold=flag.threshold,
        cutoff_set=flag.cutoff_set,
        source=flag.source,
        population=flag.population,
    )


def _number(value: float) -> str:
    return number_text(value) or said("none")

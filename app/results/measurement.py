"""How exact the questionnaires of a closed campaign were among its students; nobody's answer."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.access.actor import Actor
from app.authoring.queries import compiled_of
from app.campaigns.models import Campaign
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.people.domain import Sex
from app.psychometrics.dif.mantel import Judgement, Mantel, Unjudged, mantel_dif
from app.psychometrics.dif.matching import matched
from app.psychometrics.estimate import Estimate
from app.psychometrics.norms import norms
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.reliability import Reliability, reliability
from app.results.domain import (
    FEWEST_IN_FIGURES,
    FEWEST_IN_GROUP,
    Difference,
    hidden_groups,
    shelves,
)
from app.results.queries import first_sittings, versions_of
from app.results.sampling import Sample, samples, sittings_of
from app.scoring import CompiledInstrument
from app.scoring.keyed import KeyedItems, keyed_items, points_per_sum_point, sum_scales
from app.scoring.people import SEX_CODES
from app.scoring.results import Floats

#: How many steps of the score to either side of the published cut-off are counted.
CUTOFF_STEPS = 3


@dataclass(frozen=True)
class GroupScores:
    """The scores of one group; None stands for all students of the other dimension.

    `people` is None where the group is too small to be shown.
    """

    sex: Sex | None
    grade: int | None
    people: int | None
    mean: float = 0.0
    sd: float = 0.0
    quartiles: tuple[float, ...] = ()


@dataclass(frozen=True)
class CutoffCount:
    """How many students a cut-off takes in; None where too few would be told apart."""

    threshold: float
    is_at_least: bool
    is_published: bool
    people: int | None
    share: float


@dataclass(frozen=True)
class Rank:
    """Where scores from `lowest` to `highest` stand; as many people share it as may be shown."""

    lowest: float
    highest: float
    percentile: Estimate
    t_normalised: float


@dataclass(frozen=True)
class ScaleMeasure:
    """One scale; `found` is None and the rest empty where too few students answered all of it."""

    scale: Scale
    codes: tuple[str, ...]
    reversed: tuple[bool, ...]
    people: int
    #: Item by item, whether enough students gave another answer than most did.
    is_varied: tuple[bool, ...]
    #: How many points of the score one point of the items' sum is.
    unit: float
    found: Reliability | None
    ranks: tuple[Rank, ...] = ()
    groups: tuple[GroupScores, ...] = ()
    cutoffs: tuple[CutoffCount, ...] = ()
    #: Item by item, whether girls and boys with the same score answer it differently.
    by_sex: tuple[Difference | None, ...] = ()


@dataclass(frozen=True)
class InstrumentMeasure:
    """One instrument of the battery, and how many sittings with an answer to it were read."""

    instrument: Instrument
    sittings: int
    scales: tuple[ScaleMeasure, ...]


@dataclass(frozen=True)
class _Shelf:
    """Neighbouring scores that are told of together."""

    lowest: float
    highest: float
    people: int


#: By instrument and answers, for as long as the process lives: the answers of a closed campaign
#: hardly ever change, and where they do they ask for new figures by themselves.
_kept: dict[tuple[str, bytes], InstrumentMeasure] = {}
_MOST_KEPT = 200


def measure(compiled: CompiledInstrument, sample: Sample) -> InstrumentMeasure:
    """Judge every sum of the instrument by these students; the same answers are judged once."""
    key = compiled.instrument.content_hash, sample.fingerprint
    found = _kept.get(key)
    if found is None:
        found = _measured(compiled, sample)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = found
    return found


def measured_in(actor: Actor, campaign: Campaign) -> list[InstrumentMeasure]:
    """Every instrument of the campaign, judged by the actor's own students."""
    versions = versions_of(campaign.id)
    found = samples(versions, first_sittings(*sittings_of(actor, campaign)))
    return [measure(compiled_of(version), found[code]) for code, version in versions.items()]


def _measured(compiled: CompiledInstrument, sample: Sample) -> InstrumentMeasure:
    people = sample.people
    counting = compiled.counting(sample.answers, sex=people.sex, age=people.age, grade=people.grade)
    scores = sample.scores(compiled).scales
    return InstrumentMeasure(
        compiled.instrument,
        len(sample.answers),
        tuple(
            _scale(scale, keyed_items(compiled, scale, counting), scores[scale.code].score, sample)
            for scale in sum_scales(compiled)
        ),
    )


def _scale(scale: Scale, items: KeyedItems, scores: Floats, sample: Sample) -> ScaleMeasure:
    complete = int((~np.isnan(items.matrix).any(axis=1)).sum())
    unit = points_per_sum_point(scale, items)
    found = _reliability(items) if complete >= FEWEST_IN_FIGURES else None
    if found is None:
        return ScaleMeasure(scale, items.codes, items.reversed, complete, (), unit, None)
    held = _shelves(scale, scores)
    return ScaleMeasure(
        scale=scale,
        codes=items.codes,
        reversed=items.reversed,
        people=complete,
        is_varied=tuple(_is_varied(column) for column in items.matrix.T),
        unit=unit,
        found=found,
        ranks=tuple(_ranks(held)),
        groups=tuple(_groups(scores, sample)),
        cutoffs=tuple(_cutoffs(scale, unit, held)),
        by_sex=differences_by_sex(items, sample.people.sex),
    )


def _is_varied(answers: Floats) -> bool:
    """Else the mean of the item tells how many the few were who answered differently."""
    _values, counts = np.unique(answers[~np.isnan(answers)], return_counts=True)
    return int(counts.sum() - counts.max()) >= FEWEST_IN_GROUP


def _reliability(items: KeyedItems) -> Reliability | None:
    try:
        return reliability(items.matrix, least=items.least, most=items.most, names=items.codes)
    except CannotEstimate:
        return None


def _shelves(scale: Scale, scores: Floats) -> list[_Shelf]:
    """All scores in order, as many put together as must be; the published cut-off is an edge."""
    values, counts = np.unique(scores[~np.isnan(scores)], return_counts=True)
    split = 0
    if (cutoff := _published(scale)) is not None:
        threshold, is_at_least = cutoff
        split = int(np.searchsorted(values, threshold, side="left" if is_at_least else "right"))
    return [
        _Shelf(
            float(values[shelf.start]),
            float(values[shelf.stop - 1]),
            int(counts[shelf.start : shelf.stop].sum()),
        )
        for shelf in shelves(counts.tolist(), split=split)
    ]


def _ranks(held: list[_Shelf]) -> Iterator[Rank]:
    """Nothing where all stand on one shelf: there is nothing to compare."""
    try:
        rows = norms(np.repeat(np.arange(len(held)), [shelf.people for shelf in held])).rows
    except CannotEstimate:
        return
    for shelf, row in zip(held, rows, strict=True):
        yield Rank(shelf.lowest, shelf.highest, row.percentile, row.t_normalised)


def _published(scale: Scale) -> tuple[float, bool] | None:
    """The first published cut-off that holds for everybody, and whether it is a least score."""
    found = next((one for one in scale.cutoffs if one.group is None), None)
    if found is None:
        return None
    if found.at_least is not None:
        return float(found.at_least), True
    return float(found.at_most or 0), False


def _cutoffs(scale: Scale, unit: float, held: list[_Shelf]) -> Iterator[CutoffCount]:
    """The published cut-off and three steps to either side; counted where a shelf ends."""
    published = _published(scale)
    if published is None:
        return
    middle, is_at_least = published
    everybody = sum(shelf.people for shelf in held)
    for step in range(-CUTOFF_STEPS, CUTOFF_STEPS + 1):
        threshold = middle + step * abs(unit)
        if not scale.range[0] <= threshold <= scale.range[1]:
            continue
        taken = [shelf for shelf in held if _takes(shelf, threshold, is_at_least=is_at_least)]
        people = sum(shelf.people for shelf in taken)
        is_told = people >= FEWEST_IN_GROUP and not any(
            _cuts(shelf, threshold, is_at_least=is_at_least) for shelf in held
        )
        yield CutoffCount(
            threshold, is_at_least, step == 0, people if is_told else None, people / everybody
        )


def _takes(shelf: _Shelf, threshold: float, *, is_at_least: bool) -> bool:
    return shelf.lowest >= threshold if is_at_least else shelf.highest <= threshold


def _cuts(shelf: _Shelf, threshold: float, *, is_at_least: bool) -> bool:
    """Whether the threshold parts people who are told of together."""
    if is_at_least:
        return shelf.lowest < threshold <= shelf.highest
    return shelf.lowest <= threshold < shelf.highest


def differences_by_sex(items: KeyedItems, sex: Floats) -> tuple[Difference | None, ...]:
    """Mantel-Haenszel's class of each item, by sex; nothing where one sex is too few."""
    is_female = np.where(np.isnan(sex), np.nan, sex == SEX_CODES[Sex.FEMALE.value])
    try:
        judged = mantel_dif(matched(items.matrix, is_female, names=items.codes)).items
    except CannotEstimate:
        return ()
    return tuple(_difference(one) for one in judged)


def _difference(found: Judgement) -> Difference | None:
    if isinstance(found, Unjudged):
        return None
    letters = found.naep_class if isinstance(found, Mantel) else found.ets_class
    return {"A": Difference.NONE, "B": Difference.SOME, "C": Difference.LARGE}[letters[0]]


def _groups(scores: Floats, sample: Sample) -> Iterator[GroupScores]:
    """By sex, then by grade; of each a group that is too small is hidden, and never alone."""
    people, scored = sample.people, ~np.isnan(scores)
    yield from _shown(
        [
            (sex, None, scores[scored & (people.sex == SEX_CODES[sex.value])])
            for sex in (Sex.FEMALE, Sex.MALE)
        ]
    )
    grades = sorted({int(grade) for grade in people.grade[scored & ~np.isnan(people.grade)]})
    yield from _shown([(None, grade, scores[scored & (people.grade == grade)]) for grade in grades])


def _shown(groups: list[tuple[Sex | None, int | None, Floats]]) -> Iterator[GroupScores]:
    groups = [group for group in groups if len(group[2])]
    hidden = hidden_groups([len(own) for _, _, own in groups])
    for place, (sex, grade, own) in enumerate(groups):
        if place in hidden:
            yield GroupScores(sex, grade, None)
        else:
            low, middle, high = np.quantile(own, (0.25, 0.5, 0.75)).tolist()
            sd = float(own.std(ddof=1))
            yield GroupScores(sex, grade, len(own), float(own.mean()), sd, (low, middle, high))

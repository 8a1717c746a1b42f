"""How exact the questionnaires of a closed campaign were among its students; nobody's answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.assessments.models import Assessment
from app.authoring.queries import compiled_of
from app.campaigns.models import Campaign
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.people.domain import Sex, age_on
from app.people.models import Student
from app.platform import clock
from app.platform.db import db
from app.psychometrics.dif.mantel import Judgement, Mantel, Unjudged, mantel_dif
from app.psychometrics.dif.matching import matched
from app.psychometrics.norms import Norms, norms
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.reliability import Reliability, reliability
from app.results.domain import FEWEST_IN_FIGURES, FEWEST_IN_GROUP, Difference, hidden_groups
from app.results.evidence import answers_of, finished_sittings
from app.results.queries import versions_of
from app.scoring import CompiledInstrument
from app.scoring.keyed import KeyedItems, is_sum, keyed_items
from app.scoring.people import SEX_CODES
from app.scoring.results import Bools, Floats

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
    """How many students a cut-off takes in; None where they are too few to be shown."""

    threshold: float
    is_at_least: bool
    is_published: bool
    people: int | None
    share: float


@dataclass(frozen=True)
class ScaleMeasure:
    """One scale; `found` and `ranks` are None where too few students answered all of it."""

    scale: Scale
    items: KeyedItems
    people: int
    unit: float
    found: Reliability | None
    ranks: Norms | None
    groups: tuple[GroupScores, ...]
    cutoffs: tuple[CutoffCount, ...]
    #: Item by item, whether girls and boys with the same score answer it differently.
    by_sex: tuple[Difference | None, ...]


@dataclass(frozen=True)
class InstrumentMeasure:
    """One instrument of the battery, and how many sittings with an answer to it were read."""

    instrument: Instrument
    sittings: int
    scales: tuple[ScaleMeasure, ...]


@dataclass(frozen=True)
class _People:
    """One element a student; NaN is unknown, sex is 1 for male and 2 for female."""

    sex: Floats
    grade: Floats
    age: Floats

    def among(self, chosen: Bools) -> "_People":
        return _People(self.sex[chosen], self.grade[chosen], self.age[chosen])


def measure(actor: Actor, campaign: Campaign) -> list[InstrumentMeasure]:
    """Judge every instrument of the campaign by the actor's own students.

    A student counts once, with the newest finished sitting; a sitting that was said to be somebody
    else's does not count.
    """
    sittings = finished_sittings(actor, campaign)
    given, people = answers_of([sitting.id for sitting in sittings]), _people(sittings)
    measured = []
    for code, version in versions_of(campaign.id).items():
        compiled = compiled_of(version)
        matrix = np.array(
            [
                [given.get(one.id, {}).get((code, item), np.nan) for item in _codes(compiled)]
                for one in sittings
            ]
        ).reshape(len(sittings), -1)
        measured.append(_instrument(compiled, matrix, people))
    return measured


def _codes(compiled: CompiledInstrument) -> tuple[str, ...]:
    return compiled.instrument.item_codes


def _people(sittings: Sequence[Assessment]) -> _People:
    ids = {sitting.student_id for sitting in sittings}
    query = select(Student).where(Student.id.in_(ids)).options(joinedload(Student.cohort))
    students = {student.id: student for student in db.session.scalars(query)}
    rows = [
        (
            SEX_CODES[student.sex.value if student.sex else None],
            np.nan if student.cohort.grade is None else student.cohort.grade,
            _age(student, sitting),
        )
        for sitting in sittings
        if (student := students[sitting.student_id or 0])
    ]
    return _People(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)


def _age(student: Student, sitting: Assessment) -> float:
    if student.birth_date is None:
        return np.nan
    return float(age_on(student.birth_date, clock.local(sitting.started_at).date()))


def _instrument(compiled: CompiledInstrument, matrix: Floats, people: _People) -> InstrumentMeasure:
    began: Bools = np.any(~np.isnan(matrix), axis=1)
    matrix, own = matrix[began], people.among(began)
    counting = compiled.counting(matrix, sex=own.sex, age=own.age, grade=own.grade)
    scores = compiled.score(matrix, sex=own.sex, age=own.age, grade=own.grade).scales
    instrument, leaves = compiled.instrument, compiled.formulas.leaves
    scales = [s for s in instrument.scales if is_sum(instrument, s) and len(leaves[s.code]) > 1]
    return InstrumentMeasure(
        instrument,
        int(began.sum()),
        tuple(
            _scale(scale, keyed_items(compiled, scale, counting), scores[scale.code].score, own)
            for scale in scales
        ),
    )


def _scale(scale: Scale, items: KeyedItems, scores: Floats, people: _People) -> ScaleMeasure:
    found, ranks = None, None
    complete = int((~np.isnan(items.matrix).any(axis=1)).sum())
    if complete >= FEWEST_IN_FIGURES:
        try:
            found = reliability(items.matrix, least=items.least, most=items.most, names=items.codes)
            ranks = norms(scores)
        except CannotEstimate:
            found, ranks = None, None
    return ScaleMeasure(
        scale=scale,
        items=items,
        people=complete,
        unit=_unit(scale, items),
        found=found,
        ranks=ranks,
        groups=tuple(_groups(scores, people)) if found else (),
        cutoffs=tuple(_cutoffs(scale, _unit(scale, items), scores)) if found else (),
        by_sex=differences_by_sex(items, people.sex) if found else (),
    )


def _unit(scale: Scale, items: KeyedItems) -> float:
    parts = len(scale.scales or items.codes) if scale.method == "mean" else 1
    return float(scale.convert.multiply) / parts if scale.convert.method == "linear" else 1.0


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


def _cutoffs(scale: Scale, unit: float, scores: Floats) -> Iterator[CutoffCount]:
    """The first published cut-off that holds for everybody, and three steps to either side."""
    published = next((one for one in scale.cutoffs if one.group is None), None)
    if published is None:
        return
    is_at_least = published.at_least is not None
    middle = float((published.at_least if is_at_least else published.at_most) or 0)
    known = scores[~np.isnan(scores)]
    for step in range(-CUTOFF_STEPS, CUTOFF_STEPS + 1):
        threshold = middle + step * abs(unit)
        if not scale.range[0] <= threshold <= scale.range[1]:
            continue
        taken = int(((known >= threshold) if is_at_least else (known <= threshold)).sum())
        shown = None if 0 < taken < FEWEST_IN_GROUP else taken
        yield CutoffCount(threshold, is_at_least, step == 0, shown, taken / max(len(known), 1))


def _groups(scores: Floats, people: _People) -> Iterator[GroupScores]:
    """By sex, then by grade; of each a group that is too small is hidden, and never alone."""
    scored = ~np.isnan(scores)
    yield from _shown(
        [
            (sex, None, scores[scored & (people.sex == SEX_CODES[sex.value])])
            for sex in (Sex.FEMALE, Sex.MALE)
        ]
    )
    grades = sorted({int(grade) for grade in people.grade[scored & ~np.isnan(people.grade)]})
    yield from _shown([(None, grade, scores[scored & (people.grade == grade)]) for grade in grades])


def _shown(groups: list[tuple[Sex | None, int | None, Floats]]) -> Iterator[GroupScores]:
    hidden = hidden_groups([len(own) for _, _, own in groups])
    for place, (sex, grade, own) in enumerate(groups):
        if place in hidden:
            yield GroupScores(sex, grade, None)
        elif len(own):
            low, middle, high = np.quantile(own, (0.25, 0.5, 0.75)).tolist()
            sd = float(own.std(ddof=1))
            yield GroupScores(sex, grade, len(own), float(own.mean()), sd, (low, middle, high))

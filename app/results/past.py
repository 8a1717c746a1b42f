"""Past results of one instrument, read as arrays so that another version can score them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment
from app.assessments.queries import current_answers_of, newest_attributions
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.instruments.loader import stored_instrument
from app.people.domain import age_on
from app.people.models import Student
from app.platform import clock
from app.platform.db import db
from app.results.models import Administration, ScaleScore, Weighing
from app.results.queries import is_latest, scores_before
from app.scoring import CompiledInstrument
from app.scoring.change import Move, Outcomes, compare, outcomes
from app.scoring.people import SEX_CODES
from app.scoring.results import Bools, Floats
from app.triage.budget import Answered

#: Sitting → item code → the answer that counts.
Given = Mapping[int, Mapping[str, Row[Any]]]

#: So many results are read and scored in one go: a fraction of a second, and little memory.
BATCH = 1000


@dataclass(frozen=True)
class Result:
    """One past result: which sitting, by which version, and whose as far as anybody knows."""

    administration_id: int
    assessment_id: int
    site_id: int
    student_id: int | None
    version_id: int
    state: AssessmentState
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Weighed:
    """What a batch of past results says: counts by school, and each sitting that moves."""

    counts: Mapping[int, Counter[Move]]
    moves: Sequence[tuple[Result, Move]]


@dataclass(frozen=True, eq=False)
class _People:
    sex: Floats
    age: Floats
    grade: Floats


def count_results(instrument_code: str) -> int:
    """How many past results the instrument has."""
    query = _results(instrument_code).with_only_columns(func.count(Administration.id))
    return db.session.scalar(query) or 0


def results_after(instrument_code: str, cursor: int) -> list[Result]:
    """The next past results behind the administration `cursor`, the newest scoring of each."""
    query = (
        _results(instrument_code)
        .where(Administration.id > cursor)
        .order_by(Administration.id)
        .limit(BATCH)
    )
    return [Result(*row) for row in db.session.execute(query)]


def results_of_others(version: InstrumentVersion, *, site_id: int, limit: int) -> list[Result]:
    """Results of a school that another version of the instrument gave, the oldest first."""
    query = (
        _results(version.code)
        .where(
            Administration.site_id == site_id,
            Administration.instrument_version_id != version.id,
        )
        .order_by(Administration.id)
        .limit(limit)
    )
    return [Result(*row) for row in db.session.execute(query)]


def newest_results(
    instrument_code: str, *, site_ids: frozenset[int] | None, limit: int
) -> list[Result]:
    """The newest result of each student at these schools (None: at all), at most `limit`."""
    newest = (
        select(func.max(Administration.id))
        .where(Administration.instrument_code == instrument_code, is_latest())
        .group_by(Administration.student_id)
    )
    query = _results(instrument_code).where(
        Administration.id.in_(newest), Administration.student_id.is_not(None)
    )
    if site_ids is not None:
        query = query.where(Administration.site_id.in_(site_ids))
    rows = db.session.execute(query.order_by(Administration.id.desc()).limit(limit))
    return [Result(*row) for row in rows]


def candidate_of(weighing: Weighing) -> CompiledInstrument:
    """The text that is weighed, ready to score; its worked examples may still be the old ones."""
    return CompiledInstrument(stored_instrument(json.loads(weighing.source)))


def weigh(results: Sequence[Result], candidate: CompiledInstrument) -> Weighed:
    """Score each result by the version it stands by and by `candidate`, and say what differs."""
    counts: dict[int, Counter[Move]] = {}
    moves: list[tuple[Result, Move]] = []
    for version_id, group in _by_version(results):
        old = compiled_of(db.session.get_one(InstrumentVersion, version_id))
        answers, people = _answers(group, candidate.instrument.code), _people(group)
        change = compare(
            outcomes_of(old, group, answers, people), outcomes_of(candidate, group, answers, people)
        )
        sites = np.array([one.site_id for one in group])
        for site in np.unique(sites).tolist():
            counts.setdefault(site, Counter()).update(change.tally(sites == site))
        moves += [(group[place], move) for place, move in change.moves()]
    return Weighed(counts, moves)


def answered(compiled: CompiledInstrument, results: Sequence[Result]) -> Answered:
    """The answers of these results as `compiled` asks for them, and who gave them."""
    given = _answers(results, compiled.instrument.code)
    matrix, refused = _matrix(compiled, results, given)
    people = _people(results)
    return Answered(matrix, refused, people.sex, people.age, people.grade)


def outcomes_of(
    compiled: CompiledInstrument,
    results: Sequence[Result],
    answers: Given,
    people: _People,
) -> Outcomes:
    """What one version says about these results."""
    matrix, refused = _matrix(compiled, results, answers)
    return outcomes(
        compiled,
        matrix,
        refused=refused,
        sex=people.sex,
        age=people.age,
        grade=people.grade,
        context=context_of(compiled, results),
    )


def _results(
    instrument_code: str,
) -> Select[int, int, int, int | None, int, AssessmentState, datetime, datetime | None]:
    columns = (
        Administration.id,
        Administration.assessment_id,
        Administration.site_id,
        Administration.student_id,
        Administration.instrument_version_id,
        Assessment.state,
        Assessment.started_at,
        Assessment.finished_at,
    )
    return (
        select(*columns)
        .join(Assessment, Assessment.id == Administration.assessment_id)
        .where(Administration.instrument_code == instrument_code, is_latest())
    )


def _by_version(results: Sequence[Result]) -> Iterator[tuple[int, list[Result]]]:
    for version_id in dict.fromkeys(one.version_id for one in results):
        yield version_id, [one for one in results if one.version_id == version_id]


def _answers(results: Sequence[Result], instrument_code: str) -> Given:
    found = current_answers_of([one.assessment_id for one in results], instrument_code)
    return {sitting: items[instrument_code] for sitting, items in found.items()}


def _matrix(
    compiled: CompiledInstrument,
    results: Sequence[Result],
    answers: Given,
) -> tuple[Floats, Bools]:
    """Answers by item code; an answer that the version does not allow is no answer to it."""
    items = compiled.instrument.items
    matrix = np.full((len(results), len(items)), np.nan)
    refused = np.zeros(matrix.shape, dtype=np.bool_)
    for row, one in enumerate(results):
        given = answers.get(one.assessment_id, {})
        for column, item in enumerate(items):
            answer = given.get(item.code)
            if answer is None:
                continue
            refused[row, column] = answer.refused
            if answer.value is not None and item.allows(answer.value):
                matrix[row, column] = answer.value
    return matrix, refused


def _people(results: Sequence[Result]) -> _People:
    """Sex, age at the sitting and grade of whose answers they are, as scoring knows them."""
    said = newest_attributions([one.assessment_id for one in results])
    owners = [
        None
        if one.student_id is None
        else (said[one.assessment_id].student_id if one.assessment_id in said else one.student_id)
        for one in results
    ]
    query = (
        select(Student)
        .where(Student.id.in_({owner for owner in owners if owner is not None}))
        .options(joinedload(Student.cohort))
    )
    students = {student.id: student for student in db.session.scalars(query)}
    rows = [
        _facts(students.get(owner or 0), one) for owner, one in zip(owners, results, strict=True)
    ]
    return _People(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)


def _facts(student: Student | None, result: Result) -> tuple[float, float, float]:
    if student is None:
        return np.nan, np.nan, np.nan
    day, born = clock.local(result.started_at).date(), student.birth_date
    return (
        SEX_CODES[student.sex.value if student.sex else None],
        np.nan if born is None else float(age_on(born, day)),
        np.nan if student.cohort.grade is None else float(student.cohort.grade),
    )


def context_of(compiled: CompiledInstrument, results: Sequence[Result]) -> dict[str, Floats]:
    """The scores elsewhere at which the version's flags look; NaN where there is none."""
    if not compiled.elsewhere:
        return {}
    known = _beside(results)
    for one in results:
        if any(name.startswith("previous.") for name in compiled.elsewhere):
            sitting = db.session.get_one(Assessment, one.assessment_id)
            before = scores_before(sitting, instrument_code=compiled.instrument.code)
            named = {f"previous.{scale}": score for scale, score in before.items()}
            known.setdefault(one.assessment_id, {}).update(named)
    return {
        name: np.array([known.get(one.assessment_id, {}).get(name, np.nan) for one in results])
        for name in compiled.elsewhere
    }


def context_of_one(compiled: CompiledInstrument, result: Result) -> dict[str, float]:
    """The same for one result, without what is not there."""
    named = {name: float(values[0]) for name, values in context_of(compiled, [result]).items()}
    return {name: value for name, value in named.items() if not np.isnan(value)}


def _beside(results: Sequence[Result]) -> dict[int, dict[str, float]]:
    """By sitting, the scores of the whole battery by `instrument.scale`."""
    query = (
        select(
            Administration.assessment_id,
            Administration.instrument_code,
            ScaleScore.scale,
            ScaleScore.score,
        )
        .join(ScaleScore, ScaleScore.administration_id == Administration.id)
        .where(
            Administration.assessment_id.in_([one.assessment_id for one in results]),
            is_latest(),
        )
    )
    found: dict[int, dict[str, float]] = {}
    for sitting, code, scale, score in db.session.execute(query):
        if score is not None:
            found.setdefault(sitting, {})[f"{code}.{scale}"] = score
    return found

"""A finished sitting is scored once; scoring again with another outcome adds a revision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select

from app.assessments.branches import Branches
from app.assessments.domain import CLOSING, Answer, AssessmentState, Mode
from app.assessments.given import Given
from app.assessments.models import Assessment
from app.assessments.queries import current_responses, owner_of
from app.authoring.queries import compiled_of
from app.instruments.items import Item
from app.instruments.model import Instrument
from app.people.domain import age_on
from app.people.models import Cohort, Student
from app.platform import clock
from app.platform.db import db
from app.platform.rows import add_row
from app.results import findings, quality, queries
from app.results.domain import FlagKind
from app.results.models import Administration, ScaleScore
from app.results.queries import Pinned
from app.results.service.flags import FlagRegister, register_answers, watched_among
from app.scoring import ENGINE_VERSION, AdministrationScores, CompiledInstrument, Person
from app.scoring import ScaleScore as Scored

Answers = Mapping[str, Given]
#: The columns of a new administration, and its scores.
Scoring = tuple[dict[str, Any], AdministrationScores]

_ADD_SCORES = insert(ScaleScore)
_PERSON = (
    select(Student.public_id, Student.sex, Student.birth_date_sealed, Cohort.grade)
    .join(Cohort, Cohort.id == Student.cohort_id)
    .where(Student.id == bindparam("student"))
)
#: Such a flag of an instrument is a note on answer quality.
VALIDITY = "validity"
#: Such flags call nobody: a proposed tag waits on its own page until somebody may and does look.
SILENT = frozenset({VALIDITY, "tag"})


def score(
    *,
    assessment_id: int,
    new: Sequence[Answer] = (),
    given: Mapping[str, Answers] | None = None,
    is_first: bool = False,
) -> None:
    """Store scores, answer quality and flags of a finished sitting and publish the flags.

    `new` are answers that came with the end: what they say by themselves is raised as well. `given`
    is all that counts, where it is known; what is scored for the first time has no scores yet.
    """
    assessment = db.session.get_one(Assessment, assessment_id)
    answers = current_responses(assessment_id) if given is None else given
    before = [] if is_first else queries.latest_of_sitting(assessment_id)
    latest = {each.instrument_code: each for each in before}
    register, changed = _weigh(assessment, answers, latest, new)
    store(changed)
    register.publish()


def _weigh(
    assessment: Assessment,
    answers: Mapping[str, Answers],
    latest: Mapping[str, Administration],
    new: Sequence[Answer],
) -> tuple[FlagRegister, list[Scoring]]:
    """The flags of the sitting, and what is to be stored of its scores."""
    register = FlagRegister(assessment)
    register_answers(register, watched_among(assessment, new))
    doubted: dict[str, list[str]] = {}
    changed: list[Scoring] = []
    for pinned, scores in _scored_battery(assessment, answers, latest):
        compiled = pinned.compiled
        doubts = {flag.code: 1.0 for flag in scores.flags if flag.kind == VALIDITY}
        notes = {**_quality(assessment, answers, compiled), **doubts}
        before = latest.get(scores.instrument)
        if before is None or not _is_same(before, scores):
            changed.append((_columns(assessment, pinned, scores, before, notes), scores))
        _register_flags(register, pinned, scores)
        doubted[scores.instrument] = quality.poor(notes)
    _register_quality(register, {code: found for code, found in doubted.items() if found})
    _register_unanswered_company(register, answers.get(CLOSING, {}))
    return register, changed


def _scored_battery(
    assessment: Assessment,
    answers: Mapping[str, Answers],
    latest: Mapping[str, Administration],
) -> list[tuple[Pinned, AdministrationScores]]:
    """Score what was reached, and once more where flags look beyond their instrument."""
    person = person_of(assessment)
    battery = _counting_versions(queries.pinned_in(assessment.campaign_id), latest)
    reached = {code: pinned for code, pinned in battery.items() if code in answers}
    scores = {
        code: scored(pinned.compiled, answers[code], person, {}) for code, pinned in reached.items()
    }
    for code, pinned in reached.items():
        if pinned.compiled.elsewhere:
            context = _context(assessment, pinned.compiled, scores)
            scores[code] = scored(pinned.compiled, answers[code], person, context)
    return [(pinned, scores[code]) for code, pinned in reached.items()]


def _counting_versions(
    battery: Mapping[str, Pinned], latest: Mapping[str, Administration]
) -> Mapping[str, Pinned]:
    """The versions that were asked; an approved re-scoring holds for what comes later as well."""
    rescored = {
        code: Pinned(row.instrument_version_id, compiled_of(row.instrument_version))
        for code, row in latest.items()
        if code in battery and row.instrument_version_id != battery[code].version_id
    }
    return {**battery, **rescored}


def _context(
    assessment: Assessment,
    compiled: CompiledInstrument,
    battery: Mapping[str, AdministrationScores],
) -> dict[str, float]:
    known = {
        f"{code}.{scale.scale}": scale.score
        for code, scores in battery.items()
        for scale in scores.scales.values()
    }
    if any(name.startswith("previous.") for name in compiled.elsewhere):
        before = queries.scores_before(assessment, instrument_code=compiled.instrument.code)
        known |= {f"previous.{scale}": score for scale, score in before.items()}
    return {
        name: score
        for name, score in known.items()
        if name in compiled.elsewhere and score is not None
    }


def person_of(assessment: Assessment) -> Person:
    owner = owner_of(assessment)
    if owner is None:
        return Person()
    row = db.session.connection().execute(_PERSON, {"student": owner}).one()
    day = clock.local(assessment.started_at).date()
    born = Student.birth_date.open(Student, row.public_id, row.birth_date_sealed)
    return Person(
        sex=row.sex.value if row.sex else None,
        age=age_on(born, day) if born else None,
        grade=row.grade,
    )


def scored(
    compiled: CompiledInstrument, answers: Answers, person: Person, context: Mapping[str, float]
) -> AdministrationScores:
    """Score by whatever version; an answer that it does not allow is none, as `past` foresees."""
    given = [
        (item, answers[item.code]) for item in compiled.instrument.items if item.code in answers
    ]
    return compiled.score_one(
        {item.code: _allowed(item, answer) for item, answer in given},
        refused=frozenset(item.code for item, answer in given if answer.refused),
        person=person,
        context=context,
    )


def _allowed(item: Item, answer: Given) -> float | None:
    return answer.value if answer.value is not None and item.allows(answer.value) else None


def _columns(
    assessment: Assessment,
    pinned: Pinned,
    scores: AdministrationScores,
    before: Administration | None,
    notes: Mapping[str, float | None],
) -> dict[str, Any]:
    return {
        "campaign_id": assessment.campaign_id,
        "site_id": assessment.site_id,
        "assessment_id": assessment.id,
        "student_id": assessment.student_id,
        "instrument_version_id": pinned.version_id,
        "instrument_code": scores.instrument,
        "revision": before.revision + 1 if before else 1,
        "engine_version": ENGINE_VERSION,
        "norm_version": norms_of(pinned.compiled.instrument),
        "quality": dict(notes),
        "scored_at": clock.now(),
    }


def store(scorings: Iterable[Scoring]) -> None:
    """An administration for each, and the numbers of all of them with one statement."""
    rows: list[dict[str, Any]] = []
    for columns, scores in scorings:
        stored = add_row(Administration, columns)
        rows += [_row(columns, stored, scale) for scale in scores.scales.values()]
    if rows:
        db.session.connection().execute(_ADD_SCORES, rows)


def norms_of(instrument: Instrument) -> str | None:
    return "; ".join(f"{table.code} {table.version}" for table in instrument.norms) or None


def _is_same(before: Administration, scores: AdministrationScores) -> bool:
    stored = {row.scale: (row.score, row.raw, row.answered, row.band) for row in before.scores}
    return before.engine_version == ENGINE_VERSION and stored == {
        scale.scale: (scale.score, scale.raw, scale.answered, scale.band)
        for scale in scores.scales.values()
    }


def _row(columns: Mapping[str, Any], administration_id: int, scale: Scored) -> dict[str, Any]:
    return {
        "campaign_id": columns["campaign_id"],
        "site_id": columns["site_id"],
        "administration_id": administration_id,
        "scale": scale.scale,
        "score": scale.score,
        "raw": scale.raw,
        "answered": scale.answered,
        "prorated": scale.prorated,
        "band": scale.band,
    }


def _quality(
    assessment: Assessment, answers: Mapping[str, Answers], compiled: CompiledInstrument
) -> Mapping[str, float | None]:
    own = answers[compiled.instrument.code]
    is_timed = assessment.mode not in (Mode.IMPORT, Mode.PAPER)
    return quality.notes(
        compiled.instrument,
        {code: response.value for code, response in own.items()},
        seconds=_timing(assessment, answers, own).seconds() if is_timed else None,
        hidden=Branches(compiled.instrument.items, compiled.formulas.shown).hidden(own),
    )


def _timing(assessment: Assessment, answers: Mapping[str, Answers], own: Answers) -> quality.Timing:
    received = [response.received_at for response in own.values()]
    earlier = [
        response.received_at
        for others in answers.values()
        for response in others.values()
        if response.received_at < min(received)
    ]
    return quality.Timing(
        begun=max(earlier, default=assessment.assented_at),
        answered=[r.answered_at for r in own.values() if r.answered_at is not None],
        received=received,
        shown_ms=[r.shown_ms for r in own.values() if r.shown_ms is not None],
    )


def register_new(
    register: FlagRegister, compiled: CompiledInstrument, scores: AdministrationScores
) -> None:
    """Raise what another version than the one that was asked says, and change nothing else.

    That it would not raise a flag is no word of the student's: nothing is marked as taken back.
    """
    for flag in scores.flags:
        if flag.kind not in SILENT:
            register.raise_new(findings.of_scoring(compiled, flag))


def _register_flags(register: FlagRegister, pinned: Pinned, scores: AdministrationScores) -> None:
    compiled = pinned.compiled
    asked = queries.pinned_in(register.assessment.campaign_id)[scores.instrument]
    if pinned.version_id != asked.version_id:
        register_new(register, compiled, scores)
        return
    fired = {flag.item for flag in scores.flags if flag.item}
    for flag in scores.flags:
        if flag.kind not in SILENT:
            register.add(findings.of_scoring(compiled, flag))
    for standing in register.critical_of(compiled.instrument.code):
        item = standing.reason.get("item")
        if item and item not in fired:
            register.take_back(standing.instrument_code, item)


def _register_quality(register: FlagRegister, doubted: Mapping[str, Sequence[str]]) -> None:
    """Whom we know and who came to the end can be asked again; a file was answered elsewhere."""
    sitting = register.assessment
    is_asked_again = (
        sitting.student_id is not None
        and sitting.mode is not Mode.IMPORT
        and sitting.state is not AssessmentState.EXPIRED
    )
    if doubted and is_asked_again:
        register.add(findings.of_quality(doubted))


def _register_unanswered_company(register: FlagRegister, closing: Answers) -> None:
    """Answers that came in a file or on paper were never asked how urgent it is."""
    if register.assessment.mode in (Mode.IMPORT, Mode.PAPER):
        return
    company = closing.get("company")
    is_answered = company is not None and company.value is not None
    if any(flag.kind is FlagKind.CRITICAL for flag in register.flags) and not is_answered:
        register.add(findings.of_unanswered_company(refused=company is not None))

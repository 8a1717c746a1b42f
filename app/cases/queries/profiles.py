"""Reads that make profiles: scores, flags and answers of students the actor may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.assessments.domain import CLOSING, AssessmentState
from app.assessments.given import SELECT_GIVEN, Given
from app.assessments.models import Assessment, Attribution, Response
from app.assessments.queries import newest_attributions
from app.authoring.queries import compiled_of, instrument_of
from app.campaigns.models import Campaign
from app.cases.queries.closing import written_in
from app.cases.queries.support import Support
from app.instruments.model import Instrument, Text
from app.people.domain import age_on
from app.people.models import Student
from app.people.queries import visible_students
from app.platform import clock
from app.platform.db import db
from app.profiles import (
    Answered,
    LocalNorms,
    Measured,
    Profile,
    Raised,
    Rescored,
    Sitting,
    build_profile,
)
from app.results import queries as results
from app.results.domain import FlagKind
from app.results.local_norms import local_norms
from app.results.models import Administration, Flag
from app.results.models import ScaleScore as StoredScore
from app.scoring import Person, ScaleScore

Answers = Mapping[tuple[str, str], Given]


@dataclass(repr=False)
class _File:
    """Everything stored about one student."""

    student: Student
    measured: list[Administration] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def current(self, campaign: Campaign | None) -> Assessment | None:
        """The newest sitting, of `campaign` where one is given."""
        rows: list[Administration | Flag] = [*self.measured, *self.flags]
        sittings = [
            row.assessment
            for row in rows
            if campaign is None or row.assessment.campaign_id == campaign.id
        ]
        return max(sittings, key=lambda sitting: (sitting.started_at, sitting.id), default=None)


@dataclass(frozen=True, repr=False)
class StudentProfile:
    """A student with profile, and what they wrote in the current sitting; question and words."""

    student: Student
    assessment: Assessment
    profile: Profile
    message: str | None
    not_by: str | None
    #: Free questions with what was written there.
    written: tuple[tuple[Text, str], ...]
    #: What was done so far; for the counsellor alone.
    support: Support | None = None


def find_student(actor: Actor, public_id: str) -> Student | None:
    """One student with school and class, if the actor may see them."""
    query = (
        visible_students(actor)
        .where(Student.public_id == public_id)
        .options(joinedload(Student.site), joinedload(Student.cohort))
    )
    return db.session.scalar(query)


def students_with_results(actor: Actor, campaign: Campaign) -> Select[Student]:
    """Whom the actor may see and who was scored or flagged in the campaign, class by class."""
    return (
        visible_students(actor)
        .where(results.took_part(campaign.id))
        .options(joinedload(Student.site), joinedload(Student.cohort))
    )


def profiles_of(
    actor: Actor, students: Sequence[Student], *, locale: str, campaign: Campaign | None = None
) -> list[StudentProfile]:
    """Profiles in the order of the students, as of `campaign`; who took no part is left out."""
    ids = [student.id for student in students]
    files: dict[int | None, _File] = {student.id: _File(student) for student in students}
    measured = results.history(actor, student_ids=ids)
    flags = results.flags_of(actor, student_ids=ids)
    rows: list[Administration | Flag] = [*measured, *flags]
    said = newest_attributions({row.assessment_id for row in rows})
    for row in measured:
        files[_owner(row, said)].measured.append(row)
    for flag in flags:
        if flag.kind is not FlagKind.QUALITY:  # told beside the scores already
            files[_owner(flag, said)].flags.append(flag)
    current = {student_id: file.current(campaign) for student_id, file in files.items()}
    instruments = _instruments_of(files.values())
    answers = _answers([sitting for sitting in current.values() if sitting], instruments)
    local = local_norms({student.site_id for student in students})
    return [
        _profile(
            files[student_id],
            sitting,
            answers.get(sitting.id, {}),
            instruments,
            {code: norms for (site, code), norms in local.items() if site == sitting.site_id},
            locale,
        )
        for student_id, sitting in current.items()
        if sitting
    ]


def _instruments_of(files: Iterable[_File]) -> Mapping[str, Instrument]:
    """What was asked in the campaigns of these files, the newest version of each."""
    campaigns = {row.campaign_id for file in files for row in file.measured}
    campaigns |= {flag.campaign_id for file in files for flag in file.flags}
    return {
        code: instrument_of(version)
        for campaign_id in sorted(campaigns)
        for code, version in results.versions_of(campaign_id).items()
    }


def _answers(
    sittings: Collection[Assessment], instruments: Mapping[str, Instrument]
) -> Mapping[int, Answers]:
    """The answers that count to critical items, in words, and to the closing questions."""
    watched = {
        (code, item.code)
        for code, instrument in instruments.items()
        for item in instrument.items
        if item.critical or item.kind == "text"
    }
    query = SELECT_GIVEN.where(
        Response.assessment_id.in_([sitting.id for sitting in sittings]),
        or_(
            Response.instrument_code == CLOSING,
            Response.item_code.in_({item for _code, item in watched}),
        ),
    ).order_by(Response.seq, Response.id)
    found: dict[int, dict[tuple[str, str], Given]] = defaultdict(dict)
    for response in map(Given._make, db.session.execute(query)):
        key = response.instrument_code, response.item_code
        if key in watched or response.instrument_code == CLOSING:
            found[response.assessment_id][key] = response
    return found


def _profile(
    file: _File,
    current: Assessment,
    answers: Answers,
    instruments: Mapping[str, Instrument],
    local: Mapping[str, LocalNorms],
    locale: str,
) -> StudentProfile:
    message = _text(answers, "message")
    profile = build_profile(
        _sitting(current),
        measured=[_measured(row, file.student) for row in file.measured if _until(row, current)],
        flags=[_raised(row) for row in file.flags if _until(row, current)],
        answers=[
            _answered(response)
            for key, response in answers.items()
            if key[0] != CLOSING and instruments[key[0]].item(key[1]).critical
        ],
        instruments=instruments,
        locale=locale,
        has_message=message is not None,
        local_norms=local,
    )
    return StudentProfile(
        student=file.student,
        assessment=current,
        profile=profile,
        message=message,
        not_by=_text(answers, "not_by"),
        written=written_in(instruments.values(), answers),
    )


def _owner(row: Administration | Flag, said: Mapping[int, Attribution]) -> int | None:
    """Whose answers a row's are: of whom the slip names, unless somebody has said otherwise."""
    spoken = said.get(row.assessment_id)
    return spoken.student_id if spoken else row.student_id


def _until(row: Administration | Flag, current: Assessment) -> bool:
    return row.assessment.started_at <= current.started_at


def _sitting(assessment: Assessment) -> Sitting:
    return Sitting(
        key=assessment.public_id,
        taken_on=clock.local(assessment.started_at).date(),
        campaign=assessment.campaign.title,
        mode=assessment.mode.value,
        language=assessment.locale,
        is_finished=assessment.state is not AssessmentState.STARTED,
    )


def _measured(row: Administration, student: Student) -> Measured:
    compiled = compiled_of(row.instrument_version)
    sitting = _sitting(row.assessment)
    born = student.birth_date
    person = Person(
        sex=student.sex.value if student.sex else None,
        age=age_on(born, sitting.taken_on) if born else None,
        grade=student.cohort.grade,
    )
    leaves = compiled.formulas.leaves
    return Measured(
        sitting=sitting,
        instrument=compiled.instrument,
        scores={score.scale: _score(score, len(leaves[score.scale])) for score in row.scores},
        quality=row.quality,
        engine_version=row.engine_version,
        person=person,
        rescored=_rescored(row),
    )


def _rescored(row: Administration) -> Rescored | None:
    if row.rescoring is None:
        return None
    return Rescored(clock.local(row.scored_at).date(), row.rescoring.reason or "")


def _score(stored: StoredScore, items: int) -> ScaleScore:
    return ScaleScore(
        scale=stored.scale,
        score=stored.score,
        raw=stored.raw,
        answered=stored.answered,
        missing=items - stored.answered,
        band=stored.band,
        prorated=stored.prorated,
    )


def _raised(flag: Flag) -> Raised:
    return Raised(
        instrument=flag.instrument_code,
        code=flag.code,
        kind=flag.kind.value,
        raised_at=flag.raised_at,
        sitting=_sitting(flag.assessment),
        lane=flag.lane,
        reason=flag.reason,
        is_edited=flag.edited_at is not None,
    )


def _answered(response: Given) -> Answered:
    return Answered(
        instrument=response.instrument_code,
        item=response.item_code,
        value=response.value,
        refused=response.refused,
    )


def _text(answers: Answers, item: str) -> str | None:
    response = answers.get((CLOSING, item))
    text = response.text if response else None
    return text.strip() or None if text else None

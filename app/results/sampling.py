"""Whose answers measurements and norms are made from, as arrays: each student once."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from sqlalchemy import ColumnElement, Subquery, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.assessments.models import Assessment
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.campaigns.models import Campaign
from app.people.domain import age_on
from app.people.models import Student
from app.platform import clock
from app.platform.db import db
from app.results.evidence import NOTHING, Answer, answers_of
from app.scoring import CohortScores, CompiledInstrument
from app.scoring.people import SEX_CODES
from app.scoring.results import Bools, Floats


@dataclass(frozen=True, repr=False)
class SamplePeople:
    """One element a student; NaN is unknown, sex is 1 for male and 2 for female."""

    sex: Floats
    grade: Floats
    age: Floats

    def among(self, chosen: Bools) -> "SamplePeople":
        """Only these."""
        return SamplePeople(self.sex[chosen], self.grade[chosen], self.age[chosen])


@dataclass(frozen=True, repr=False)
class Sample:
    """Students with at least one answer to an instrument: a row each, a column an item."""

    people: SamplePeople
    answers: Floats

    def scores(self, compiled: CompiledInstrument) -> CohortScores:
        """Everybody's scores, made in one go."""
        people = self.people
        return compiled.score(self.answers, sex=people.sex, age=people.age, grade=people.grade)

    @property
    def fingerprint(self) -> bytes:
        """The same for the same students' facts and answers, and for no others."""
        digest = blake2b(digest_size=16)
        for array in (self.answers, self.people.sex, self.people.grade, self.people.age):
            digest.update(str(array.shape).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.digest()


def sittings_of(actor: Actor, campaign: Campaign) -> list[ColumnElement[bool]]:
    """The condition on sittings that they belong to the campaign and to a school of the actor's."""
    within = [Assessment.campaign_id == campaign.id]
    return within if actor.everywhere else [*within, Assessment.site_id.in_(actor.site_ids)]


def samples(
    versions: Mapping[str, InstrumentVersion], sittings: Subquery, *, most: int | None = None
) -> dict[str, Sample]:
    """By instrument, the students whose sitting (`first_sittings` or `newest_sittings`) has answers
    to it.

    Of more than `most` sittings so many are drawn, by their public ids: these are random and never
    change, so that looking again draws the same and shows nobody new.
    """
    query = (
        select(sittings.c.id, Assessment.started_at, Student)
        .join(Assessment, Assessment.id == sittings.c.id)
        .join(Student, Student.id == sittings.c.student_id)
        .where(Student.is_synthetic.is_(False))
        .options(joinedload(Student.cohort))
        .order_by(Assessment.public_id if most else sittings.c.id)
        .limit(most)
    )
    rows = db.session.execute(query).all()
    facts = [
        (
            SEX_CODES[student.sex.value if student.sex else None],
            np.nan if student.cohort.grade is None else student.cohort.grade,
            age_on(student.birth_date, clock.local(at).date()) if student.birth_date else np.nan,
        )
        for _sitting, at, student in rows
    ]
    people = SamplePeople(*np.array(facts, dtype=np.float64).reshape(-1, 3).T)
    given = answers_of([sitting for sitting, _at, _student in rows], codes=versions)
    return {
        code: _sample(code, compiled_of(version), people, [given.get(row[0], {}) for row in rows])
        for code, version in versions.items()
    }


def _sample(
    code: str,
    compiled: CompiledInstrument,
    people: SamplePeople,
    given: list[Mapping[tuple[str, str], Answer]],
) -> Sample:
    items = compiled.instrument.item_codes
    matrix = np.array(
        [[answers.get((code, item), NOTHING).value for item in items] for answers in given],
        np.float64,
    ).reshape(len(given), len(items))
    began: Bools = np.any(~np.isnan(matrix), axis=1)
    return Sample(people.among(began), matrix[began])

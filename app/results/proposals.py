"""Special tags that a student's own answers propose.

They are worked out when somebody who may see tags looks, and stored nowhere: a proposal kept in a
table would be a tag that nobody set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.access.actor import Actor
from app.assessments.queries import current_responses
from app.authoring.queries import compiled_of
from app.instruments.words import Text
from app.people.models import Student
from app.platform import clock
from app.results.models import Administration
from app.results.queries import history


@dataclass(frozen=True)
class Proposal:
    """A tag by its code, what the answer said, and when and where it was given."""

    code: str
    title: Text
    instrument: Text
    day: date


def proposed_tags(actor: Actor, student: Student) -> list[Proposal]:
    """What the newest answers to each instrument propose; earlier ones no longer count."""
    newest = {row.instrument_code: row for row in history(actor, student_ids=[student.id])}
    return [proposal for row in newest.values() for proposal in _of(row)]


def _of(row: Administration) -> Iterator[Proposal]:
    compiled = compiled_of(row.instrument_version)
    instrument = compiled.instrument
    rules = {rule.code: rule for rule in instrument.flags if rule.kind == "tag"}
    if not rules:
        return
    answers = current_responses(row.assessment_id).get(instrument.code, {})
    known = set(instrument.item_codes)
    scores = compiled.score_one(
        {code: response.value for code, response in answers.items() if code in known}
    )
    day = clock.local(row.assessment.started_at).date()
    for flag in scores.flags:
        if flag.code in rules:
            yield Proposal(flag.code, rules[flag.code].title, instrument.title, day)

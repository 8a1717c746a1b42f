"""What the swap check compares: a campaign's answers, and what is known of each student before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.assessments.queries import is_attributed
from app.authoring.queries import instrument_of
from app.campaigns.models import Campaign
from app.instruments.items import NUMERIC_KINDS, Item
from app.people.domain import Sex
from app.people.models import Student
from app.platform.db import db
from app.psychometrics.swaps import Floats, Sittings, Suspicion, SwapCheck, check_swaps
from app.results.models import MixUpReport, SwapDismissal
from app.results.queries import versions_of

#: Items of a background page that the roster can be asked about.
SEX, BIRTH_MONTH = "sex", "birth_month"
#: In the place of an item, how quickly an instrument was answered; no item can be called so.
PACE = "*pace"
_SEXES = {"m": Sex.MALE, "b": Sex.MALE, "f": Sex.FEMALE, "g": Sex.FEMALE}

Key = tuple[str, str]
Answers = Mapping[int, Mapping[Key, float]]


@dataclass(frozen=True)
class Checked:
    """What was found, and whose sitting each row of it is."""

    sittings: Sequence[Assessment]
    check: SwapCheck

    def ids(self, pair: Suspicion) -> tuple[int, int]:
        """The two sittings of a pair, by which it is known again."""
        one, other = sorted(self.sittings[place].id for place in (pair.one, pair.other))
        return one, other

    def students(self, pair: Suspicion) -> set[int | None]:
        """The two students of a pair."""
        return {self.sittings[place].student_id for place in (pair.one, pair.other)}


@dataclass(frozen=True)
class Looked:
    """The pairs that wait for somebody, and those at which somebody has looked: it was no swap."""

    waiting: Sequence[Suspicion]
    settled: Sequence[tuple[Suspicion, SwapDismissal]]


def looked_at(
    checked: Checked, dismissals: Iterable[SwapDismissal], reports: Sequence[MixUpReport]
) -> Looked:
    """Part the pairs: one comes back when anything new speaks for it, or a colleague reports it."""
    newest = {(each.one_id, each.other_id): each for each in dismissals}
    waiting: list[Suspicion] = []
    settled: list[tuple[Suspicion, SwapDismissal]] = []
    for pair in checked.check.pairs:
        said = newest.get(checked.ids(pair))
        if said is not None and not _is_new(pair, said, reports, checked.students(pair)):
            settled.append((pair, said))
        else:
            waiting.append(pair)
    return Looked(waiting, settled)


def _is_new(
    pair: Suspicion,
    said: SwapDismissal,
    reports: Iterable[MixUpReport],
    students: set[int | None],
) -> bool:
    reported = (one.student_id in students for one in reports if one.at > said.at)
    return not set(pair.reasons) <= set(said.reasons) or any(reported)


def check_campaign(actor: Actor, campaign: Campaign) -> Checked:
    """Likely swapped slips of a campaign among the students whom the actor answers for."""
    sittings = finished_sittings(actor, campaign)
    students = [sitting.student for sitting in sittings if sitting.student]
    given = _with_pace([sitting.id for sitting in sittings])
    now = {sitting.student_id or 0: given.get(sitting.id, {}) for sitting in sittings}
    before = _before(sittings)
    scaled, facts = _items(campaign)
    scaled += [(code, PACE) for code in dict.fromkeys(code for code, _ in scaled)]
    order, asked = [student.id for student in students], list(facts)
    born = [one.birth_date.toordinal() if one.birth_date else -1 for one in students]
    rows = Sittings(
        now=_table(order, now, scaled),
        before=_table(order, before, scaled),
        group=np.array([student.cohort_id for student in students], np.int64),
        position=np.array([student.position for student in students], np.int64),
        seat=np.array([np.nan if one.seat is None else one.seat for one in sittings]),
        begun=np.array([sitting.started_at.timestamp() for sitting in sittings]),
        facts_now=np.hstack([_table(order, now, asked)] * 2),
        facts_before=np.hstack([_table(order, before, asked), _roster(students, facts)]),
        birthday=np.array(born, np.int64),
    )
    return Checked(sittings, check_swaps(rows))


def finished_sittings(actor: Actor, campaign: Campaign) -> list[Assessment]:
    """The newest finished sitting of each student; what a person has decided is decided."""
    query = (
        select(Assessment)
        .where(
            Assessment.campaign_id == campaign.id,
            Assessment.student_id.is_not(None),
            Assessment.state.in_([AssessmentState.SUBMITTED, AssessmentState.EXPIRED]),
            ~Assessment.neutral,
            ~is_attributed(Assessment.id),
        )
        .options(joinedload(Assessment.student))
        .order_by(Assessment.id)
    )
    if not actor.everywhere:
        query = query.where(Assessment.site_id.in_(actor.site_ids))
    newest = {sitting.student_id: sitting for sitting in db.session.scalars(query)}
    return list(newest.values())


def _before(sittings: Sequence[Assessment]) -> Answers:
    """By student, the last answer to each item in an earlier sitting that is surely theirs."""
    begun = {sitting.student_id: sitting.started_at for sitting in sittings}
    query = (
        select(Assessment.id, Assessment.student_id, Assessment.started_at)
        .where(Assessment.student_id.in_(begun), ~is_attributed(Assessment.id))
        .order_by(Assessment.started_at, Assessment.id)
    )
    earlier = {
        sitting_id: student_id
        for sitting_id, student_id, at in db.session.execute(query)
        if student_id is not None and at < begun[student_id]
    }
    answers = _with_pace(list(earlier))
    known: dict[int, dict[Key, float]] = {}
    for sitting_id, student_id in earlier.items():
        known.setdefault(student_id, {}).update(answers.get(sitting_id, {}))
    return known


def _with_pace(sittings: Sequence[int]) -> Answers:
    """By sitting, the answers, and for each instrument how long its items were shown on average.

    Only order counts: a mean of milliseconds does as well as any other.
    """
    query = (
        select(Response.assessment_id, Response.instrument_code, func.avg(Response.shown_ms))
        .where(Response.assessment_id.in_(sittings), Response.shown_ms.is_not(None))
        .group_by(Response.assessment_id, Response.instrument_code)
    )
    found = {sitting: dict(given) for sitting, given in answers_of(sittings).items()}
    for sitting, instrument, milliseconds in db.session.execute(query):
        found[sitting][instrument, PACE] = float(milliseconds)
    return found


def answers_of(sittings: Sequence[int], *, codes: Collection[str] | None = None) -> Answers:
    """By sitting, the answer that counts for each item, of these instruments or of all."""
    columns = Response.assessment_id, Response.instrument_code, Response.item_code, Response.value
    query = select(*columns).where(Response.assessment_id.in_(sittings)).order_by(Response.id)
    if codes is not None:
        query = query.where(Response.instrument_code.in_(codes))
    found: dict[int, dict[Key, float]] = {}
    for sitting_id, instrument, item, value in db.session.execute(query):
        given = found.setdefault(sitting_id, {})
        given[instrument, item] = np.nan if value is None else value
    return found


def _items(campaign: Campaign) -> tuple[list[Key], dict[Key, Item]]:
    """Items that scales count, and the others: facts of a background page."""
    scaled: list[Key] = []
    facts: dict[Key, Item] = {}
    for code, version in versions_of(campaign.id).items():
        instrument = instrument_of(version)
        counted = {item for scale in instrument.scales for item in scale.items}
        for item in instrument.items:
            if item.code in counted:
                scaled.append((code, item.code))
            elif item.kind in NUMERIC_KINDS | {"multiple"}:
                facts[code, item.code] = item
    return scaled, facts


def _table(order: Sequence[int], answers: Answers, keys: Sequence[Key]) -> Floats:
    table = np.full((len(order), len(keys)), np.nan)
    for row, student_id in enumerate(order):
        given = answers.get(student_id, {})
        table[row] = [given.get(key, np.nan) for key in keys]
    return table


def _roster(students: Sequence[Student], facts: Mapping[Key, Item]) -> Floats:
    """What the roster would answer to the same facts; NaN where it says nothing."""
    table = np.full((len(students), len(facts)), np.nan)
    for column, ((_, code), item) in enumerate(facts.items()):
        values = {
            _SEXES.get(each.label.get("en")[:1].lower()): each.value
            for each in item.options
            if each.label
        }
        for row, student in enumerate(students):
            if code == SEX and student.sex and student.sex in values:
                table[row, column] = values[student.sex]
            elif code == BIRTH_MONTH and student.birth_date:
                table[row, column] = student.birth_date.month
    return table

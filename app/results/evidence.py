"""What the swap check compares: a campaign's answers, and what is known of each student before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy import select
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
from app.psychometrics.swaps import Sittings, Suspicion, SwapCheck, check_swaps
from app.psychometrics.swaps.sittings import Floats
from app.results.models import MixUpReport, SwapDismissal
from app.results.queries import versions_of

#: Items of a background page that the roster can be asked about.
SEX, BIRTH_MONTH = "sex", "birth_month"
#: So many earlier answers to an item are looked at.
TIMES = 4
#: So many sittings are read in one query.
AT_ONCE = 10_000
_SEXES = {"m": Sex.MALE, "b": Sex.MALE, "f": Sex.FEMALE, "g": Sex.FEMALE}

Key = tuple[str, str]


class Answer(NamedTuple):
    """What was answered to an item, and for how many milliseconds it was shown; NaN if unknown."""

    value: float
    shown: float


#: What was answered in each sitting, by its id.
Answers = Mapping[int, Mapping[Key, Answer]]

NOTHING = Answer(np.nan, np.nan)


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
    order = [student.id for student in students]
    given = answers_of([sitting.id for sitting in sittings])
    now = [given.get(sitting.id, {}) for sitting in sittings]
    earlier = _earlier(sittings)
    before = [[_at(earlier.get(one, {}), time) for one in order] for time in range(TIMES)]
    scaled, facts = _items(campaign)
    codes = list(dict.fromkeys(code for code, _ in scaled))
    born = [one.birth_date.toordinal() if one.birth_date else -1 for one in students]
    told = _facts(now, facts)
    rows = Sittings(
        now=_values(now, scaled),
        before=np.stack([_values(time, scaled) for time in before]),
        shown_now=_shown(now, scaled),
        shown_before=np.stack([_shown(time, scaled) for time in before]),
        instrument=np.array([codes.index(code) for code, _ in scaled], np.int64),
        group=np.array([student.cohort_id for student in students], np.int64),
        position=np.array([student.position for student in students], np.int64),
        seat=np.array([np.nan if one.seat is None else one.seat for one in sittings]),
        begun=np.array([sitting.started_at.timestamp() for sitting in sittings]),
        facts_now=np.hstack([told, _values(now, list(facts))]),
        facts_before=np.hstack([_facts(before[0], facts), _roster(students, facts)]),
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


def _earlier(sittings: Sequence[Assessment]) -> Mapping[int, Mapping[Key, Sequence[Answer]]]:
    """By student and item, what earlier sittings that are surely theirs say, the newest first."""
    known: dict[int, dict[Key, list[Answer]]] = {}
    for start in range(0, len(sittings), AT_ONCE):
        owners = _owners(sittings[start : start + AT_ONCE])
        given = answers_of(list(owners))
        for sitting_id, student_id in owners.items():
            of_student = known.setdefault(student_id, {})
            for key, answer in given.get(sitting_id, {}).items():
                answers = of_student.setdefault(key, [])
                if len(answers) < TIMES:
                    answers.append(answer)
    return known


def _owners(sittings: Sequence[Assessment]) -> Mapping[int, int]:
    """Whose the sittings before these are, the newest first."""
    begun = {sitting.student_id: sitting.started_at for sitting in sittings}
    query = (
        select(Assessment.id, Assessment.student_id, Assessment.started_at)
        .where(Assessment.student_id.in_(begun), ~is_attributed(Assessment.id))
        .order_by(Assessment.started_at.desc(), Assessment.id.desc())
    )
    return {
        sitting_id: student_id
        for sitting_id, student_id, at in db.session.execute(query)
        if student_id is not None and at < begun[student_id]
    }


def _at(known: Mapping[Key, Sequence[Answer]], time: int) -> Mapping[Key, Answer]:
    """Of each item the answer of so many times before the last one."""
    return {key: answers[time] for key, answers in known.items() if len(answers) > time}


def answers_of(sittings: Sequence[int], *, codes: Collection[str] | None = None) -> Answers:
    """By sitting, the answer that counts for each item, of these instruments or of all."""
    columns = Response.assessment_id, Response.instrument_code, Response.item_code
    query = select(*columns, Response.value, Response.shown_ms).order_by(Response.id)
    if codes is not None:
        query = query.where(Response.instrument_code.in_(codes))
    found: dict[int, dict[Key, Answer]] = {}
    for start in range(0, len(sittings), AT_ONCE):
        portion = query.where(Response.assessment_id.in_(sittings[start : start + AT_ONCE]))
        for sitting_id, instrument, item, value, milliseconds in db.session.execute(portion):
            answer = Answer(
                np.nan if value is None else value, np.nan if milliseconds is None else milliseconds
            )
            found.setdefault(sitting_id, {})[instrument, item] = answer
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


def _values(rows: Sequence[Mapping[Key, Answer]], keys: Sequence[Key]) -> Floats:
    return _table([[given.get(key, NOTHING).value for key in keys] for given in rows], len(keys))


def _shown(rows: Sequence[Mapping[Key, Answer]], keys: Sequence[Key]) -> Floats:
    return _table([[given.get(key, NOTHING).shown for key in keys] for given in rows], len(keys))


def _table(rows: Sequence[Sequence[float]], columns: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), columns)


def _facts(rows: Sequence[Mapping[Key, Answer]], facts: Mapping[Key, Item]) -> Floats:
    """A column a fact; of a question with several answers one a box, ticked or not.

    Two who live with mother and brother, and with mother, brother and a grandmother, agree in much.
    """
    columns = [np.empty((len(rows), 0))]
    for key, item in facts.items():
        given = _values(rows, [key])
        if item.kind == "multiple":
            boxes = 2 ** np.arange(len(item.options))
            given = np.where(np.isnan(given), np.nan, np.nan_to_num(given) // boxes % 2)
        columns.append(given)
    return np.hstack(columns)


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

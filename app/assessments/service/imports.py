"""Answers that were collected elsewhere come in as a table: the whole file, or nothing of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments import queries
from app.assessments.domain import Answer, AssessmentSubmitted, Mode
from app.assessments.models import Assessment
from app.assessments.service.held import HeldSitting, take_in
from app.assessments.service.responses import store_responses
from app.authoring.queries import instrument_of
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, Invitation
from app.campaigns.service import invite_also
from app.instruments.model import Instrument
from app.people.models import Student
from app.platform import audit, clock, events
from app.platform.db import db
from app.scoring.column_map import ColumnMap
from app.scoring.reading import RawTable, TableError
from app.scoring.table import AnswerTable, TableReader


@dataclass(frozen=True)
class AnsweredRow:
    """One row of the file: who, and what was answered."""

    line: int
    student_no: str
    answers: list[Answer]


@dataclass(frozen=True)
class ResponsesPlan:
    """What the import of a file would do.

    `new` names students by row id. `uninvited` are those on the roster who were not invited yet;
    `not_asked` are instruments of the battery that the file has no column for.
    """

    new: list[tuple[int, list[Answer]]]
    changed: list[tuple[Assessment, list[Answer]]]
    unchanged: int
    empty: int
    uninvited: set[int]
    not_asked: list[str]

    @property
    def rows(self) -> int:
        """The rows of the file."""
        return len(self.new) + len(self.changed) + self.unchanged + self.empty


def import_responses(
    *, actor: Actor, campaign: Campaign, table: RawTable, column_map: ColumnMap, locale: str
) -> ResponsesPlan:
    """Store, score and flag the answers of a table; the same table again changes nothing."""
    plan = plan_import(actor=actor, campaign=campaign, table=table, column_map=column_map)
    if plan.uninvited:
        invite_also(actor=actor, campaign=campaign, student_ids=plan.uninvited)
    doors, now = _invitations(campaign), clock.now()
    held = [
        HeldSitting(doors[student_id], answers, started_at=now, finished_at=now)
        for student_id, answers in plan.new
    ]
    take_in(campaign=campaign, sittings=held, mode=Mode.IMPORT, locale=locale)
    for assessment, answers in plan.changed:
        store_responses(assessment=assessment, answers=answers)
        events.publish(AssessmentSubmitted(assessment.id))
    audit.record(
        actor,
        "import_responses",
        campaign,
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
    )
    return plan


def plan_import(
    *, actor: Actor, campaign: Campaign, table: RawTable, column_map: ColumnMap
) -> ResponsesPlan:
    """Read the table against the campaign; raise `TableError` with everything that is wrong."""
    for part in campaign.sites:
        require(actor, Permission.IMPORT_RESPONSES, part)
    if campaign.state is CampaignState.DRAFT:
        raise TableError([f"campaign {campaign.code} is not open yet: nobody is invited."])
    instruments = [instrument_of(part.instrument_version) for part in campaign.battery.parts]
    rows, not_asked, reasons = _read(table, column_map, instruments)
    register = _Register.of(campaign)
    reasons += register.objections(rows)
    if reasons:
        raise TableError(reasons)
    return _plan(rows, register, not_asked)


@dataclass(frozen=True)
class _Register:
    """Who may be in the file: students by blind index, who is invited, who has answered."""

    campaign: Campaign
    students: dict[bytes, list[int]]
    invited: frozenset[int]
    sittings: dict[int, Assessment]

    @classmethod
    def of(cls, campaign: Campaign) -> "_Register":
        """Read the rosters of the schools that take part."""
        sites = [part.site_id for part in campaign.sites]
        roster = select(Student.id, Student.student_no_index).where(
            Student.site_id.in_(sites), Student.left_at.is_(None)
        )
        students: dict[bytes, list[int]] = {}
        for student_id, index in db.session.execute(roster):
            students.setdefault(index, []).append(student_id)
        answered = (
            select(Assessment)
            .where(Assessment.campaign_id == campaign.id, Assessment.student_id.is_not(None))
            .order_by(Assessment.id)
        )
        return cls(
            campaign=campaign,
            students=students,
            invited=frozenset(_invitations(campaign)),
            sittings={
                each.student_id: each for each in db.session.scalars(answered) if each.student_id
            },
        )

    def student_of(self, row: AnsweredRow) -> int | None:
        """The one student of that number, or None."""
        own = self.students.get(_index(row.student_no), [])
        return own[0] if len(own) == 1 else None

    def objections(self, rows: Sequence[AnsweredRow]) -> list[str]:
        """Why rows cannot be taken in, with what to do about it."""
        lines: dict[bytes, int] = {}
        found = [(row, self._objection(row, lines)) for row in rows]
        return [
            f"row {row.line}: {row.student_no or '(no number)'} {why}" for row, why in found if why
        ]

    def _objection(self, row: AnsweredRow, lines: dict[bytes, int]) -> str | None:
        index = _index(row.student_no)
        first = lines.setdefault(index, row.line)
        count = len(self.students.get(index, []))
        if count == 0:
            return "is on no roster of the schools that take part; import the roster first."
        if count > 1:
            return "is the number of students of two schools; import them one school at a time."
        if first != row.line:
            return f"stands in row {first} already."
        return self._objection_to(self.students[index][0])

    def _objection_to(self, student_id: int) -> str | None:
        sitting = self.sittings.get(student_id)
        if sitting is not None and sitting.mode is not Mode.IMPORT:
            return "has already answered in this campaign."
        is_open = self.campaign.state is CampaignState.OPEN
        if student_id not in self.invited and not is_open:
            return "was not invited, and the campaign is closed."
        return None


def _read(
    table: RawTable, column_map: ColumnMap, instruments: Sequence[Instrument]
) -> tuple[list[AnsweredRow], list[str], list[str]]:
    """The rows, the instruments that the file lacks, and what is wrong with its cells."""
    reader = TableReader(table, column_map)
    reasons = _ambiguous(table, column_map, instruments)
    if column_map.id is None and "id" not in table.header:
        reasons.append(
            "row 1: there is no column “id” with the student numbers; add it, or name its column "
            "as “id” in the map."
        )
    ids = reader.respondents().ids
    answered = [each for each in instruments if _is_in(table, column_map, each, instruments)]
    tables = {each.code: reader.answers(each) for each in answered}
    try:
        reader.check()
    except TableError as error:
        reasons += error.reasons
    rows = [
        AnsweredRow(line, student_no, list(_answers(n, answered, tables)))
        for n, (line, student_no) in enumerate(zip(table.lines, ids, strict=True))
    ]
    return rows, [each.code for each in instruments if each not in answered], reasons


def _is_in(
    table: RawTable, column_map: ColumnMap, one: Instrument, all_of_them: Sequence[Instrument]
) -> bool:
    """Whether any column belongs to the instrument; a lone instrument is always meant."""
    names = {f"{one.code}.{item}" for item in one.item_codes} | _own_codes(one, all_of_them)
    return len(all_of_them) == 1 or not names.isdisjoint({*table.header, *column_map.items})


def _own_codes(one: Instrument, all_of_them: Sequence[Instrument]) -> set[str]:
    """The item codes that no other instrument of the battery has."""
    others = {code for each in all_of_them if each is not one for code in each.item_codes}
    return set(one.item_codes) - others


def _ambiguous(
    table: RawTable, column_map: ColumnMap, instruments: Sequence[Instrument]
) -> list[str]:
    """A plain q1 in a battery of several would be read as the first item of each of them."""
    plain = {*table.header, *column_map.items}
    return [
        f"row 1, column {code}: which of {', '.join(owners)} is meant? Write {owners[0]}.{code}."
        for code in dict.fromkeys(code for each in instruments for code in each.item_codes)
        if code in plain
        and len(owners := [each.code for each in instruments if code in each.item_codes]) > 1
    ]


def _answers(
    n: int, instruments: Sequence[Instrument], tables: Mapping[str, AnswerTable]
) -> Iterator[Answer]:
    """What the row says; an empty cell says nothing, a refusal says that it was refused."""
    for instrument in instruments:
        table = tables[instrument.code]
        for column, item in enumerate(instrument.item_codes):
            value, refused = float(table.matrix[n, column]), bool(table.refused[n, column])
            if refused:
                yield Answer(instrument.code, item, refused=True)
            elif not math.isnan(value):
                yield Answer(instrument.code, item, value=value)


def _plan(rows: Sequence[AnsweredRow], register: _Register, not_asked: list[str]) -> ResponsesPlan:
    new: list[tuple[int, list[Answer]]] = []
    changed: list[tuple[Assessment, list[Answer]]] = []
    unchanged = empty = 0
    for row in rows:
        student_id = register.student_of(row)
        if not row.answers or student_id is None:
            empty += 1
        elif (sitting := register.sittings.get(student_id)) is None:
            new.append((student_id, row.answers))
        elif changes := _changes(sitting, row.answers):
            changed.append((sitting, changes))
        else:
            unchanged += 1
    uninvited = {student_id for student_id, _ in new} - register.invited
    return ResponsesPlan(new, changed, unchanged, empty, uninvited, not_asked)


def _changes(sitting: Assessment, answers: Sequence[Answer]) -> list[Answer]:
    """What differs from the answers that count now; an empty cell takes nothing back."""
    current = queries.current_responses(sitting.id)
    return [
        answer
        for answer in answers
        if (stored := current.get(answer.instrument_code, {}).get(answer.item_code)) is None
        or (stored.value, stored.refused) != (answer.value, answer.refused)
    ]


def _invitations(campaign: Campaign) -> dict[int, Invitation]:
    query = select(Invitation).where(Invitation.campaign_id == campaign.id)
    return {each.student_id: each for each in db.session.scalars(query)}


def _index(student_no: str) -> bytes:
    return Student.student_no.look_up(Student, student_no)

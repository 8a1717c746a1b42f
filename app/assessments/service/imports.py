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
from app.instruments.model import Instrument
from app.people.models import Student
from app.platform import audit, clock, events
from app.platform.db import db
from app.scoring.column_map import ColumnMap
from app.scoring.reading import RawTable, TableError
from app.scoring.table import AnswerTable, TableReader


@dataclass(frozen=True)
class ResponsesPlan:
    """What the import of a file would do; `not_asked` are instruments that the file lacks."""

    new: list[HeldSitting]
    changed: list[tuple[Assessment, list[Answer]]]
    unchanged: int
    empty: int
    not_asked: list[str]

    @property
    def rows(self) -> int:
        """The rows of the file."""
        return len(self.new) + len(self.changed) + self.unchanged + self.empty


@dataclass(frozen=True)
class _Row:
    """One row of the file: who, and what was answered."""

    line: int
    student_no: str
    answers: list[Answer]


def import_responses(
    *, actor: Actor, campaign: Campaign, table: RawTable, column_map: ColumnMap, locale: str
) -> ResponsesPlan:
    """Store, score and flag the answers of a table; the same table again changes nothing."""
    plan = plan_import(actor=actor, campaign=campaign, table=table, column_map=column_map)
    take_in(campaign=campaign, sittings=plan.new, mode=Mode.IMPORT, locale=locale)
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
    invited = _invited(campaign)
    reasons += _who_is_wrong(rows, invited)
    known = _sittings(campaign)
    reasons += [
        f"row {row.line}: {row.student_no} has already answered in this campaign."
        for row in rows
        if (sitting := _sitting(row, invited, known)) and sitting.mode is not Mode.IMPORT
    ]
    if reasons:
        raise TableError(reasons)
    return _plan(rows, invited, known, not_asked)


def _read(
    table: RawTable, column_map: ColumnMap, instruments: Sequence[Instrument]
) -> tuple[list[_Row], list[str], list[str]]:
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
        _Row(line, student_no, list(_answers(n, answered, tables)))
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


def _invited(campaign: Campaign) -> dict[bytes, list[Invitation]]:
    """The invitations by the blind index of the student number; two schools may share a number."""
    query = (
        select(Invitation, Student.student_no_index)
        .join(Student, Student.id == Invitation.student_id)
        .where(Invitation.campaign_id == campaign.id)
    )
    found: dict[bytes, list[Invitation]] = {}
    for invitation, index in db.session.execute(query):
        found.setdefault(index, []).append(invitation)
    return found


def _who_is_wrong(rows: Sequence[_Row], invited: Mapping[bytes, list[Invitation]]) -> list[str]:
    reasons = []
    seen: dict[bytes, int] = {}
    for row in rows:
        index = _index(row.student_no)
        count = len(invited.get(index, []))
        if count == 0:
            reasons.append(
                f"row {row.line}: {row.student_no or '(no number)'} is not invited to this "
                "campaign; import the roster first, then invite new students."
            )
        elif count > 1:
            reasons.append(f"row {row.line}: {row.student_no} is a student of two schools here.")
        elif index in seen:
            reasons.append(f"row {row.line}: {row.student_no} stands in row {seen[index]} already.")
        seen.setdefault(index, row.line)
    return reasons


def _sittings(campaign: Campaign) -> dict[int, Assessment]:
    """The last sitting of every invitation."""
    query = (
        select(Assessment)
        .where(Assessment.campaign_id == campaign.id, Assessment.invitation_id.is_not(None))
        .order_by(Assessment.id)
    )
    return {each.invitation_id: each for each in db.session.scalars(query) if each.invitation_id}


def _sitting(
    row: _Row, invited: Mapping[bytes, list[Invitation]], known: Mapping[int, Assessment]
) -> Assessment | None:
    own = invited.get(_index(row.student_no), [])
    return known.get(own[0].id) if len(own) == 1 else None


def _plan(
    rows: Sequence[_Row],
    invited: Mapping[bytes, list[Invitation]],
    known: Mapping[int, Assessment],
    not_asked: list[str],
) -> ResponsesPlan:
    new: list[HeldSitting] = []
    changed: list[tuple[Assessment, list[Answer]]] = []
    unchanged = empty = 0
    now = clock.now()
    for row in rows:
        sitting = _sitting(row, invited, known)
        if not row.answers:
            empty += 1
        elif sitting is None:
            door = invited[_index(row.student_no)][0]
            new.append(HeldSitting(door, row.answers, started_at=now, finished_at=now))
        elif changes := _changes(sitting, row.answers):
            changed.append((sitting, changes))
        else:
            unchanged += 1
    return ResponsesPlan(new, changed, unchanged, empty, not_asked)


def _changes(sitting: Assessment, answers: Sequence[Answer]) -> list[Answer]:
    """What differs from the answers that count now; an empty cell takes nothing back."""
    current = queries.current_responses(sitting.id)
    return [
        answer
        for answer in answers
        if (stored := current.get(answer.instrument_code, {}).get(answer.item_code)) is None
        or (stored.value, stored.refused) != (answer.value, answer.refused)
    ]


def _index(student_no: str) -> bytes:
    return Student.student_no.look_up(Student, student_no)

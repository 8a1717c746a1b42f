"""Reads of the counselling queue; every list starts from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Mapped, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.assessments.domain import CLOSING, AssessmentState, AttributionKind, Mode
from app.assessments.models import Assessment, Attribution, Response
from app.cases.domain.queue import EntryNow, EntryState
from app.cases.models import (
    Case,
    HandOver,
    LevelDecision,
    QueueEntry,
    QueueEntryFlag,
    QueueEntryReport,
)
from app.cases.queries.cases import OPEN_CASE_ID
from app.observations.models import ObservationReport
from app.people.models import Site, Student
from app.people.queries import visible_students
from app.platform import clock
from app.platform.db import db, only
from app.platform.types import words
from app.results.domain import FlagKind
from app.results.models import Flag
from app.triage.domain import Lane, RiskLevel

_GIVEN = (
    select(Attribution.kind, Attribution.student_id)
    .where(Attribution.assessment_id == bindparam("sitting"))
    .order_by(Attribution.id.desc())
    .limit(1)
)
#: No tap for so long after a critical answer counts as an unanswered question about company.
SILENCE = timedelta(minutes=5)
#: Papers and files are never silent: nobody was asked.
_ASKED = (Mode.PHONE, Mode.COMPUTER_ROOM)
PAGE = 50

_CLASS = case(
    (
        QueueEntry.assessment_id.is_not(None),
        select(Assessment.cohort_id)
        .where(Assessment.id == QueueEntry.assessment_id)
        .scalar_subquery(),
    ),
    else_=select(Student.cohort_id).where(Student.id == QueueEntry.student_id).scalar_subquery(),
)
_BESIDE = {
    "lane": type_coerce(QueueEntry.lane, words(Lane)),
    "cohort_id": _CLASS,
    "open_case_id": OPEN_CASE_ID.where(Case.student_id == QueueEntry.student_id).scalar_subquery(),
}
_NOW = select(
    *(_BESIDE[name] if name in _BESIDE else getattr(QueueEntry, name) for name in EntryNow._fields)
)
_OF_ENTRY = _NOW.where(QueueEntry.id == bindparam("whose"))
#: Built once: whoever is flagged or reported asks one of them.
_OPEN_OF_STUDENT, _OPEN_OF_SITTING, _OPEN_OF_OBSERVER = (
    _NOW.where(who == bindparam("whose"), QueueEntry.state != EntryState.SETTLED).with_for_update(
        **only(QueueEntry)
    )
    for who in (QueueEntry.student_id, QueueEntry.assessment_id, QueueEntry.observer_id)
)


@dataclass(frozen=True)
class QueueFilter:
    """What the page's address asks for."""

    whose: str = "all"
    site: str = ""
    level: str = ""
    lane: str = ""
    overdue: bool = False
    student: str = ""
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the whole queue is asked for."""
        return self.address(page=1) != QueueFilter().address()

    def address(self, **changed: object) -> dict[str, object]:
        """The parts of the page's address, with these changed; defaults are left out."""
        asked = vars(self) | changed
        return {
            name: int(value) if value is True else value
            for name, value in asked.items()
            if value not in ("", False, None) and not (name == "page" and value == 1)
        }


def visible_to(actor: Actor) -> Select[QueueEntry]:
    """Entries of the actor's schools, and those that a grant opens."""
    return select(QueueEntry).where(_in_scope(actor))


def find_entry(actor: Actor, public_id: str) -> QueueEntry | None:
    """One entry with everything its page shows, if the actor may see it."""
    query = visible_to(actor).where(QueueEntry.public_id == public_id)
    query = query.options(
        *_with_people(),
        selectinload(QueueEntry.flags),
        selectinload(QueueEntry.decisions).joinedload(LevelDecision.user),
        selectinload(QueueEntry.reports).joinedload(ObservationReport.reporter),
    )
    return db.session.scalar(query)


def student_by_number(actor: Actor, student_no: str) -> Student | None:
    """Who has this number among the students whom the actor may see; names cannot be searched."""
    index = Student.student_no.look_up(Student, student_no)
    query = visible_students(actor).where(Student.student_no_index == index)
    return db.session.scalars(query.limit(1)).first()


def hand_overs_of(thing: QueueEntry | Case) -> Sequence[HandOver]:
    """Who gave it to whom, the newest first."""
    column = HandOver.case_id if isinstance(thing, Case) else HandOver.queue_entry_id
    query = (
        select(HandOver)
        .where(column == thing.id)
        .order_by(HandOver.id.desc())
        .options(joinedload(HandOver.giver), joinedload(HandOver.receiver), joinedload(HandOver.by))
    )
    return db.session.scalars(query).all()


def open_entries(actor: Actor, chosen: QueueFilter | None = None) -> Select[QueueEntry]:
    """Who waits, the most urgent first; within a level who asked and was not met in time."""
    query = _in_order(visible_to(actor).where(_is_open())).options(
        *_with_people(), selectinload(QueueEntry.flags), selectinload(QueueEntry.reports)
    )
    return query.where(_chosen(actor, chosen)) if chosen else query


def page_of_entries(actor: Actor, chosen: QueueFilter) -> tuple[Sequence[QueueEntry], int]:
    """One page of the queue, and how many wait in all.

    First whose rows these are, along the index; then their people: sorting ten thousand rows with
    everything that belongs to them takes a hundred times as long.
    """
    found = db.session.scalars(_page(actor, chosen, QueueEntry.id)).all()
    query = select(QueueEntry).where(QueueEntry.id.in_(found))
    query = _in_order(query).options(
        *_with_people(), selectinload(QueueEntry.flags), selectinload(QueueEntry.reports)
    )
    rows = db.session.scalars(query).all()
    counted = select(func.count(QueueEntry.id)).where(
        _in_scope(actor), _is_open(), _chosen(actor, chosen)
    )
    return rows, db.session.scalar(counted) or 0


def fingerprint(actor: Actor, chosen: QueueFilter) -> str:
    """Changes whenever this page of the queue would: new, changed or newly overdue entries."""
    overdue = QueueEntry.due_at < clock.now()
    rows = db.session.execute(
        _page(actor, chosen, QueueEntry.id, QueueEntry.version, overdue)
    ).all()
    return ".".join(f"{row[0]}-{row[1]}-{int(row[2])}" for row in rows)


def entry_now(entry_id: int) -> EntryNow:
    """The entry as it stands, with what was changed in this transaction."""
    db.session.flush()
    return EntryNow._make(db.session.connection().execute(_OF_ENTRY, {"whose": entry_id}).one())


def open_entry_of(assessment: Assessment, student_id: int | None) -> EntryNow | None:
    """The open entry that new flags of this sitting join, held: of the student, or of itself."""
    if student_id is not None:
        return _first(_OPEN_OF_STUDENT, student_id)
    return _first(_OPEN_OF_SITTING, assessment.id)


def given_to(assessment_id: int) -> int | None:
    """Who answered a sitting instead of whom its slip names, if a person has said so."""
    said = db.session.connection().execute(_GIVEN, {"sitting": assessment_id}).first()
    return said.student_id if said and said.kind is AttributionKind.GIVEN else None


def open_entry_of_report(report: ObservationReport) -> EntryNow | None:
    """The open entry that a report joins, held: of its student, or of the observer who asks."""
    if report.student_id is not None:
        return _first(_OPEN_OF_STUDENT, report.student_id)
    return _first(_OPEN_OF_OBSERVER, report.reporter_id)


def entry_of_case(case: Case) -> QueueEntry | None:
    """New flags of a student with an open case, until somebody has looked at them."""
    query = select(QueueEntry).where(
        QueueEntry.case_id == case.id, QueueEntry.state != EntryState.SETTLED
    )
    return db.session.scalar(query)


def flags_without_entry() -> Sequence[Flag]:
    """Must be empty, always: a flag that stands for nobody in the queue (safety promise P12)."""
    stands = exists().where(QueueEntryFlag.flag_id == Flag.id)
    return db.session.scalars(select(Flag).where(~stands).order_by(Flag.id)).all()


def count_unseen(site_id: int) -> int:
    """How many entries of a school nobody has opened yet."""
    query = select(func.count(QueueEntry.id)).where(
        QueueEntry.site_id == site_id,
        QueueEntry.state != EntryState.SETTLED,
        QueueEntry.seen_at.is_(None),
        is_real(QueueEntry.student_id),
    )
    return db.session.scalar(query) or 0


def is_real(student_id: Any) -> ColumnElement[bool]:
    """The condition on a row that no drill made it; whoever has no name is real."""
    made_up = exists().where(Student.id == student_id, Student.is_synthetic)
    return ~made_up


def reports_without_entry() -> Sequence[ObservationReport]:
    """Must be empty, always: a report that nobody in the queue stands for."""
    stands = exists().where(QueueEntryReport.report_id == ObservationReport.id)
    query = select(ObservationReport).where(~stands).order_by(ObservationReport.id)
    return db.session.scalars(query).all()


def stale_entries(actor: Actor, as_of: datetime) -> Sequence[QueueEntry]:
    """Flagged and past due, and nobody has claimed them."""
    query = open_entries(actor).where(
        QueueEntry.state == EntryState.WAITING, QueueEntry.due_at < as_of
    )
    return db.session.scalars(query).all()


def silent_entries() -> Sequence[int]:
    """Entries with a critical answer whose sitting was left before the question about company.

    They stand in the same-day lane; being left makes them urgent, whether the sitting is still
    open, was declined after all, or went on after its time was over.
    """
    return db.session.scalars(_silent(QueueEntry.id)).all()


def silent_sittings(entry_id: int) -> Sequence[int]:
    """The sittings of one entry that were left so."""
    return db.session.scalars(_silent(Assessment.id).where(QueueEntry.id == entry_id)).all()


def _silent(column: Mapped[int]) -> Select[int]:
    last_tap = (
        select(func.max(Response.received_at))
        .where(Response.assessment_id == Assessment.id)
        .scalar_subquery()
    )
    answered = exists().where(
        Response.assessment_id == Assessment.id,
        Response.instrument_code == CLOSING,
        Response.item_code == "company",
        Response.value.is_not(None),
    )
    return (
        select(column)
        .select_from(Assessment)
        .join(Flag, Flag.assessment_id == Assessment.id)
        .join(QueueEntryFlag, QueueEntryFlag.flag_id == Flag.id)
        .join(QueueEntry, QueueEntry.id == QueueEntryFlag.queue_entry_id)
        .where(
            _is_open(),
            QueueEntry.lane == Lane.SAME_DAY,
            Flag.kind == FlagKind.CRITICAL,
            Assessment.state != AssessmentState.SUBMITTED,
            Assessment.mode.in_(_ASKED),
            ~answered,
            # A tap so far in the future is of a clock that was set back since: when, nobody knows.
            or_(last_tap < clock.now() - SILENCE, last_tap > clock.now() + SILENCE),
        )
        .distinct()
        .order_by(column)
    )


def _first(query: Select[Any], whose: int) -> EntryNow | None:
    found = db.session.connection().execute(query, {"whose": whose}).first()
    return EntryNow._make(found) if found else None


def _is_open() -> ColumnElement[bool]:
    """Written out and not bound, so that SQLite sees that the index of open entries fits."""
    return QueueEntry.state != literal_column("'settled'")


def _in_order(query: Select[Any]) -> Select[Any]:
    broken_promise = and_(QueueEntry.is_asked_for, QueueEntry.due_at < clock.now())
    return query.order_by(
        QueueEntry.urgency.desc(),
        case((broken_promise, 0), else_=1),
        QueueEntry.due_at,
        QueueEntry.id,
    )


def _page(actor: Actor, chosen: QueueFilter, *columns: Any) -> Select[Any]:
    """Of the rows of one page only these columns."""
    query = select(*columns).where(_in_scope(actor), _is_open(), _chosen(actor, chosen))
    return _in_order(query).limit(PAGE).offset((chosen.page - 1) * PAGE)


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if actor.everywhere:
        return true()
    return or_(
        QueueEntry.site_id.in_(actor.site_ids),
        QueueEntry.student_id.in_(granted(actor, Scope.STUDENT)),
        and_(
            QueueEntry.student_id.is_(None),
            QueueEntry.assessment_id.in_(granted(actor, Scope.ASSESSMENT)),
        ),
    )


def _chosen(actor: Actor, chosen: QueueFilter) -> ColumnElement[bool]:
    whose: dict[str, ColumnElement[bool]] = {
        "mine": or_(
            QueueEntry.claimed_by_id == actor.user_id,
            QueueEntry.case_id.in_(select(Case.id).where(Case.owner_id == actor.user_id)),
        ),
        "unclaimed": QueueEntry.state == EntryState.WAITING,
    }
    narrowed = [whose.get(chosen.whose, true())]
    if chosen.site:
        sites = select(Site.id).where(Site.public_id == chosen.site)
        narrowed.append(QueueEntry.site_id.in_(sites))
    if chosen.level:
        narrowed.append(QueueEntry.risk_level.in_(_members(RiskLevel, chosen.level)))
    if chosen.lane:
        narrowed.append(QueueEntry.lane == chosen.lane)
    if chosen.overdue:
        narrowed.append(QueueEntry.due_at < clock.now())
    if chosen.student:
        students = select(Student.id).where(Student.public_id == chosen.student)
        narrowed.append(QueueEntry.student_id.in_(students))
    return and_(*narrowed)


def _members(kind: type[RiskLevel], word: str) -> list[RiskLevel]:
    """The member of that word; none for a word that does not exist."""
    return [member for member in kind if member.value == word]


def _with_people() -> tuple[ORMOption, ...]:
    return (
        joinedload(QueueEntry.student).joinedload(Student.cohort),
        joinedload(QueueEntry.site),
        joinedload(QueueEntry.campaign),
        joinedload(QueueEntry.observer),
        joinedload(QueueEntry.claimed_by),
        joinedload(QueueEntry.case).joinedload(Case.owner),
    )

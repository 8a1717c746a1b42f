"""Reads of the counselling queue; every list starts from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.assessments.domain import CLOSING, AssessmentState, Mode
from app.assessments.models import Assessment, Response
from app.cases.domain.queue import EntryState
from app.cases.models import Case, QueueEntry, QueueEntryFlag, QueueEntryReport
from app.observations.models import ObservationReport
from app.people.models import Site, Student
from app.platform import clock
from app.platform.db import db
from app.results.domain import FlagKind
from app.results.models import Flag
from app.triage.domain import Lane

#: No tap for so long after a critical answer counts as an unanswered question about company.
SILENCE = timedelta(minutes=5)
#: Papers and files are never silent: nobody was asked.
_ASKED = (Mode.PHONE, Mode.COMPUTER_ROOM)
PAGE = 50


@dataclass(frozen=True)
class QueueFilter:
    """What the page's address asks for."""

    whose: str = "all"
    site: str = ""
    page: int = 1


def visible_to(actor: Actor) -> Select[QueueEntry]:
    """Entries of the actor's schools, and those that a grant opens."""
    return select(QueueEntry).where(_in_scope(actor))


def find_entry(actor: Actor, public_id: str) -> QueueEntry | None:
    """One entry with everything its page shows, if the actor may see it."""
    query = visible_to(actor).where(QueueEntry.public_id == public_id)
    query = query.options(
        *_with_people(),
        selectinload(QueueEntry.flags),
        selectinload(QueueEntry.reports).joinedload(ObservationReport.reporter),
    )
    return db.session.scalar(query)


def open_entries(actor: Actor, chosen: QueueFilter | None = None) -> Select[QueueEntry]:
    """Who waits, the most urgent first; within a level who asked and was not met in time."""
    broken_promise = case((and_(_asked(), QueueEntry.due_at < clock.now()), 0), else_=1)
    query = (
        visible_to(actor)
        .where(QueueEntry.state != EntryState.SETTLED)
        .order_by(QueueEntry.urgency.desc(), broken_promise, QueueEntry.due_at, QueueEntry.id)
        .options(*_with_people(), selectinload(QueueEntry.flags), selectinload(QueueEntry.reports))
    )
    return query.where(_chosen(actor, chosen)) if chosen else query


def page_of_entries(actor: Actor, chosen: QueueFilter) -> tuple[Sequence[QueueEntry], int]:
    """One page of the queue, and how many wait in all."""
    query = open_entries(actor, chosen)
    rows = db.session.scalars(query.limit(PAGE).offset((chosen.page - 1) * PAGE)).all()
    if chosen.page == 1 and len(rows) < PAGE:
        return rows, len(rows)
    counted = query.order_by(None).options().with_only_columns(func.count(QueueEntry.id))
    return rows, db.session.scalar(counted) or 0


def fingerprint(actor: Actor, chosen: QueueFilter) -> str:
    """Changes whenever this page of the queue would: new, changed or newly overdue entries."""
    overdue = QueueEntry.due_at < clock.now()
    query = (
        open_entries(actor, chosen)
        .with_only_columns(QueueEntry.id, QueueEntry.version, overdue)
        .limit(PAGE)
        .offset((chosen.page - 1) * PAGE)
    )
    rows = db.session.execute(query).all()
    return ".".join(f"{row[0]}-{row[1]}-{int(row[2])}" for row in rows)


def open_entry_of(assessment: Assessment) -> QueueEntry | None:
    """The open entry that new flags of this sitting join, held: of its student, or of itself."""
    who = (
        QueueEntry.student_id == assessment.student_id
        if assessment.student_id is not None
        else QueueEntry.assessment_id == assessment.id
    )
    query = select(QueueEntry).where(who, QueueEntry.state != EntryState.SETTLED)
    query = query.options(selectinload(QueueEntry.flags)).with_for_update(of=QueueEntry)
    return db.session.scalar(query)


def open_entry_of_report(report: ObservationReport) -> QueueEntry | None:
    """The open entry that a report joins, held: of its student, or of the observer who asks."""
    who = (
        QueueEntry.student_id == report.student_id
        if report.student_id is not None
        else QueueEntry.observer_id == report.reporter_id
    )
    query = select(QueueEntry).where(who, QueueEntry.state != EntryState.SETTLED)
    query = query.options(selectinload(QueueEntry.reports)).with_for_update(of=QueueEntry)
    return db.session.scalar(query)


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


def reports_without_entry() -> Sequence[ObservationReport]:
    """Must be empty, always: a report that nobody in the queue stands for."""
    stands = exists().where(QueueEntryReport.report_id == ObservationReport.id)
    query = select(ObservationReport).where(~stands).order_by(ObservationReport.id)
    return db.session.scalars(query).all()


def broken_promises(actor: Actor, as_of: datetime) -> Sequence[QueueEntry]:
    """Who asked for a talk and was not met by the promised time, claimed or not."""
    return db.session.scalars(open_entries(actor).where(_asked(), QueueEntry.due_at < as_of)).all()


def stale_entries(actor: Actor, as_of: datetime) -> Sequence[QueueEntry]:
    """Flagged and past due, and nobody has claimed them."""
    query = open_entries(actor).where(
        QueueEntry.state == EntryState.WAITING, QueueEntry.due_at < as_of
    )
    return db.session.scalars(query).all()


def silent_sittings() -> Sequence[int]:
    """Sittings with a critical answer that were left before the question about company.

    Their entry stands already, in the same-day lane; being left makes it urgent, whether the
    sitting is still open, was declined after all, or went on after its time was over.
    """
    of_sitting = Flag.assessment_id == Assessment.id
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
    in_lane = (
        exists()
        .where(of_sitting, Flag.kind == FlagKind.CRITICAL)
        .where(QueueEntryFlag.flag_id == Flag.id, QueueEntry.id == QueueEntryFlag.queue_entry_id)
        .where(QueueEntry.state != EntryState.SETTLED, QueueEntry.lane == Lane.SAME_DAY)
    )
    query = select(Assessment.id).where(
        Assessment.state != AssessmentState.SUBMITTED,
        Assessment.mode.in_(_ASKED),
        in_lane,
        ~answered,
        last_tap < clock.now() - SILENCE,
    )
    return db.session.scalars(query).all()


def _asked() -> ColumnElement[bool]:
    """The person who waits has asked for it; being flagged is not asking."""
    wish = exists().where(
        QueueEntryFlag.queue_entry_id == QueueEntry.id,
        Flag.id == QueueEntryFlag.flag_id,
        Flag.kind == FlagKind.REQUEST,
    )
    return or_(wish, QueueEntry.observer_id.is_not(None))


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
    site: ColumnElement[bool] = true()
    if chosen.site:
        site = QueueEntry.site_id.in_(select(Site.id).where(Site.public_id == chosen.site))
    return and_(whose.get(chosen.whose, true()), site)


def _with_people() -> tuple[ORMOption, ...]:
    return (
        joinedload(QueueEntry.student).joinedload(Student.cohort),
        joinedload(QueueEntry.site),
        joinedload(QueueEntry.campaign),
        joinedload(QueueEntry.observer),
        joinedload(QueueEntry.claimed_by),
        joinedload(QueueEntry.case).joinedload(Case.owner),
    )

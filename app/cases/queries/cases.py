"""Reads of cases; every list starts from what the actor may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad as LoaderOption

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.access.permissions import Permission, Role
from app.access.policy import can
from app.cases.domain.cases import ENDS
from app.cases.domain.story import Happening
from app.cases.models import Case, CaseEvent, Contact, HolidayCover, QueueEntry, Referral
from app.cases.queries.tags import is_sealed
from app.observations.models import ObservationReport
from app.people.models import Student, User
from app.platform import clock
from app.platform.db import db
from app.results.models import Flag

PAGE = 50
#: One form is carried out well within it, and nobody fills in two so quickly.
SAME_MOMENT = timedelta(seconds=2)
_OPEN_CASE = select(Case).where(Case.student_id == bindparam("student"), Case.state.not_in(ENDS))
#: Built once: every flag of a known student asks it. The ends stand one by one, for a list is taken
#: apart at every call.
OPEN_CASE_ID = select(Case.id).where(*(Case.state != end for end in ENDS))
_OPEN_CASE_ID = OPEN_CASE_ID.where(Case.student_id == bindparam("student"))
SET_BY_CONTACTS = frozenset({Happening.RISK_SET, Happening.MOVED, Happening.NEXT_DATE_SET})


@dataclass(frozen=True)
class CaseFilter:
    """What the page's address asks for."""

    whose: str = "mine"
    page: int = 1


@dataclass(frozen=True)
class Line:
    """One line of a case's story: an event, or a contact with what it changed."""

    kind: str
    at: datetime
    row: CaseEvent | Contact
    changes: tuple[CaseEvent, ...] = ()
    #: What the reader may read of a contact's note.
    note: str | None = None
    is_withheld: bool = False


def visible_to(actor: Actor) -> Select[Case]:
    """Cases of the actor's schools, and of students whom a grant opens."""
    return select(Case).where(in_scope(actor))


def page_of_cases(actor: Actor, chosen: CaseFilter) -> Sequence[Case]:
    """One page of cases and the first of the next: open ones by next date, or closed ones."""
    closed = chosen.whose == "closed"
    query = visible_to(actor).where(Case.state.in_(ENDS) if closed else Case.state.not_in(ENDS))
    if closed:
        query = query.where(~Case.student.has(Student.is_synthetic))
    if chosen.whose == "mine":
        query = query.where(Case.owner_id == actor.user_id)
    order = Case.closed_at.desc() if closed else Case.next_on
    query = query.order_by(order, Case.id).options(*with_people())
    return db.session.scalars(query.limit(PAGE + 1).offset((chosen.page - 1) * PAGE)).all()


def find_case(actor: Actor, public_id: str) -> Case | None:
    """One case with its contacts and referrals, if the actor may see it."""
    query = (
        visible_to(actor)
        .where(Case.public_id == public_id)
        .options(
            *with_people(),
            selectinload(Case.contacts).joinedload(Contact.user),
            selectinload(Case.referrals).joinedload(Referral.user),
            selectinload(Case.entries).selectinload(QueueEntry.flags),
            selectinload(Case.entries)
            .selectinload(QueueEntry.reports)
            .joinedload(ObservationReport.reporter),
        )
    )
    return db.session.scalar(query)


def events_of(case: Case) -> Sequence[CaseEvent]:
    """The lines of a case's story, the oldest first."""
    query = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.at, CaseEvent.id)
        .options(joinedload(CaseEvent.user))
    )
    return db.session.scalars(query).all()


def story_of(actor: Actor, case: Case) -> list[Line]:
    """Everything that happened, the newest first; what a contact changed stands with it.

    A note that the actor may not read is never opened.
    """
    events = list(events_of(case))
    lines = []
    for contact in case.contacts:
        changes = tuple(event for event in events if _came_with(event, contact))
        events = [event for event in events if event not in changes]
        lines.append(_contact_line(actor, contact, changes))
    lines += [Line("event", event.at, event) for event in events]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _contact_line(actor: Actor, contact: Contact, changes: tuple[CaseEvent, ...]) -> Line:
    is_withheld = contact.is_private and not can(actor, Permission.READ_PRIVATE_NOTE, contact)
    note = None if is_withheld else contact.note
    return Line("contact", contact.held_at, contact, changes, note, is_withheld)


def _came_with(event: CaseEvent, contact: Contact) -> bool:
    """Whether a contact's own form set it: the same person, in the same moment."""
    is_same_moment = abs(contact.recorded_at - event.at) < SAME_MOMENT
    return event.what in SET_BY_CONTACTS and event.user_id == contact.user_id and is_same_moment


def flags_of_case(case: Case) -> list[Flag]:
    """Every flag that led or came to the case, the newest first."""
    flags = {flag.id: flag for entry in case.entries for flag in entry.flags}
    return sorted(flags.values(), key=lambda flag: (flag.raised_at, flag.id), reverse=True)


def reports_of_case(case: Case) -> list[ObservationReport]:
    """Every observation report that led or came to the case, the newest first."""
    reports = {report.id: report for entry in case.entries for report in entry.reports}
    return sorted(reports.values(), key=lambda report: report.id, reverse=True)


def open_case_of(student_id: int | None) -> Case | None:
    """The student's open case; there is at most one."""
    if student_id is None:
        return None
    return db.session.scalar(_OPEN_CASE, {"student": student_id})


def open_case_id_of(student_id: int | None) -> int | None:
    """Which it is, where nobody needs the case itself."""
    if student_id is None:
        return None
    return db.session.connection().execute(_OPEN_CASE_ID, {"student": student_id}).scalar()


def open_case_for(actor: Actor, student_id: int) -> Case | None:
    """The student's open case, if the actor may see it."""
    query = visible_to(actor).where(Case.student_id == student_id, Case.state.not_in(ENDS))
    return db.session.scalar(query)


def stale_cases(actor: Actor, as_of: date) -> Sequence[Case]:
    """Open cases whose next date is past or missing, or whose owner has left."""
    query = (
        visible_to(actor)
        .join(Case.owner)
        .where(
            Case.state.not_in(ENDS),
            or_(Case.next_on.is_(None), Case.next_on < as_of, User.active.is_(False)),
        )
        .order_by(Case.next_on, Case.id)
        .options(*with_people())
    )
    return db.session.scalars(query).all()


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that says what the actor may see."""
    in_reach = or_(
        true() if actor.everywhere else Case.site_id.in_(actor.site_ids),
        Case.student_id.in_(granted(actor, Scope.STUDENT)),
    )
    if actor.role in {None, Role.CRISIS_LEAD}:
        return in_reach
    # A sealed case is not there for anybody but its owner, and who stands in during a break.
    covered = Case.id.in_(_covered_by(actor))
    is_open = or_(Case.owner_id == actor.user_id, covered, ~is_sealed(Case.student_id))
    return and_(in_reach, is_open)


def case_ids_open_to(actor: Actor, case_ids: Iterable[int | None]) -> set[int]:
    """Those of the cases whose owner, dates and story the actor may read."""
    query = select(Case.id).where(Case.id.in_([each for each in case_ids if each]), in_scope(actor))
    return set(db.session.scalars(query))


def _covered_by(actor: Actor) -> Select[int]:
    today = clock.today()
    return select(HolidayCover.case_id).where(
        HolidayCover.user_id == actor.user_id,
        HolidayCover.from_on <= today,
        HolidayCover.until_on >= today,
    )


def with_people() -> tuple[LoaderOption, ...]:
    """What every list of cases shows beside the case."""
    return (
        joinedload(Case.student).joinedload(Student.cohort),
        joinedload(Case.site),
        joinedload(Case.owner),
    )

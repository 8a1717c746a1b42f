"""What has fallen silent about leave, return and refusals."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.cases.domain.cases import ENDS, is_acute
from app.cases.domain.guardians import REFUSAL_REVIEW, GuardianAnswer
from app.cases.models import Case, Contact, GuardianStep, Leave, ReturnContact
from app.cases.queries.cases import visible_to, with_people
from app.cases.queries.guardians import is_unreported
from app.cases.queries.overdue import Overdue
from app.platform import clock
from app.platform.db import db


def find_leave(actor: Actor, public_id: str) -> Leave | None:
    """One leave of a case that the actor may see."""
    visible = visible_to(actor).with_only_columns(Case.id)
    query = select(Leave).where(Leave.public_id == public_id, Leave.case_id.in_(visible))
    return db.session.scalar(query.options(joinedload(Leave.case)))


def stale_return_contacts(actor: Actor, as_of: date) -> Sequence[Overdue]:
    """Talks promised after a return whose day has gone by."""
    query = (
        select(ReturnContact)
        .join(ReturnContact.case)
        .where(
            Case.id.in_(visible_to(actor).with_only_columns(Case.id)),
            Case.state.not_in(ENDS),
            ReturnContact.kept_at.is_(None),
            ReturnContact.due_on < as_of,
        )
        .order_by(ReturnContact.due_on, ReturnContact.id)
        .options(joinedload(ReturnContact.case).options(*with_people()))
    )
    rows = db.session.scalars(query)
    return [Overdue(row.case.student, row.case, row.due_on) for row in rows]


def stale_leaves(actor: Actor, as_of: date) -> Sequence[Overdue]:
    """Students who were expected back, and nobody has written down that they came."""
    query = (
        select(Leave)
        .join(Leave.case)
        .where(
            Case.id.in_(visible_to(actor).with_only_columns(Case.id)),
            Case.state.not_in(ENDS),
            Leave.returned_on.is_(None),
            Leave.expected_on < as_of,
        )
        .order_by(Leave.expected_on, Leave.id)
        .options(joinedload(Leave.case).options(*with_people()))
    )
    rows = db.session.scalars(query)
    return [Overdue(row.case.student, row.case, row.expected_on) for row in rows]


def stale_refusals(actor: Actor, as_of: date) -> Sequence[Overdue]:
    """Students in danger whose guardian refuses, and nobody has spoken with anybody for a week."""
    newest = select(func.max(GuardianStep.id)).group_by(GuardianStep.case_id)
    spoken = (
        select(func.max(Contact.held_at))
        .where(Contact.case_id == Case.id, Contact.reached)
        .scalar_subquery()
    )
    query = (
        select(Case, GuardianStep.at, spoken)
        .join(GuardianStep, GuardianStep.case_id == Case.id)
        .where(
            Case.id.in_(visible_to(actor).with_only_columns(Case.id)),
            Case.state.not_in(ENDS),
            GuardianStep.id.in_(newest),
            GuardianStep.answer == GuardianAnswer.REFUSES,
        )
        .options(*with_people())
    )
    found = []
    for case, refused_at, spoken_at in db.session.execute(query):
        last = clock.local(max(refused_at, spoken_at or refused_at)).date()
        if is_acute(case.risk_level) and last + REFUSAL_REVIEW < as_of:
            found.append(Overdue(case.student, case, last + REFUSAL_REVIEW))
    return sorted(found, key=lambda row: row.since)


def stale_fears(actor: Actor, as_of: date) -> Sequence[Overdue]:
    """Students who fear a guardian, and the report that the law asks for at once is not written."""
    query = (
        select(Case, GuardianStep.at)
        .join(GuardianStep, GuardianStep.case_id == Case.id)
        .where(
            Case.id.in_(visible_to(actor).with_only_columns(Case.id)),
            Case.state.not_in(ENDS),
            is_unreported(),
        )
        .order_by(GuardianStep.at, GuardianStep.id)
        .options(*with_people())
    )
    first: dict[Case, date] = {}
    for case, at in db.session.execute(query):
        first.setdefault(case, clock.local(at).date())
    return [Overdue(case.student, case, day) for case, day in first.items() if day < as_of]

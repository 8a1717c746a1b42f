"""Reads of endings: what waits for a second person, and what came of earlier ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.cases.domain.endings import SECOND_SIGNATURE
from app.cases.models import Case, CaseEnding
from app.cases.queries.cases import visible_to, with_people
from app.cases.queries.overdue import Overdue
from app.platform import clock
from app.platform.db import db


def waiting_ending(case: Case) -> CaseEnding | None:
    """The proposal that waits for its second signature; there is at most one."""
    query = select(CaseEnding).where(
        CaseEnding.case_id == case.id,
        CaseEnding.signed_at.is_(None),
        CaseEnding.withdrawn_at.is_(None),
    )
    return db.session.scalar(query)


def find_ending(actor: Actor, public_id: str) -> CaseEnding | None:
    """One ending of a case that the actor may see."""
    visible = visible_to(actor).with_only_columns(Case.id)
    query = select(CaseEnding).where(
        CaseEnding.public_id == public_id, CaseEnding.case_id.in_(visible)
    )
    return db.session.scalar(query)


def stale_endings(actor: Actor, as_of: datetime) -> Sequence[Overdue]:
    """Ends of acute cases that have waited too long for a second person."""
    visible = visible_to(actor).with_only_columns(Case.id)
    query = (
        select(CaseEnding)
        .where(
            CaseEnding.case_id.in_(visible),
            CaseEnding.signed_at.is_(None),
            CaseEnding.withdrawn_at.is_(None),
            CaseEnding.proposed_at < as_of - SECOND_SIGNATURE,
        )
        .order_by(CaseEnding.proposed_at, CaseEnding.id)
        .options(joinedload(CaseEnding.case).options(*with_people()))
    )
    return [
        Overdue(row.case.student, row.case, clock.local(row.proposed_at + SECOND_SIGNATURE).date())
        for row in db.session.scalars(query)
    ]

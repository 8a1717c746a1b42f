"""What a student has been promised, and the latest day that may be promised next."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cases.domain.cases import latest_next_date
from app.cases.domain.guardians import review_by
from app.cases.models import Case, Leave, ReturnContact
from app.cases.queries.guardians import standing_of
from app.platform import clock
from app.platform.db import db


def open_promises(case: Case) -> Sequence[ReturnContact]:
    """Talks after a return that nobody has had yet, the earliest first."""
    query = (
        select(ReturnContact)
        .where(ReturnContact.case_id == case.id, ReturnContact.kept_at.is_(None))
        .order_by(ReturnContact.due_on, ReturnContact.id)
    )
    return db.session.scalars(query).all()


def latest_date_of(case: Case) -> date:
    """The last day that may stand as the case's next date now."""
    promises, step = open_promises(case), standing_of(case)
    review = review_by(step.answer if step else None, case.risk_level, today=clock.today())
    first = promises[0].due_on if promises else None
    return latest_next_date(case.risk_level, today=clock.today(), promised=[review, first])


def leave_of(case: Case) -> Leave | None:
    """The latest leave, whether the student is away or has come back from it."""
    query = (
        select(Leave)
        .where(Leave.case_id == case.id)
        .order_by(Leave.id.desc())
        .options(joinedload(Leave.user))
    )
    return db.session.scalar(query.limit(1))

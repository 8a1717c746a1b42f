"""Reads of support plans."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cases.models import Case, PlanRevision
from app.platform.db import db


def revisions_of(case: Case) -> Sequence[PlanRevision]:
    """The plan's revisions, the one that holds first."""
    query = (
        select(PlanRevision)
        .where(PlanRevision.case_id == case.id)
        .order_by(PlanRevision.number.desc())
        .options(joinedload(PlanRevision.user))
    )
    return db.session.scalars(query).all()


def plan_of(case: Case) -> PlanRevision | None:
    """The revision that holds now."""
    return next(iter(revisions_of(case)), None)

"""Writes of the support plan: a whole new revision each time."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import GoalsError, ReviewDateError
from app.cases.domain.plans import MOST_GOALS, Goal
from app.cases.domain.story import Happening
from app.cases.models import Case, PlanRevision
from app.cases.service.cases import require_open
from app.cases.service.story import tell
from app.platform import audit, clock
from app.platform.db import db

#: A plan is looked at again within a term's quarter.
LONGEST_REVIEW = timedelta(days=92)


def revise_plan(
    *, actor: Actor, case: Case, goals: Sequence[Goal], review_on: date
) -> PlanRevision:
    """Write the plan as it stands from now on; earlier revisions stay."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if not 0 < len(goals) <= MOST_GOALS:
        raise GoalsError
    if not clock.today() <= review_on <= clock.today() + LONGEST_REVIEW:
        raise ReviewDateError
    last = select(func.max(PlanRevision.number)).where(PlanRevision.case_id == case.id)
    revision = PlanRevision(
        site_id=case.site_id,
        case_id=case.id,
        number=(db.session.scalar(last) or 0) + 1,
        user_id=actor.user_id,
        made_at=clock.now(),
        review_on=review_on,
    )
    revision.goals = list(goals)
    db.session.add(revision)
    tell(case, Happening.PLAN_REVISED, actor, number=revision.number, goals=len(goals))
    audit.record(actor, "revise_plan", revision, number=revision.number)
    return revision

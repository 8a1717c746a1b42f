"""What was done for students so far, and what others saw and said: beside their profiles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.cases.domain.cases import Counterpart
from app.cases.domain.plans import Goal, GoalState
from app.cases.models import Case, Contact, GuardianStep, PlanRevision, Referral
from app.cases.queries.cases import visible_to
from app.observations.models import ObservationReport
from app.platform.db import db

#: The newest; the case tells the rest.
MOST_CONTACTS, MOST_REPORTS = 3, 3


@dataclass(repr=False)
class Support:
    """One student's support as far as the actor may read of it; without a case it is empty."""

    #: Every case the actor may see, the newest first; the first may still be open.
    cases: list[Case] = field(default_factory=list)
    plan: PlanRevision | None = None
    guardian: GuardianStep | None = None
    reports: list[ObservationReport] = field(default_factory=list)

    @property
    def open_case(self) -> Case | None:
        """The case that is open now."""
        return next((case for case in self.cases if not case.state.is_over), None)

    @property
    def next_on(self) -> date | None:
        """The next date that somebody has promised."""
        return self.open_case.next_on if self.open_case else None

    @property
    def contacts(self) -> Sequence[Contact]:
        """Every contact that reached somebody, the newest first."""
        held = (contact for case in self.cases for contact in case.contacts if contact.reached)
        return sorted(held, key=lambda contact: (contact.held_at, contact.id), reverse=True)

    @property
    def talks(self) -> int:
        """How many of them were with the student."""
        return sum(contact.with_whom is Counterpart.STUDENT for contact in self.contacts)

    @property
    def referrals(self) -> Sequence[Referral]:
        """Every referral, the newest first."""
        return [referral for case in self.cases for referral in reversed(case.referrals)]

    @property
    def goals(self) -> Sequence[Goal]:
        """The goals that are worked on now."""
        goals = self.plan.goals if self.plan else []
        return [goal for goal in goals if goal.state is GoalState.RUNNING]


def support_of(actor: Actor, student_ids: Collection[int]) -> dict[int, Support]:
    """Support by student; a sealed case is not there, and neither is what others saw."""
    found = {student_id: Support() for student_id in student_ids}
    hidden = set(
        db.session.execute(select(Case.id, Case.student_id).where(Case.student_id.in_(found)))
    )
    for case in _cases(actor, found):
        found[case.student_id].cases.append(case)
        hidden.discard((case.id, case.student_id))
    owners = {case.id: case.student_id for one in found.values() for case in one.cases}
    # The oldest first: what stays is the newest.
    for plan in _plans(owners):
        one = found[owners[plan.case_id]]
        if one.open_case and one.open_case.id == plan.case_id:
            one.plan = plan
    for step in _guardian_steps(owners):
        found[owners[step.case_id]].guardian = step
    sealed = {student_id for _case, student_id in hidden}
    for report in _reports(found.keys() - sealed):
        if report.student_id:
            found[report.student_id].reports.append(report)
    return found


def _cases(actor: Actor, student_ids: Collection[int]) -> Sequence[Case]:
    query = (
        visible_to(actor)
        .where(Case.student_id.in_(student_ids))
        .order_by(Case.id.desc())
        .options(
            joinedload(Case.owner),
            selectinload(Case.contacts).joinedload(Contact.user),
            selectinload(Case.referrals).joinedload(Referral.partner_place),
        )
    )
    return db.session.scalars(query).all()


def _plans(case_ids: Collection[int]) -> Sequence[PlanRevision]:
    query = select(PlanRevision).where(PlanRevision.case_id.in_(case_ids))
    return db.session.scalars(query.order_by(PlanRevision.number)).all()


def _guardian_steps(case_ids: Collection[int]) -> Sequence[GuardianStep]:
    query = select(GuardianStep).where(GuardianStep.case_id.in_(case_ids))
    return db.session.scalars(query.order_by(GuardianStep.at, GuardianStep.id)).all()


def _reports(student_ids: Collection[int]) -> Sequence[ObservationReport]:
    query = (
        select(ObservationReport)
        .where(ObservationReport.student_id.in_(student_ids))
        .order_by(ObservationReport.id.desc())
        .options(joinedload(ObservationReport.reporter))
    )
    return db.session.scalars(query).all()

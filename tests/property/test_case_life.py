"""Whatever is done to a case, in any order and at any time, the student is never forgotten (P19).

Every verb of a case's life goes through the services on a database; the clock moves between them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.campaigns.models import Campaign
from app.cases.domain.cases import CaseState, ClosingReason, Counterpart, Modality
from app.cases.domain.endings import Outcome, ReopeningReason, TransferBasis
from app.cases.domain.errors import CaseError
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.domain.holidays import Break
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.plans import Goal
from app.cases.domain.queue import EntryState, EntryStateError
from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.cases.models import Measure, PlanRevision, QueueEntry, ReturnContact
from app.cases.queries.cases import stale_cases
from app.cases.queries.endings import waiting_ending
from app.cases.queries.promises import latest_date_of, leave_of, open_promises
from app.cases.queries.queue import entry_of_case
from app.cases.service import (
    cases,
    contacts,
    endings,
    guardians,
    holidays,
    leaves,
    owners,
    plans,
    queue,
    referrals,
)
from app.people.models import Cohort, Site, User
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import people, results

EXAMPLES, STEPS = 104, 100
#: A hand-over is final: lives are let go on until a case has ended so often.
LATE = 4
LEVELS = st.sampled_from(RiskLevel)
DAYS = st.integers(0, 40)
PERSONS = st.integers(0, 2)


class CaseLife(RuleBasedStateMachine):
    """One student, one case after another, two counsellors and a crisis lead."""

    site: ClassVar[Site]
    users: ClassVar[list[User]]
    cohort_id: ClassVar[int]
    campaign_id: ClassVar[int]
    taken: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        begin_write()
        self.now = NOW
        self.was_acute = False
        self.dated_on = clock.local(NOW).date()
        self.owed: tuple[object, ...] = ()
        with clock.frozen(self.now):
            for user in self.users:
                user.active = True
            self.student = people.student(db.session.get(Cohort, self.cohort_id))
            entry = self._flagged()
            queue.claim(actor=self._actor(0), entry=entry)
            self.case = cases.open_case(
                actor=self._actor(0),
                entry=entry,
                risk_level=RiskLevel.MODERATE,
                next_on=clock.today(),
            )

    def teardown(self) -> None:
        db.session.rollback()

    @rule(hours=st.sampled_from([1, 6, 25, 72, 24 * 9, 24 * 40]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        type(self).taken += 1

    @rule(
        person=PERSONS,
        level=LEVELS,
        state=st.sampled_from(CaseState),
        days=DAYS,
        whom=st.sampled_from(Counterpart),
        reached=st.booleans(),
    )
    def contact(self, person, level, state, days, whom, reached) -> None:
        def deed(actor: Actor) -> None:
            contacts.record_contact(
                actor=actor,
                case=self.case,
                modality=Modality.PHONE,
                held_at=clock.now(),
                reached=reached,
                note="…",
                with_whom=whom,
                risk_level=level,
                state=state,
                next_on=clock.today() + timedelta(days=days),
            )
            self.was_acute |= level.urgency >= RiskLevel.HIGH.urgency
            assert self.case.next_on <= latest_date_of(self.case)

        self._try(person, deed)

    @rule(person=PERSONS, days=DAYS)
    def next_date(self, person, days) -> None:
        self._try(
            person,
            lambda actor: cases.set_next_date(
                actor=actor, case=self.case, next_on=clock.today() + timedelta(days=days)
            ),
        )

    @precondition(lambda self: not self.case.state.is_over)
    @rule(person=PERSONS)
    def flags_come_or_are_noted(self, person) -> None:
        entry = entry_of_case(self.case)
        if entry is not None:
            self._try(person, lambda actor: queue.note_in_case(actor=actor, entry=entry))
        else:
            self._try(person, lambda _actor: self._flagged())

    @rule(person=PERSONS, step=st.sampled_from(ReferralState))
    def referral(self, person, step) -> None:
        waiting = [row for row in self.case.referrals if row.state is ReferralState.PENDING]

        def deed(actor: Actor) -> None:
            if waiting:
                referrals.move_referral(actor=actor, referral=waiting[0], state=step)
                return
            referrals.refer(
                actor=actor,
                case=self.case,
                partner=Partner.HOSPITAL,
                place="医院",
                legal_basis=LegalBasis.GUARDIAN_CONSENT,
                reason="…",
                answer_due_on=clock.today(),
            )

        self._try(person, deed)

    @rule(person=PERSONS, answer=st.sampled_from(GuardianAnswer), is_whole=st.booleans())
    def guardian(self, person, answer, is_whole) -> None:
        def deed(actor: Actor) -> None:
            guardians.record_guardian_step(
                actor=actor,
                case=self.case,
                answer=answer,
                at=clock.now(),
                spoken_by="林老师",
                said="…",
                refusal=guardians.Refusal("周老师", PaperForm.SIGNED, "", "陪伴")
                if is_whole
                else None,
                next_try_on=clock.today() + timedelta(days=2) if is_whole else None,
                report=guardians.Report("派出所", clock.now()) if is_whole else None,
            )

        self._try(person, deed)

    @rule(person=PERSONS, days=DAYS)
    def leave_or_return(self, person, days) -> None:
        def deed(actor: Actor) -> None:
            leave = leave_of(self.case)
            if leave is not None and leave.returned_on is None:
                leaves.note_return(actor=actor, leave=leave, on=clock.today())
                return
            leaves.begin_leave(
                actor=actor,
                case=self.case,
                kind=LeaveKind.REST,
                from_on=clock.today(),
                expected_on=clock.today() + timedelta(days=days),
                contact_person="…",
            )

        self._try(person, deed)

    @rule(person=PERSONS)
    def plan(self, person) -> None:
        goal = Goal("睡好", "睡眠记录", clock.today())
        self._try(
            person,
            lambda actor: plans.revise_plan(
                actor=actor, case=self.case, goals=[goal], review_on=clock.today()
            ),
        )

    @rule(person=PERSONS, outcome=st.sampled_from(Outcome))
    def close(self, person, outcome) -> None:
        self._try(
            person,
            lambda actor: endings.close_case(
                actor=actor,
                case=self.case,
                reason=ClosingReason.GOALS_REACHED,
                outcome=outcome,
                note="…",
            ),
        )

    @precondition(lambda self: len(self.case.endings) >= LATE)
    @rule(person=PERSONS)
    def transfer(self, person) -> None:
        self._try(
            person,
            lambda actor: endings.transfer_case(
                actor=actor,
                case=self.case,
                receiver="城南中学",
                basis=TransferBasis.DANGER,
                handed_on=clock.today(),
                note="…",
            ),
        )

    @precondition(lambda self: waiting_ending(self.case) is not None)
    @rule(person=PERSONS, agrees=st.booleans())
    def second_person(self, person, agrees) -> None:
        ending = waiting_ending(self.case)
        verb = endings.countersign if agrees else endings.withdraw_ending
        self._try(person, lambda actor: verb(actor=actor, ending=ending))

    @rule(person=PERSONS, level=LEVELS, days=DAYS)
    def reopen(self, person, level, days) -> None:
        def deed(actor: Actor) -> None:
            endings.reopen_case(
                actor=actor,
                case=self.case,
                reason=ReopeningReason.STUDENT_ASKED,
                note="…",
                risk_level=level,
                next_on=clock.today() + timedelta(days=days),
            )
            self.was_acute |= level.urgency >= RiskLevel.HIGH.urgency
            assert self._owed() == self.owed

        self._try(person, deed)

    @rule(person=PERSONS, other=PERSONS, comes=st.booleans())
    def owners_change(self, person, other, comes) -> None:
        self.users[other].active = comes or other == len(self.users) - 1
        self._try(
            2,
            lambda actor: owners.reassign(actor=actor, case=self.case, owner=self.users[person]),
        )

    @rule(person=PERSONS, other=PERSONS, ahead=st.integers(1, 20), on=st.integers(0, 6))
    def holiday(self, person, other, ahead, on) -> None:
        first = clock.local(self.now).date() + timedelta(days=ahead)
        cover = holidays.Cover(self.case, self.users[other], first + timedelta(days=on))
        self._try(
            person,
            lambda actor: holidays.cover_holiday(
                actor=actor,
                site=self.site,
                holiday=Break(first, first + timedelta(days=6)),
                covers=[cover],
            ),
        )

    @invariant()
    def open_case_has_an_owner_and_a_next_date(self) -> None:
        if self.case.state.is_over:
            assert self.case.next_on is None
            return
        assert self.case.next_on is not None
        if not self.case.owner.active:
            assert self.case in stale_cases(self._actor(2), self.dated_on)

    @invariant()
    def next_date_keeps_what_was_promised(self) -> None:
        promises = open_promises(self.case)
        if promises and not self.case.state.is_over:
            assert self.case.next_on <= max(promises[0].due_on, self.dated_on)

    @invariant()
    def ended_case_says_who_and_why(self) -> None:
        assert (self.case.acute_at is not None) == self.was_acute
        if not self.case.state.is_over:
            return
        last = next(row for row in reversed(self.case.endings) if row.signed_at)
        assert last.reopened_at is None
        assert (self.case.closed_by_id, last.note) == (last.proposed_by_id, "…")
        if self.case.state is CaseState.CLOSED:
            assert (self.case.closing_reason, last.outcome is None) == (last.reason, False)
            assert not any(row.state is ReferralState.PENDING for row in self.case.referrals)
        if self.was_acute:
            assert last.signed_by_id != last.proposed_by_id
            assert last.outcome is not Outcome.NO_FOLLOW_UP

    def _try(self, person: int, deed: Callable[[Actor], Any]) -> None:
        """Do it; what the services refuse leaves no trace."""
        type(self).taken += 1
        before, was_over, was_acute = self.case.next_on, self.case.state.is_over, self.was_acute
        with clock.frozen(self.now):
            try:
                with db.session.begin_nested():
                    deed(self._actor(person))
            except (CaseError, EntryStateError, DeniedError):
                self.was_acute = was_acute
            if self.case.next_on != before:
                self.dated_on = clock.today()
        if self.case.state.is_over and not was_over:
            self.owed = self._owed()

    def _owed(self) -> tuple[object, ...]:
        """Measures that run, talks that are promised, the plan that holds."""
        case_id = self.case.id
        runs = select(Measure.id).where(Measure.case_id == case_id, Measure.ended_at.is_(None))
        promised = select(ReturnContact.id).where(
            ReturnContact.case_id == case_id, ReturnContact.kept_at.is_(None)
        )
        holds = select(PlanRevision.id).where(PlanRevision.case_id == case_id)
        return tuple(tuple(sorted(db.session.scalars(query))) for query in (runs, promised, holds))

    def _flagged(self) -> QueueEntry:
        campaign = db.session.get(Campaign, self.campaign_id)
        sitting = results.sitting(campaign, self.student)
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))
        query = select(QueueEntry).where(
            QueueEntry.student_id == self.student.id, QueueEntry.state != EntryState.SETTLED
        )
        return db.session.scalars(query).one()

    def _actor(self, person: int) -> Actor:
        is_lead = person == len(self.users) - 1
        return actor_of(self.users[person], Role.CRISIS_LEAD if is_lead else Role.COUNSELLOR)


def test_no_order_of_deeds_forgets_a_student(in_app, fixed_clock):
    site = people.site()
    CaseLife.site, CaseLife.cohort_id = site, people.cohort(site).id
    CaseLife.users = [
        people.user(Role.COUNSELLOR, site.id),
        people.user(Role.COUNSELLOR, site.id),
        people.user(Role.CRISIS_LEAD, site.id),
    ]
    CaseLife.campaign_id = results.campaign("phq9").id
    db.session.commit()
    CaseLife.taken = 0

    run_state_machine_as_test(
        CaseLife,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert CaseLife.taken >= 10_000

"""Whatever is done to a case, in any order and at any time, the student is never forgotten (P19).

Every verb of a case's life goes through the services on a database; the clock moves between them.
The machine keeps its own small book of what was promised, refused and left open, and knows from it
beforehand whether a verb must be allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Actor
from app.access.permissions import Role
from app.campaigns.models import Campaign
from app.cases.domain.cases import (
    LONGEST_WAIT,
    CaseState,
    ClosingReason,
    Counterpart,
    Modality,
    is_acute,
    working_steps,
)
from app.cases.domain.endings import REOPEN_WITHIN, Outcome, ReopeningReason, TransferBasis
from app.cases.domain.errors import CaseError
from app.cases.domain.guardians import REFUSAL_REVIEW, GuardianAnswer, PaperForm
from app.cases.domain.holidays import Break
from app.cases.domain.leaves import RETURN_DAYS, LeaveKind
from app.cases.domain.measures import Every
from app.cases.domain.plans import Goal
from app.cases.domain.queue import EntryState
from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.cases.models import Case, Leave, Measure, PlanRevision, QueueEntry, Referral, ReturnContact
from app.cases.queries.cases import stale_cases
from app.cases.queries.endings import waiting_ending
from app.cases.queries.promises import latest_date_of
from app.cases.service import (
    cases,
    contacts,
    endings,
    guardians,
    holidays,
    leaves,
    measures,
    owners,
    plans,
    queue,
    referrals,
)
from app.people.models import Site, Student, User
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.factories import people, results
from tests.machines import Life, live, may_happen
from tests.mutants import mutate

LIVES, STEPS = 106, 100
LEVELS = st.sampled_from(RiskLevel)
PERSONS = st.integers(0, 2)
#: A date is tried before today, today, within the limit, on it, and a day past it.
DAYS = st.sampled_from(["early", "today", "within", "limit", "late"])
ANSWERS = st.sampled_from([*GuardianAnswer, GuardianAnswer.REFUSES, GuardianAnswer.REFUSES])
OUTCOMES = st.sampled_from(Outcome)
#: The straight way to an answer is the first step of each state.
WAYS = {
    ReferralState.PENDING: (
        ReferralState.ACCEPTED,
        ReferralState.DECLINED,
        ReferralState.REVOKED,
    ),
    ReferralState.ACCEPTED: (
        ReferralState.ATTENDED,
        ReferralState.DECLINED,
        ReferralState.REVOKED,
    ),
    ReferralState.ATTENDED: (ReferralState.ANSWERED,),
}
#: How often at least the whole test comes to what matters.
FLOORS = {
    "closed by one": 20,
    "closing proposed": 50,
    "closed by two": 20,
    "close: OutcomeError": 100,
    "close: FlagsWaitError": 50,
    "close: ReferralWaitsError": 100,
    "close: PromisesWaitError": 50,
    "second person: SamePersonError": 10,
    "ending withdrawn": 20,
    "transferred by one": 1,
    "transferred by two": 25,
    "reopened": 50,
    "reopened with a measure": 30,
    "a new case": 30,
    "owner leaves": 200,
    "case of who has left": 500,
    "reassigned": 100,
    "returned": 100,
    "talk kept a promise": 80,
    "guardian refuses in danger": 20,
    "measure planned": 50,
    "measure given": 100,
    "referral answered": 20,
    "contact: NextDateError": 200,
    "next date: NextDateError": 150,
    "holiday covered": 100,
    "over: StepError": 40,
}


@dataclass
class Book:
    """What the machine itself remembers of a case."""

    acute: bool
    dated_on: date
    met: bool = False
    answered: bool = False
    flags: QueueEntry | None = None
    referral: Referral | None = None
    away: Leave | None = None
    measure: Measure | None = None
    refused: bool = False
    promised: list[date] = field(default_factory=list)
    #: Who wants it to end, and with which outcome; a transfer has none.
    proposal: tuple[int, Outcome | None] | None = None
    owed: tuple[object, ...] = ()


class CaseLife(Life):
    """One student, one case after another, two counsellors and a crisis lead."""

    refusals = (CaseError,)
    site: ClassVar[Site]
    users: ClassVar[list[User]]
    actors: ClassVar[list[Actor]]
    campaign: ClassVar[Campaign]
    student: ClassVar[Student]
    first_case: ClassVar[Case]

    def __init__(self) -> None:
        super().__init__()
        self.case, self.book = self.first_case, Book(acute=False, dated_on=clock.today())

    @property
    def is_open(self) -> bool:
        return not self.case.state.is_over

    @property
    def may_stir(self) -> bool:
        """While an end waits for its second signature, little else happens for a while."""
        return self.is_open and (not self.book.proposal or self.rests("proposed", 15))

    @initialize(level=LEVELS, met=st.booleans())
    def begins(self, level: RiskLevel, met: bool) -> None:
        """Half of the students have been met, and many cases are acute from the first."""
        self._talk(0, level, CaseState.ASSESSING, "today", Counterpart.STUDENT, reached=met)

    @may_happen(
        lambda self: self.rests("time passes", 2),
        hours=st.sampled_from([1, 6, 25, 72, 24 * 9, 24 * 40]),
    )
    def time_passes(self, hours: int) -> None:
        self.let_pass(hours)

    @may_happen(
        lambda self: self.is_open,
        person=PERSONS,
        level=LEVELS,
        step=st.integers(0, 3),
        day=DAYS,
        whom=st.sampled_from([Counterpart.STUDENT, Counterpart.STUDENT, Counterpart.GUARDIAN]),
        reached=st.booleans(),
    )
    def contact(self, person, level, step, day, whom, reached) -> None:
        steps = working_steps(self.case.state)
        self._talk(person, level, steps[step % len(steps)], day, whom, reached)

    @may_happen(lambda self: self.is_open and self.rests("next date", 3), person=PERSONS, day=DAYS)
    def next_date(self, person, day) -> None:
        limit = self._limit(self.case.risk_level, self.book.promised)
        next_on = self._day(day, limit)
        is_set = self._try(
            "next date",
            lambda: cases.set_next_date(actor=self.actors[person], case=self.case, next_on=next_on),
        )
        assert is_set == (clock.today() <= next_on <= limit)

    @may_happen(lambda self: self.may_stir and not self.book.flags and self.rests("flags", 36))
    def flags_come(self) -> None:
        before = self.case.next_on
        self.book.flags = self._flagged()
        assert self.case.next_on <= before
        if self.case.next_on < before:
            self.book.dated_on = clock.today()
        self.happens("flags")

    @may_happen(lambda self: self.is_open and self.book.flags, person=PERSONS)
    def flags_are_noted(self, person) -> None:
        entry = self.book.flags
        assert self._try(
            "flags noted", lambda: queue.note_in_case(actor=self.actors[person], entry=entry)
        )
        self.book.flags = None

    @may_happen(
        lambda self: self.may_stir and not self.book.referral and self.rests("referred", 8),
        person=PERSONS,
    )
    def referral(self, person) -> None:
        def deed() -> None:
            self.book.referral = referrals.refer(
                actor=self.actors[person],
                case=self.case,
                partner=Partner.POLICE,
                place="派出所",
                legal_basis=LegalBasis.DANGER,
                reason="…",
                answer_due_on=clock.today(),
            )

        assert self._try("referred", deed)

    @may_happen(
        lambda self: self.book.referral, person=PERSONS, way=st.sampled_from([0, 0, 0, 1, 2])
    )
    def referral_goes_on(self, person, way) -> None:
        actor, referral = self.actors[person], self.book.referral
        if referral.state is ReferralState.DECLINED:
            assert self._try(
                "nobody else asked",
                lambda: referrals.end_declined(actor=actor, referral=referral, note="…"),
            )
            self.book.referral = None
            return
        ways = WAYS[referral.state]
        state = ways[way % len(ways)]
        assert self._try(
            f"referral {state.value}",
            lambda: referrals.move_referral(actor=actor, referral=referral, state=state),
        )
        self.book.answered |= state is ReferralState.ANSWERED
        if state in (ReferralState.ANSWERED, ReferralState.REVOKED):
            self.book.referral = None

    @may_happen(
        lambda self: self.is_open and self.rests("guardian", 8),
        person=PERSONS,
        answer=ANSWERS,
        is_whole=st.sampled_from([True, True, False]),
    )
    def guardian(self, person, answer, is_whole) -> None:
        in_danger = answer is GuardianAnswer.REFUSES and is_acute(self.case.risk_level)
        is_kept = self._try(
            "guardian",
            lambda: guardians.record_guardian_step(
                actor=self.actors[person],
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
            ),
        )
        if is_kept:
            self.book.refused = answer is GuardianAnswer.REFUSES
        if is_kept and in_danger:
            self.seen["guardian refuses in danger"] += 1
            assert self.case.next_on <= clock.today() + REFUSAL_REVIEW

    @may_happen(
        lambda self: self.may_stir and not self.book.away and self.rests("returned", 25),
        person=PERSONS,
    )
    def leave(self, person) -> None:
        def deed() -> None:
            self.book.away = leaves.begin_leave(
                actor=self.actors[person],
                case=self.case,
                kind=LeaveKind.REST,
                from_on=clock.today(),
                expected_on=clock.today() + timedelta(days=7),
                contact_person="…",
            )

        assert self._try("leave", deed)

    @may_happen(lambda self: self.is_open and self.book.away, person=PERSONS)
    def comes_back(self, person) -> None:
        leave, today = self.book.away, clock.today()
        assert self._try(
            "returned",
            lambda: leaves.note_return(actor=self.actors[person], leave=leave, on=today),
        )
        self.book.away = None
        self.book.promised += [today + timedelta(days=day) for day in RETURN_DAYS]
        self.book.dated_on = max(self.book.dated_on, today)

    @may_happen(lambda self: self.may_stir and self.rests("plan", 15), person=PERSONS)
    def plan(self, person) -> None:
        goal = Goal("睡好", "睡眠记录", clock.today())
        assert self._try(
            "plan",
            lambda: plans.revise_plan(
                actor=self.actors[person],
                case=self.case,
                goals=[goal],
                review_on=clock.today(),
            ),
        )

    @may_happen(
        lambda self: self.may_stir and (not self.book.measure or self.rests("measure given", 30)),
        person=PERSONS,
    )
    def measure(self, person) -> None:
        running, actor = self.book.measure, self.actors[person]
        if running is not None:
            assert self._try(
                "measure given", lambda: measures.give_measure(actor=actor, measure=running)
            )
            return

        def deed() -> None:
            self.book.measure = measures.plan_measure(
                actor=actor,
                case=self.case,
                instrument_code="phq9",
                every=Every.WEEK,
                first_on=clock.today(),
                until_on=None,
            )

        assert self._try("measure planned", deed)

    @may_happen(lambda self: self.is_open, person=PERSONS, outcome=OUTCOMES)
    def close(self, person, outcome) -> None:
        owed = self._owed()
        is_done = self._try(
            "close",
            lambda: endings.close_case(
                actor=self.actors[person],
                case=self.case,
                reason=ClosingReason.GOALS_REACHED,
                outcome=outcome,
                note="…",
            ),
        )
        assert is_done == (self.book.proposal is None and self._may_end(outcome))
        if is_done:
            self._is_proposed(person, outcome, owed)

    @may_happen(
        lambda self: self.is_open and (self.book.flags or self.book.referral or self.book.promised),
        person=PERSONS,
    )
    def something_owed_is_done(self, person) -> None:
        """One thing that stands against an end is done: or no case would ever close."""
        book = self.book
        if book.flags:
            self.flags_are_noted(person)
        elif book.referral:
            self.referral_goes_on(person, 2)
        else:
            self.set_clock(
                self.now + timedelta(days=max(0, (book.promised[-1] - clock.today()).days))
            )
            case, whom = self.case, Counterpart.STUDENT
            self._talk(person, case.risk_level, case.state, "today", whom, reached=True)

    @may_happen(lambda self: self.is_open and self.rests("transfer", 40), person=PERSONS)
    def transfer(self, person) -> None:
        owed = self._owed()
        is_done = self._try(
            "transfer",
            lambda: endings.transfer_case(
                actor=self.actors[person],
                case=self.case,
                receiver="城南中学",
                basis=TransferBasis.DANGER,
                handed_on=clock.today(),
                note="…",
            ),
        )
        assert is_done == (self.book.proposal is None and self._may_end(None))
        if is_done:
            self._is_proposed(person, None, owed)

    @may_happen(
        lambda self: self.book.proposal,
        person=PERSONS,
        agrees=st.sampled_from([True, True, True, False]),
    )
    def second_person(self, person, agrees) -> None:
        proposer, outcome = self.book.proposal
        actor, ending, owed = self.actors[person], waiting_ending(self.case), self._owed()
        assert ending is not None
        if not agrees:
            assert self._try(
                "ending withdrawn",
                lambda: endings.withdraw_ending(actor=actor, ending=ending),
            )
            self.book.proposal = None
            return
        is_done = self._try(
            "second person", lambda: endings.countersign(actor=actor, ending=ending)
        )
        assert is_done == (person != proposer and self._may_end(outcome))
        if is_done:
            self._is_over(outcome, owed)
            self.seen["closed by two" if outcome else "transferred by two"] += 1

    @may_happen(
        lambda self: self.case.state is CaseState.CLOSED, person=PERSONS, level=LEVELS, day=DAYS
    )
    def reopen(self, person, level, day) -> None:
        closed_at, limit = self.case.closed_at, self._limit(level, [])
        next_on = self._day(day, limit)
        is_done = self._try(
            "reopened",
            lambda: endings.reopen_case(
                actor=self.actors[person],
                case=self.case,
                reason=ReopeningReason.STUDENT_ASKED,
                note="…",
                risk_level=level,
                next_on=next_on,
            ),
        )
        is_recent = self.now - closed_at <= REOPEN_WITHIN
        assert is_done == (is_recent and clock.today() <= next_on <= limit)
        if is_done:
            self.book.acute |= is_acute(level)
            assert self._owed() == self.book.owed
            self.seen["reopened with a measure"] += self.book.measure is not None

    @may_happen(
        lambda self: (
            not self.is_open
            and (self.case.state is CaseState.TRANSFERRED or len(self.case.endings) > 2)
        ),
        person=PERSONS,
        level=LEVELS,
    )
    def a_new_case(self, person, level) -> None:
        actor, entry = self.actors[person], self._flagged()
        queue.claim(actor=actor, entry=entry)
        self.case = cases.open_case(
            actor=actor, entry=entry, risk_level=level, next_on=clock.today(), reason="…"
        )
        self.book = Book(acute=is_acute(level), dated_on=clock.today())
        self.happens("a new case")

    @may_happen(
        lambda self: not self.is_open and self.rests("over", 6),
        person=PERSONS,
        verb=st.integers(0, 4),
    )
    def nothing_is_done_to_what_is_over(self, person, verb) -> None:
        actor, case, today = self.actors[person], self.case, clock.today()
        verbs: list[Callable[[], Any]] = [
            lambda: cases.set_next_date(actor=actor, case=case, next_on=today),
            lambda: plans.revise_plan(
                actor=actor, case=case, goals=[Goal("睡好", "", today)], review_on=today
            ),
            lambda: endings.close_case(
                actor=actor,
                case=case,
                reason=ClosingReason.GOALS_REACHED,
                outcome=Outcome.FOLLOWED_UP,
                note="…",
            ),
            lambda: cases.set_risk(actor=actor, case=case, risk_level=RiskLevel.IMMINENT),
            lambda: owners.reassign(actor=self.actors[2], case=case, owner=self.users[person]),
        ]
        assert not self.attempt("over", verbs[verb])

    @may_happen(
        lambda self: self.may_stir and self.rests("owner leaves", 8), person=st.integers(0, 1)
    )
    def owner_leaves(self, person) -> None:
        self.users[person].active = False
        self.happens("owner leaves")

    @may_happen(
        lambda self: (
            self.rests("owner leaves", 4) and not (self.users[0].active and self.users[1].active)
        )
    )
    def colleagues_come_back(self) -> None:
        self.users[0].active = self.users[1].active = True
        self.happens("colleagues come back")

    @may_happen(lambda self: self.is_open and self.rests("reassigned", 8), person=PERSONS)
    def owner_changes(self, person) -> None:
        user, is_able = self.users[person], self.users[person].active
        is_other = user.id != self.case.owner_id
        is_done = self._try(
            "reassigned",
            lambda: owners.reassign(actor=self.actors[2], case=self.case, owner=user),
        )
        assert is_done == (is_able and is_other)

    @may_happen(
        lambda self: self.may_stir and self.rests("holiday covered", 15),
        person=PERSONS,
        ahead=st.integers(1, 20),
        on=st.integers(0, 6),
    )
    def holiday(self, person, ahead, on) -> None:
        first = clock.today() + timedelta(days=ahead)
        cover = holidays.Cover(self.case, self.users[2], first + timedelta(days=on))
        before, limit = self.case.next_on, self._limit(self.case.risk_level, self.book.promised)
        assert self._try(
            "holiday covered",
            lambda: holidays.cover_holiday(
                actor=self.actors[person],
                site=self.site,
                holiday=Break(first, first + timedelta(days=6)),
                covers=[cover],
            ),
        )
        assert self.case.next_on in (before, min(cover.contact_on, limit))

    @invariant()
    def open_case_has_a_date_within_what_was_promised(self) -> None:
        assert (self.case.next_on is not None) == self.is_open
        assert (self.case.acute_at is not None) == self.book.acute
        if self.is_open and self.book.promised:
            assert self.case.next_on <= max(min(self.book.promised), self.book.dated_on)

    @invariant()
    def case_of_who_has_left_is_listed(self) -> None:
        if self.is_open and not self.case.owner.active:
            assert self.case in stale_cases(self.actors[2], self.book.dated_on)
            self.seen["case of who has left"] += 1

    def _talk(self, person, level, state, day, whom, reached) -> None:
        today, kept = clock.today(), reached and whom is Counterpart.STUDENT
        promised = [due for due in self.book.promised if not kept or due > today]
        limit = self._limit(level, promised)
        next_on = self._day(day, limit)
        is_done = self._try(
            "contact",
            lambda: contacts.record_contact(
                actor=self.actors[person],
                case=self.case,
                modality=Modality.PHONE,
                held_at=clock.now(),
                reached=reached,
                note="…",
                with_whom=whom,
                risk_level=level,
                state=state,
                next_on=next_on,
            ),
        )
        assert is_done == (today <= next_on <= limit)
        if is_done:
            self.seen["talk kept a promise"] += len(promised) < len(self.book.promised)
            self.book.met |= kept
            self.book.acute |= is_acute(level)
            self.book.promised = promised

    def _try(self, what: str, deed: Callable[[], Any]) -> bool:
        """Do it, and remember on which day the next date was last moved."""
        before = self.case.next_on
        is_done = self.attempt(what, deed)
        if is_done and self.case.next_on != before:
            self.book.dated_on = clock.today()
        return is_done

    def _limit(self, level: RiskLevel, promised: list[date]) -> date:
        """The last day that may be promised, by the machine's own book."""
        today = clock.today()
        days = [today + LONGEST_WAIT[level], *promised]
        if self.book.refused and is_acute(level):
            days.append(today + REFUSAL_REVIEW)
        return max(min(days), today)

    def _day(self, chosen: str, limit: date) -> date:
        today, day = clock.today(), timedelta(days=1)
        return {
            "early": today - day,
            "today": today,
            "within": today + (limit - today) / 2,
            "limit": limit,
            "late": limit + day,
        }[chosen]

    def _may_end(self, outcome: Outcome | None) -> bool:
        """Whether nothing stands against this end, by the machine's own book."""
        book = self.book
        if book.flags:
            return False
        if outcome is None:
            return True
        true_of_the_file = {
            Outcome.FOLLOWED_UP: book.met,
            Outcome.TAKEN_OVER: book.answered,
            Outcome.NO_FOLLOW_UP: not book.acute,
        }
        return not book.referral and not book.promised and true_of_the_file[outcome]

    def _is_proposed(self, person: int, outcome: Outcome | None, owed: tuple[object, ...]) -> None:
        """An acute case waits for a second person; any other one has ended."""
        if self.book.acute:
            assert self.is_open
            self.book.proposal, self.last["proposed"] = (person, outcome), self.step
            self.seen["closing proposed" if outcome else "transfer proposed"] += 1
            return
        self._is_over(outcome, owed)
        self.seen["closed by one" if outcome else "transferred by one"] += 1

    def _is_over(self, outcome: Outcome | None, owed: tuple[object, ...]) -> None:
        last = next(row for row in reversed(self.case.endings) if row.signed_at)
        assert self.case.state is (CaseState.CLOSED if outcome else CaseState.TRANSFERRED)
        assert (self.case.closed_by_id, last.note) == (last.proposed_by_id, "…")
        assert last.outcome is outcome
        assert self.book.acute == (last.signed_by_id != last.proposed_by_id)
        assert self._owed() == owed
        self.book.proposal, self.book.owed = None, owed

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
        return flagged(self.campaign, self.student)


def flagged(campaign: Campaign, student: Student) -> QueueEntry:
    """The student has answered the ninth question with yes."""
    sitting = results.sitting(campaign, student)
    events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))
    query = select(QueueEntry).where(
        QueueEntry.student_id == student.id, QueueEntry.state != EntryState.SETTLED
    )
    return db.session.scalars(query).one()


@pytest.fixture
def world(in_app, fixed_clock) -> dict[str, Any]:
    """A student with a fresh case, two counsellors and a crisis lead."""
    site = people.site()
    roles = [Role.COUNSELLOR, Role.COUNSELLOR, Role.CRISIS_LEAD]
    users = [people.user(role, site.id) for role in roles]
    actors = [actor_of(user, role) for user, role in zip(users, roles, strict=True)]
    campaign, student = results.campaign("phq9"), people.student(people.cohort(site))
    entry = flagged(campaign, student)
    queue.claim(actor=actors[0], entry=entry)
    case = cases.open_case(
        actor=actors[0],
        entry=entry,
        risk_level=RiskLevel.MODERATE,
        next_on=clock.today(),
        reason="…",
    )
    return {
        "site": site,
        "users": users,
        "actors": actors,
        "campaign": campaign,
        "student": student,
        "first_case": case,
    }


def test_no_order_of_deeds_forgets_a_student(world):
    seen = live(CaseLife, lives=LIVES, steps=STEPS, **world)

    assert seen["steps"] >= 10_000
    assert {what: seen[what] for what, floor in FLOORS.items() if seen[what] < floor} == {}


SABOTAGES = {
    "the same person countersigns": (
        endings.countersign,
        "if actor.user_id == ending.proposed_by_id:",
        "if False:",
    ),
    "an acute case closes with one signature": (
        endings._propose,
        "if case.acute_at is None:",
        "if True:",
    ),
    "an open case loses its date": (
        cases.set_next_date,
        "case.next_on = next_on",
        "case.next_on = None",
    ),
    "a date past the limit": (cases.set_next_date, "latest=latest_date_of(case)", "latest=next_on"),
    "the owner who left is not listed": (
        stale_cases,
        "Case.next_on < as_of, User.active.is_(False)",
        "Case.next_on < as_of",
    ),
    "promises do not bind the date": (latest_date_of, "promised=[review, first]", "promised=[]"),
    "reopening forgets what was owed": (
        endings.reopen_case,
        "case.state, case.next_on, case.owner_id =",
        "for row in __import__('app.cases.queries.measures', fromlist=['x']).measures_of(case):\n"
        "        row.ended_at = row.ended_at or clock.now()\n"
        "    case.state, case.next_on, case.owner_id =",
    ),
    "closed over new flags": (endings._require_nothing_new, "if entry_of_case(case):", "if False:"),
    "closed over an open referral": (
        endings._require_may_close,
        "if any(referral.is_open for referral in case.referrals):",
        "if False:",
    ),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_machine_notices(sabotage, world, monkeypatch):
    mutate(monkeypatch, *SABOTAGES[sabotage])

    with pytest.raises((AssertionError, IntegrityError)):
        live(CaseLife, lives=LIVES, steps=STEPS, **world)

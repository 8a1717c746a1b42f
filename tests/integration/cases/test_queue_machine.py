"""The queue in random order: whatever two counsellors and new flags do, nobody is lost from it."""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app.access.actor import Actor
from app.access.models import AccessGrant
from app.access.permissions import Role
from app.assessments.domain import ResponsesStored
from app.campaigns.models import Campaign
from app.cases.domain.cases import CaseState
from app.cases.domain.errors import CaseError
from app.cases.domain.queue import AlreadyClaimedError, EntryState, EntryStateError, SettlingReason
from app.cases.models import Case, QueueEntry
from app.cases.service import queue
from app.cases.service.cases import open_case
from app.cases.service.hand_overs import assign, hand_over, hand_over_case
from app.cases.service.levels import set_level
from app.cases.service.returning import release
from app.people.models import Student, User
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.triage.domain import Channel, RiskLevel
from tests.conftest import NOW
from tests.factories import people, results

#: What a step may be refused with: too late, or not without a case, a reason or a colleague.
REFUSED = (AlreadyClaimedError, EntryStateError, CaseError)
PEOPLE = st.sampled_from(["bob", "dora"])
LEVELS = st.sampled_from([level for level in RiskLevel if level is not RiskLevel.NONE])
#: XINQIAO_LONG_TESTS=1 takes 10,000 steps.
STEPS, RUNS = 50, 200 if os.environ.get("XINQIAO_LONG_TESTS") else 8


class Queue(RuleBasedStateMachine):
    """Alice answers again and again; bob and dora work, a lead assigns."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.held = clock.frozen(NOW)
        self.context = self.app.app_context()
        #: By entry: the latest level that a person decided, and the earliest due time seen.
        self.decided: dict[int, RiskLevel] = {}
        self.due: dict[int, Any] = {}

    @initialize()
    def begin(self) -> None:
        self.held.__enter__()
        self.context.push()
        begin_write()
        site = people.site()
        self.alice: Student = people.student(people.cohort(site))
        self.campaign: Campaign = results.campaign("phq9")
        self.actors: dict[str, Actor] = {
            name: actor_of(people.user(Role.COUNSELLOR, site.id), Role.COUNSELLOR)
            for name in ("bob", "dora")
        }
        self.lead = actor_of(people.user(Role.CRISIS_LEAD, site.id), Role.CRISIS_LEAD)

    def teardown(self) -> None:
        if hasattr(self, "lead"):
            db.session.rollback()
            db.session.remove()
            self.context.pop()
            self.held.__exit__(None, None, None)

    @rule(item_9=st.integers(0, 3), talk=st.integers(0, 3), company=st.integers(0, 2))
    def answer(self, item_9: int, talk: int, company: int) -> None:
        sitting = results.sitting(self.campaign, self.alice)
        rows = [
            *results.answers(sitting, "phq9", {"q9": item_9}),
            *results.answers(sitting, "closing", {"talk": talk, "company": company}),
        ]
        events.publish(ResponsesStored(sitting.id, tuple(row.id for row in rows)))

    @rule(who=PEOPLE)
    def claim(self, who: str) -> None:
        self._try(lambda entry: queue.claim(actor=self.actors[who], entry=entry))

    @rule(who=PEOPLE)
    def take_over(self, who: str) -> None:
        self._try(lambda entry: queue.take_over(actor=self.actors[who], entry=entry))

    @rule(who=PEOPLE)
    def put_back(self, who: str) -> None:
        self._try(lambda entry: release(actor=self.actors[who], entry=entry))

    @rule(who=PEOPLE, to=PEOPLE)
    def give(self, who: str, to: str) -> None:
        self._try(
            lambda entry: hand_over(
                actor=self.actors[who], entry=entry, colleague=self._user(to), note="见备注"
            )
        )

    @rule(to=PEOPLE)
    def be_assigned(self, to: str) -> None:
        self._try(lambda entry: assign(actor=self.lead, entry=entry, colleague=self._user(to)))

    @rule(who=PEOPLE)
    def settle(self, who: str) -> None:
        self._try(
            lambda entry: queue.settle(
                actor=self.actors[who],
                entry=entry,
                reason=SettlingReason.TALKED_NO_NEED,
                note="聊过",
            )
        )

    @rule(who=PEOPLE, level=LEVELS, reason=st.sampled_from(["", "听到更多"]))
    def decide(self, who: str, level: RiskLevel, reason: str) -> None:
        def deed(entry: QueueEntry) -> None:
            set_level(
                actor=self.actors[who],
                entry=entry,
                risk_level=level,
                channel=Channel.IN_PERSON,
                reason=reason,
            )
            self.decided[entry.id] = level

        self._try(deed)

    @rule(who=PEOPLE)
    def open_case(self, who: str) -> None:
        self._try(
            lambda entry: open_case(
                actor=self.actors[who],
                entry=entry,
                risk_level=entry.risk_level,
                next_on=clock.today(),
            )
        )

    @rule(who=PEOPLE)
    def note(self, who: str) -> None:
        self._try(lambda entry: queue.note_in_case(actor=self.actors[who], entry=entry))

    @rule(who=PEOPLE, to=PEOPLE)
    def give_case(self, who: str, to: str) -> None:
        case = self._open_case()
        if case is not None:
            self._attempt(
                lambda: hand_over_case(
                    actor=self.actors[who], case=case, colleague=self._user(to), note="见备注"
                )
            )

    @invariant()
    def one_open_entry_each(self) -> None:
        assert len(self._entries(is_open=True)) <= 1

    @invariant()
    def claimed_entry_has_a_person_with_a_live_grant(self) -> None:
        live = self._reaching()
        for entry in self._entries(is_open=True):
            is_claimed = entry.state is EntryState.CLAIMED
            assert is_claimed == (entry.claimed_by_id is not None)
            assert not is_claimed or entry.claimed_by_id in live

    @invariant()
    def nobody_reaches_in_but_who_has_the_entry_or_the_case(self) -> None:
        case = self._open_case()
        having = {entry.claimed_by_id for entry in self._entries(is_open=True)}
        assert self._reaching() <= having | ({case.owner_id} if case else set())

    @invariant()
    def settled_entry_says_why_who_and_when(self) -> None:
        for entry in self._entries(is_open=False):
            assert all((entry.settling_reason, entry.settled_by_id, entry.settled_at))

    @invariant()
    def level_is_never_below_a_persons_decision(self) -> None:
        for entry in self._entries():
            decided = self.decided.get(entry.id, RiskLevel.NONE)
            assert entry.risk_level.urgency >= decided.urgency
            assert entry.urgency == entry.risk_level.urgency

    @invariant()
    def level_is_never_below_the_proposal_without_a_decision(self) -> None:
        for entry in self._entries():
            if not entry.is_decided:
                assert entry.risk_level is entry.proposed_level

    @invariant()
    def due_time_never_moves_later(self) -> None:
        for entry in self._entries():
            assert entry.due_at <= self.due.get(entry.id, entry.due_at)
            self.due[entry.id] = entry.due_at

    def _try(self, deed: Callable[[QueueEntry], Any]) -> None:
        """Do it to the newest entry, which may be over; a refusal changes nothing."""
        entries = self._entries()
        if entries:
            self._attempt(lambda: deed(entries[-1]))

    def _attempt(self, deed: Callable[[], Any]) -> None:
        try:
            with db.session.begin_nested():
                deed()
        except REFUSED:
            db.session.expire_all()

    def _entries(self, *, is_open: bool | None = None) -> list[QueueEntry]:
        found = db.session.query(QueueEntry).filter_by(student_id=self.alice.id)
        return [
            entry
            for entry in found.order_by(QueueEntry.id)
            if is_open in (None, entry.state is not EntryState.SETTLED)
        ]

    def _open_case(self) -> Case | None:
        cases = db.session.query(Case).filter_by(student_id=self.alice.id)
        return next((case for case in cases if case.state is not CaseState.CLOSED), None)

    def _reaching(self) -> set[int]:
        live = db.session.query(AccessGrant).filter_by(
            scope_id=self.alice.id, scope_kind="student", valid_until=None
        )
        return {grant.user_id for grant in live}

    def _user(self, name: str) -> User:
        return db.session.get_one(User, self.actors[name].user_id)


def test_queue_keeps_its_promises_in_every_order(app: Flask) -> None:
    machine = type("QueueOfThisApp", (Queue,), {"app": app})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

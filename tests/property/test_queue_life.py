"""The queue in random order: whatever two counsellors and new flags do, nobody is lost from it."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Actor
from app.access.grants import Scope, end_grants
from app.access.models import AccessGrant
from app.access.permissions import Role
from app.assessments.domain import ResponsesStored
from app.campaigns.models import Campaign
from app.cases.domain.cases import CaseState
from app.cases.domain.errors import CaseError
from app.cases.domain.queue import AlreadyClaimedError, EntryState, EntryStateError, SettlingReason
from app.cases.models import Case, QueueEntry
from app.cases.service import entries, queue
from app.cases.service.cases import open_case
from app.cases.service.hand_overs import assign, hand_over, hand_over_case
from app.cases.service.levels import set_level
from app.cases.service.returning import release
from app.people.models import Student, User
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import Channel, RiskLevel
from tests.factories import people, results
from tests.machines import Life, live, may_happen
from tests.mutants import mutate

PEOPLE = st.sampled_from(["bob", "dora"])
LEVELS = st.sampled_from([level for level in RiskLevel if level is not RiskLevel.NONE])
LIVES, STEPS = 101, 100
#: How often at least the whole test comes to what matters.
FLOORS = {
    "answered": 90,
    "answered again": 50,
    "claimed": 30,
    "claimed: AlreadyClaimedError": 60,
    "taken over": 30,
    "put back": 20,
    "handed over": 10,
    "assigned": 50,
    "settled": 3,
    "decided": 40,
    "decided lower": 20,
    "case opened": 15,
    "noted in the case": 3,
    "case handed over": 5,
}


class Queue(Life):
    """Alice answers again and again; bob and dora work, a lead assigns."""

    #: What a step may be refused with: too late, or not without a case, a reason or a colleague.
    refusals = (AlreadyClaimedError, EntryStateError, CaseError)
    alice: ClassVar[Student]
    campaign: ClassVar[Campaign]
    actors: ClassVar[dict[str, Actor]]
    lead: ClassVar[Actor]

    def __init__(self) -> None:
        super().__init__()
        #: By entry: the latest level that a person decided, and the earliest due time seen.
        self.decided: dict[int, RiskLevel] = {}
        self.due: dict[int, Any] = {}

    @may_happen(hours=st.sampled_from([1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.let_pass(hours)

    @may_happen(
        lambda self: self.rests("answered", 4),
        item_9=st.sampled_from([0, 0, 0, 1, 3]),
        talk=st.integers(0, 3),
        company=st.integers(0, 2),
    )
    def answer(self, item_9: int, talk: int, company: int) -> None:
        sitting = results.sitting(self.campaign, self.alice)
        rows = [
            *results.answers(sitting, "phq9", {"q9": item_9}),
            *results.answers(sitting, "closing", {"talk": talk, "company": company}),
        ]
        self.seen["answered again"] += bool(self._entries(is_open=True))
        events.publish(ResponsesStored(sitting.id, tuple(rows)))
        self.happens("answered")

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def claim(self, who: str) -> None:
        self._try("claimed", lambda entry: queue.claim(actor=self.actors[who], entry=entry))

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def take_over(self, who: str) -> None:
        self._try("taken over", lambda entry: queue.take_over(actor=self.actors[who], entry=entry))

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def put_back(self, who: str) -> None:
        self._try("put back", lambda entry: release(actor=self.actors[who], entry=entry))

    @may_happen(lambda self: self._entries(), who=PEOPLE, to=PEOPLE)
    def give(self, who: str, to: str) -> None:
        self._try(
            "handed over",
            lambda entry: hand_over(
                actor=self.actors[who], entry=entry, colleague=self._user(to), note="见备注"
            ),
        )

    @may_happen(lambda self: self._entries(), to=PEOPLE)
    def be_assigned(self, to: str) -> None:
        self._try(
            "assigned", lambda entry: assign(actor=self.lead, entry=entry, colleague=self._user(to))
        )

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def settle(self, who: str) -> None:
        self._try(
            "settled",
            lambda entry: queue.settle(
                actor=self.actors[who],
                entry=entry,
                reason=SettlingReason.TALKED_NO_NEED,
                note="聊过",
            ),
        )

    @may_happen(
        lambda self: self._entries(),
        who=PEOPLE,
        level=LEVELS,
        reason=st.sampled_from(["", "听到更多"]),
    )
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
            self.seen["decided lower"] += level.urgency < entry.proposed_level.urgency

        self._try("decided", deed)

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def open_case(self, who: str) -> None:
        self._try(
            "case opened",
            lambda entry: open_case(
                actor=self.actors[who],
                entry=entry,
                risk_level=entry.risk_level,
                next_on=clock.today(),
            ),
        )

    @may_happen(lambda self: self._entries(), who=PEOPLE)
    def note(self, who: str) -> None:
        self._try(
            "noted in the case",
            lambda entry: queue.note_in_case(actor=self.actors[who], entry=entry),
        )

    @may_happen(lambda self: self._open_case(), who=PEOPLE, to=PEOPLE)
    def give_case(self, who: str, to: str) -> None:
        case = self._open_case()
        self.attempt(
            "case handed over",
            lambda: hand_over_case(
                actor=self.actors[who], case=case, colleague=self._user(to), note="见备注"
            ),
        )

    @may_happen(lambda self: self._open_case() and self.rests("case over", 15))
    def case_ends(self) -> None:
        """Alice is well, or so it seems: what she answers next begins anew."""
        case = self._open_case()
        if self._entries(is_open=True):
            self.happens("case over: with flags")
            return
        case.state, case.next_on = CaseState.TRANSFERRED, None
        end_grants(scope=Scope.STUDENT, scope_id=self.alice.id, user_id=case.owner_id)
        self.happens("case over")

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

    def _try(self, what: str, deed: Callable[[QueueEntry], Any]) -> None:
        """Do it to the newest entry, which may be over."""
        self.attempt(what, lambda: deed(self._entries()[-1]))

    def _entries(self, *, is_open: bool | None = None) -> list[QueueEntry]:
        found = self.once("entries", lambda: self._all(QueueEntry))
        return [
            entry for entry in found if is_open in (None, entry.state is not EntryState.SETTLED)
        ]

    def _open_case(self) -> Case | None:
        cases = self.once("cases", lambda: self._all(Case))
        return next((case for case in cases if not case.state.is_over), None)

    def _all(self, kind: type[QueueEntry | Case]) -> list[Any]:
        query = select(kind).filter_by(student_id=self.alice.id).order_by(kind.id)
        return list(db.session.scalars(query))

    def _reaching(self) -> set[int]:
        query = select(AccessGrant.user_id).filter_by(
            scope_id=self.alice.id, scope_kind="student", valid_until=None
        )
        return set(db.session.scalars(query))

    def _user(self, name: str) -> User:
        return db.session.get_one(User, self.actors[name].user_id)


@pytest.fixture
def world(in_app, fixed_clock) -> dict[str, Any]:
    """Alice, bob, dora and a lead."""
    site = people.site()
    return {
        "alice": people.student(people.cohort(site)),
        "campaign": results.campaign("phq9"),
        "actors": {
            name: actor_of(people.user(Role.COUNSELLOR, site.id), Role.COUNSELLOR)
            for name in ("bob", "dora")
        },
        "lead": actor_of(people.user(Role.CRISIS_LEAD, site.id), Role.CRISIS_LEAD),
    }


def test_queue_keeps_its_promises_in_every_order(world):
    seen = live(Queue, lives=LIVES, steps=STEPS, **world)

    assert seen["steps"] >= 10_000
    assert {what: seen[what] for what, floor in FLOORS.items() if seen[what] < floor} == {}


SABOTAGES = {
    "two open entries a student": (
        queue.enqueue,
        "entry = queries.open_entry_of(assessment, student_id)",
        "entry = None",
    ),
    "claimed without a grant": (queue.hand_to, "if opened := opened_by(entry):", "if False:"),
    "flags lower what a person decided": (entries._sharpened, "if is_more_urgent:", "if True:"),
    "flags move the due time later": (entries._sharpened, "min(entry.due_at", "max(entry.due_at"),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_machine_notices(sabotage, world, monkeypatch):
    mutate(monkeypatch, *SABOTAGES[sabotage])

    with pytest.raises((AssertionError, IntegrityError)):
        live(Queue, lives=LIVES, steps=STEPS, **world)

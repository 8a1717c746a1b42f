"""Every verb of a referral in any order, the clock moving: what must hold always holds."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.domain.errors import CaseError
from app.cases.domain.referrals import LegalBasis, ReferralState
from app.cases.domain.replies import DeadLinkError, Seen
from app.cases.models import Case, ReplyLink
from app.cases.queries.replies import live_link
from app.cases.queries.stale import late_referrals, missing_signatures
from app.cases.service import referrals, reply_links
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from tests.factories import people
from tests.integration.cases.referral_world import answer, open_case, refer, reply
from tests.machines import Life, live, may_happen
from tests.mutants import mutate

LIVES, STEPS = 110, 100
#: How often at least the whole test comes to what matters.
FLOORS = {
    "referred": 40,
    "moved": 25,
    "chased": 10,
    "did not go": 1,
    "signed": 3,
    "signed: OwnSignatureError": 8,
    "printed": 200,
    "withdrawn": 40,
    "answered": 6,
    "answered: DeadLinkError": 40,
    "nobody else": 3,
    "danger listed": 200,
    "late and listed": 200,
}
#: Midnight still belongs to the day that it ends.
A_MOMENT = timedelta(microseconds=1)
which = st.integers(0, 3)
days = st.integers(-2, 80)


class Referrals(Life):
    """Bob and dora work on up to four referrals of one case, and a doctor answers by link."""

    refusals = (CaseError, DeadLinkError)
    case: ClassVar[Case]
    bob: ClassVar[Actor]
    dora: ClassVar[Actor]
    #: Who reads the list of what is past its time.
    lead: ClassVar[Actor]

    def __init__(self):
        super().__init__()
        self.tokens, self.referrals = [], []

    def do(self, what, deed, number=0):
        """Carry it out on one of the referrals."""
        self.attempt(what, lambda: deed(self.referrals[number % len(self.referrals)]))

    @may_happen(
        lambda self: self.rests("time passes", 2), hours=st.sampled_from([1, 12, 25, 100, 400])
    )
    def time_passes(self, hours):
        self.let_pass(hours)

    @may_happen(
        lambda self: len(self.referrals) < 4,
        basis=st.sampled_from([LegalBasis.DANGER, LegalBasis.GUARDIAN_CONSENT]),
        due=days,
    )
    def is_referred(self, basis, due):
        due_on = clock.today() + timedelta(days=due)
        self.attempt(
            "referred",
            lambda: self.referrals.append(
                refer(self.case, self.bob, legal_basis=basis, answer_due_on=due_on)
            ),
        )

    @may_happen(lambda self: self.referrals, number=which, state=st.sampled_from(ReferralState))
    def moves(self, number, state):
        self.do(
            "moved",
            lambda each: referrals.move_referral(actor=self.bob, referral=each, state=state),
            number,
        )

    @may_happen(lambda self: self.referrals, number=which, later=days)
    def is_chased(self, number, later):
        due = clock.today() + timedelta(days=later)
        self.do(
            "chased",
            lambda each: referrals.chase(
                actor=self.bob, referral=each, answer_due_on=due, note="问过"
            ),
            number,
        )

    @may_happen(lambda self: self.referrals, number=which, later=days)
    def does_not_go(self, number, later):
        due = clock.today() + timedelta(days=later)
        # Few referrals stay accepted for long: one that is, is the likeliest to be missed.
        accepted = [each for each in self.referrals if each.state is ReferralState.ACCEPTED]
        likely = accepted or self.referrals
        self.do(
            "did not go",
            lambda each: referrals.note_no_show(actor=self.bob, referral=each, answer_due_on=due),
            self.referrals.index(likely[number % len(likely)]),
        )

    @may_happen(lambda self: self.referrals, number=which, by_colleague=st.booleans())
    def is_signed(self, number, by_colleague):
        actor = self.dora if by_colleague else self.bob
        self.do("signed", lambda each: referrals.sign(actor=actor, referral=each), number)

    @may_happen(lambda self: self.referrals, number=which)
    def is_printed(self, number):
        self.do(
            "printed",
            lambda each: self.tokens.append(referrals.take_slip(actor=self.bob, referral=each)),
            number,
        )

    @may_happen(lambda self: self.referrals, number=which)
    def link_is_withdrawn(self, number):
        self.do(
            "withdrawn", lambda each: reply_links.revoke_link(actor=self.bob, referral=each), number
        )

    @may_happen(lambda self: self.tokens, token=st.integers(0, 9), seen=st.sampled_from(Seen))
    def doctor_answers(self, token, seen):
        # The newest slips are the likeliest to come back.
        self.do(
            "answered",
            lambda _each: answer(self.tokens[-1 - token % len(self.tokens)], reply(seen)),
        )

    @may_happen(lambda self: self.referrals, number=which)
    def nobody_else_is_asked(self, number):
        self.do(
            "nobody else",
            lambda each: referrals.end_declined(actor=self.bob, referral=each, note="已无需要"),
            number,
        )

    @invariant()
    def at_most_one_link_lives(self):
        for each in self.referrals:
            live = [link for link in self._links(each) if not (link.used_at or link.revoked_at)]
            assert len(live) <= 1

    @invariant()
    def over_means_the_link_is_dead(self):
        over = [each for each in self.referrals if not each.is_awaited]
        assert [live_link(link.token_hash) for each in over for link in self._links(each)] == [
            None for each in over for _link in self._links(each)
        ]

    @invariant()
    def danger_is_signed_or_listed_after_a_day(self):
        listed = {row.ref for row in missing_signatures(self.lead, self.now)}
        unsigned = {
            f"referral:{each.public_id}"
            for each in self.referrals
            if each.legal_basis is LegalBasis.DANGER
            and each.signed_by_id in (None, self.bob.user_id)
            and each.made_at + timedelta(hours=24) <= self.now
        }
        assert listed == unsigned
        self.seen["danger listed"] += bool(unsigned)

    @invariant()
    def what_is_open_has_a_day_and_is_listed_after_it(self):
        listed = {row.ref for row in late_referrals(self.lead, self.now)}
        for each in self.referrals:
            if each.is_awaited:
                assert each.answer_due_on is not None
                late = each.answer_due_on < clock.local(self.now - A_MOMENT).date()
                assert not late or f"referral:{each.public_id}" in listed
                self.seen["late and listed"] += late

    def _links(self, referral):
        return [link for link in self.once("links", self._all_links) if link.referral is referral]

    def _all_links(self):
        db.session.flush()
        query = select(ReplyLink).where(
            ReplyLink.referral_id.in_([each.id for each in self.referrals])
        )
        return db.session.scalars(query).all()


@pytest.fixture
def world(in_app, fixed_clock) -> dict[str, Any]:
    """An open case of bob's, and dora."""
    site = people.site()
    bob, dora = (
        actor_of(people.user(Role.COUNSELLOR, site.id), Role.COUNSELLOR) for _person in "bd"
    )
    student = people.student(people.cohort(site))
    lead = actor_of(people.user(Role.CRISIS_LEAD, site.id), Role.CRISIS_LEAD)
    return {"case": open_case(student, bob), "bob": bob, "dora": dora, "lead": lead}


def test_referrals_hold_their_promises_whatever_happens(world):
    seen = live(Referrals, lives=LIVES, steps=STEPS, **world)

    assert seen["steps"] >= 10_000
    assert {what: seen[what] for what, floor in FLOORS.items() if seen[what] < floor} == {}


SABOTAGES = {
    "two live links": (reply_links.issue_link, "kill_links(referral)", "pass"),
    "the link outlives the answer": (referrals.go_to, "kill_links(referral)", "pass"),
    "danger is not listed after a day": (
        missing_signatures,
        "as_of - SECOND_SIGNATURE_WITHIN",
        "as_of - 2 * SECOND_SIGNATURE_WITHIN",
    ),
    "an open referral without a day": (
        referrals.chase,
        "referral.answer_due_on = answer_due_on",
        "referral.answer_due_on = None",
    ),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_machine_notices(sabotage, world, monkeypatch):
    mutate(monkeypatch, *SABOTAGES[sabotage])

    with pytest.raises((AssertionError, IntegrityError)):
        live(Referrals, lives=LIVES, steps=STEPS, **world)

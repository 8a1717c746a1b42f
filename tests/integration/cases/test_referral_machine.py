"""Every verb of a referral in any order, the clock moving: what must hold always holds."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.cases.domain.errors import CaseError
from app.cases.domain.referrals import LegalBasis, ReferralState
from app.cases.domain.replies import DeadLinkError, Seen
from app.cases.models import ReplyLink
from app.cases.queries.replies import live_link
from app.cases.queries.stale import late_referrals, missing_signatures
from app.cases.service import referrals, reply_links
from app.platform import clock
from app.platform.db import db
from tests.conftest import NOW
from tests.integration.cases.referral_world import answer, open_case, refer, reply

which = st.integers(0, 3)
days = st.integers(-2, 80)


class Referrals(RuleBasedStateMachine):
    """Bob and dora work on up to four referrals of one case, and a doctor answers by link."""

    world: tuple

    def __init__(self):
        super().__init__()
        alice, self.bob, self.dora = self.world
        self.savepoint = db.session.begin_nested()
        self.now, self.tokens, self.referrals = NOW, [], []
        self.held = clock.frozen(self.now)
        self.held.__enter__()
        self.case = open_case(alice, self.bob)

    def teardown(self):
        self.held.__exit__(None, None, None)
        self.savepoint.rollback()

    def do(self, deed, number=0):
        """Carry it out on one of the referrals; a refusal changes nothing."""
        if not self.referrals:
            return
        try:
            with db.session.begin_nested():
                deed(self.referrals[number % len(self.referrals)])
        except (CaseError, DeadLinkError):
            pass

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours):
        self.held.__exit__(None, None, None)
        self.now += timedelta(hours=hours)
        self.held = clock.frozen(self.now)
        self.held.__enter__()

    @rule(basis=st.sampled_from([LegalBasis.DANGER, LegalBasis.GUARDIAN_CONSENT]), due=days)
    def is_referred(self, basis, due):
        if len(self.referrals) < 4:
            due_on = clock.today() + timedelta(days=due)
            with suppress(CaseError):
                self.referrals.append(
                    refer(self.case, self.bob, legal_basis=basis, answer_due_on=due_on)
                )

    @rule(number=which, state=st.sampled_from(ReferralState))
    def moves(self, number, state):
        self.do(
            lambda each: referrals.move_referral(actor=self.bob, referral=each, state=state), number
        )

    @rule(number=which, later=days)
    def is_chased(self, number, later):
        due = clock.today() + timedelta(days=later)
        self.do(
            lambda each: referrals.chase(
                actor=self.bob, referral=each, answer_due_on=due, note="问过"
            ),
            number,
        )

    @rule(number=which, later=days)
    def does_not_go(self, number, later):
        due = clock.today() + timedelta(days=later)
        self.do(
            lambda each: referrals.note_no_show(actor=self.bob, referral=each, answer_due_on=due),
            number,
        )

    @rule(number=which, by_colleague=st.booleans())
    def is_signed(self, number, by_colleague):
        actor = self.dora if by_colleague else self.bob
        self.do(lambda each: referrals.sign(actor=actor, referral=each), number)

    @rule(number=which)
    def is_printed(self, number):
        self.do(
            lambda each: self.tokens.append(referrals.take_slip(actor=self.bob, referral=each)),
            number,
        )

    @rule(number=which)
    def link_is_withdrawn(self, number):
        self.do(lambda each: reply_links.revoke_link(actor=self.bob, referral=each), number)

    @rule(token=st.integers(0, 9), seen=st.sampled_from(Seen))
    def doctor_answers(self, token, seen):
        if self.tokens:
            self.do(lambda _each: answer(self.tokens[token % len(self.tokens)], reply(seen)))

    @rule(number=which)
    def nobody_else_is_asked(self, number):
        self.do(
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
        listed = {row.ref for row in missing_signatures(self.bob, self.now)}
        unsigned = {
            f"referral:{each.public_id}"
            for each in self.referrals
            if each.legal_basis is LegalBasis.DANGER
            and each.signed_by_id in (None, self.bob.user_id)
            and each.made_at + timedelta(hours=24) <= self.now
        }
        assert listed == unsigned

    @invariant()
    def what_is_open_has_a_day_and_is_listed_after_it(self):
        listed = {row.ref for row in late_referrals(self.bob, self.now)}
        for each in self.referrals:
            if each.is_awaited:
                assert each.answer_due_on is not None
                late = each.answer_due_on < clock.today()
                assert not late or f"referral:{each.public_id}" in listed

    def _links(self, referral):
        db.session.flush()
        query = select(ReplyLink).where(ReplyLink.referral_id == referral.id)
        return db.session.scalars(query).all()


@pytest.mark.usefixtures("in_app")
def test_referrals_hold_their_promises_whatever_happens(alice, bob, dora):
    machine = type("World", (Referrals,), {"world": (alice, bob, dora)})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

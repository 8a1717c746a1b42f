"""Referrals: a recorded basis, one step after the other, and a day on which somebody looks."""

from datetime import timedelta

import pytest

from app.access.guards import DeniedError
from app.cases.domain.cases import ClosingReason
from app.cases.domain.endings import Outcome
from app.cases.domain.errors import (
    AnswerDateError,
    AssessedMissingError,
    OwnSignatureError,
    ProofDateError,
    ProofError,
    ReasonLengthError,
    ReferralWaitsError,
    ReplyIncompleteError,
    StepError,
)
from app.cases.domain.referrals import (
    LegalBasis,
    Partner,
    Proof,
    ProofMeans,
    ReferralState,
    StepKind,
)
from app.cases.domain.replies import DeadLinkError, Seen
from app.cases.models import ReplyLink
from app.cases.queries.replies import cases_with_news
from app.cases.service import endings, partners, referrals, replies, reply_links
from app.cases.service.partners import PlaceFacts
from app.platform import clock
from app.platform.db import db
from tests.conftest import NOW
from tests.integration.cases.referral_world import TODAY, answer, open_case, refer, reply


@pytest.fixture
def case(alice, bob):
    return open_case(alice, bob)


@pytest.fixture
def referral(case, bob):
    return refer(case, bob)


def _kinds(referral):
    db.session.refresh(referral, ["steps"])
    return [step.kind for step in referral.steps]


def test_consent_needs_who_gave_it_and_when(case, bob):
    with pytest.raises(ProofError):
        refer(case, bob, proof=None)
    with pytest.raises(ProofError):
        refer(case, bob, proof=Proof(" ", TODAY, ProofMeans.SPOKEN))
    with pytest.raises(ProofDateError):
        refer(case, bob, proof=Proof("母亲", TODAY + timedelta(days=1), ProofMeans.SPOKEN))


def test_referral_keeps_who_agreed_and_where_that_can_be_looked_up(referral):
    assert (referral.basis_by, referral.basis_on, referral.basis_means) == (
        "母亲 王静",
        TODAY,
        ProofMeans.SIGNED_PAPER,
    )


def test_danger_lets_one_person_act_at_once_and_asks_for_a_second(case, bob, dora):
    referral = refer(case, bob, legal_basis=LegalBasis.DANGER, proof=None)

    assert referral.signature_due_at == NOW + timedelta(hours=24)
    with pytest.raises(OwnSignatureError):
        referrals.sign(actor=bob, referral=referral)
    referrals.sign(actor=dora, referral=referral, note="已核对")

    assert (referral.signed_by_id, referral.signature_due_at) == (dora.user_id, None)
    with pytest.raises(StepError):
        referrals.sign(actor=dora, referral=referral)


def test_reason_is_as_long_as_one_sheet_holds(case, bob):
    with pytest.raises(ReasonLengthError):
        refer(case, bob, reason="长" * 461)
    with pytest.raises(ReasonLengthError):
        refer(case, bob, reason="行\n" * 12)


@pytest.mark.parametrize("days", [-1, 61])
def test_first_term_is_neither_past_nor_endless(case, bob, days):
    with pytest.raises(AnswerDateError):
        refer(case, bob, answer_due_on=TODAY + timedelta(days=days))


def test_chase_sets_a_new_day_within_a_fortnight(referral, bob):
    with pytest.raises(AnswerDateError):
        referrals.chase(
            actor=bob, referral=referral, answer_due_on=TODAY + timedelta(days=15), note="问了"
        )

    referrals.chase(
        actor=bob, referral=referral, answer_due_on=TODAY + timedelta(days=3), note="问了护士"
    )

    assert referral.answer_due_on == TODAY + timedelta(days=3)
    assert _kinds(referral) == [StepKind.MADE, StepKind.CHASED]


def test_student_who_did_not_go_is_looked_at_again(referral, bob):
    with pytest.raises(StepError):
        referrals.note_no_show(actor=bob, referral=referral, answer_due_on=TODAY)
    referrals.move_referral(actor=bob, referral=referral, state=ReferralState.ACCEPTED)

    referrals.note_no_show(
        actor=bob, referral=referral, answer_due_on=TODAY + timedelta(days=2), note="发烧"
    )

    assert (referral.state, referral.answer_due_on) == (
        ReferralState.ACCEPTED,
        TODAY + timedelta(days=2),
    )


def test_declined_referral_needs_the_next_partner_or_a_reason(case, bob):
    first, second = refer(case, bob), refer(case, bob, partner=Partner.LINE_12355)
    for each in (first, second):
        referrals.move_referral(actor=bob, referral=each, state=ReferralState.DECLINED)

    third = refer(case, bob, follows=first)
    referrals.end_declined(actor=bob, referral=second, note="学生转由家人陪同")

    assert (first.needs_follow_up, second.needs_follow_up) == (False, False)
    assert third.follows is first
    assert _kinds(second)[-1] is StepKind.NO_FURTHER


def test_case_with_an_open_referral_cannot_be_closed(case, referral, bob):
    db.session.refresh(case, ["referrals"])
    for state in (ReferralState.PENDING, ReferralState.ACCEPTED, ReferralState.DECLINED):
        referral.state = state
        with pytest.raises(ReferralWaitsError):
            endings.close_case(
                actor=bob,
                case=case,
                reason=ClosingReason.IN_TREATMENT,
                outcome=Outcome.TAKEN_OVER,
                note="好",
            )


def test_nobody_of_another_school_touches_a_referral(case, referral, charlie):
    for deed in (
        lambda: referrals.chase(actor=charlie, referral=referral, answer_due_on=TODAY, note=""),
        lambda: referrals.sign(actor=charlie, referral=referral),
        lambda: referrals.take_slip(actor=charlie, referral=referral),
        lambda: reply_links.revoke_link(actor=charlie, referral=referral),
        lambda: replies.note_read(actor=charlie, referral=referral),
        lambda: partners.add_partner(
            actor=charlie, site=case.site, facts=PlaceFacts(Partner.POLICE, "派出所")
        ),
    ):
        with pytest.raises(DeniedError):
            deed()


def test_reply_goes_the_whole_way_and_waits_to_be_read(case, referral, bob):
    token = referrals.take_slip(actor=bob, referral=referral)

    answer(token)

    assert referral.state is ReferralState.ANSWERED
    assert cases_with_news([case.id]) == {case.id}
    replies.note_read(actor=bob, referral=referral)
    db.session.flush()
    assert cases_with_news([case.id]) == set()


def test_reply_is_unreadable_in_the_database(referral, bob):
    answer(referrals.take_slip(actor=bob, referral=referral))
    db.session.refresh(referral, ["replies"])

    (kept,) = referral.replies

    assert "顾医生" in kept.content
    assert "顾医生".encode() not in kept.content_sealed
    assert kept.reply == reply()


def test_reply_that_the_student_did_not_come_keeps_the_referral_open(referral, bob):
    answer(referrals.take_slip(actor=bob, referral=referral), reply(Seen.DID_NOT_COME))

    assert (referral.state, referral.answer_due_on) == (ReferralState.ACCEPTED, TODAY)


def test_reply_with_an_appointment_looks_again_soon_after_it(referral, bob):
    token = referrals.take_slip(actor=bob, referral=referral)
    on = TODAY + timedelta(days=5)

    answer(token, reply(Seen.APPOINTMENT, on=on))

    assert (referral.state, referral.wanted_by, referral.answer_due_on) == (
        ReferralState.ACCEPTED,
        on,
        on + timedelta(days=3),
    )


def test_appointment_far_away_does_not_silence_the_referral(referral, bob):
    token = referrals.take_slip(actor=bob, referral=referral)

    answer(token, reply(Seen.APPOINTMENT, on=TODAY + timedelta(days=300)))

    assert referral.answer_due_on == TODAY + timedelta(days=60)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"on": None}, ReplyIncompleteError),
        ({"on": TODAY + timedelta(days=1)}, ReplyIncompleteError),
        ({"assessed": None}, AssessedMissingError),
    ],
)
def test_reply_holds_what_its_first_answer_asks_for(referral, bob, given, error):
    token = referrals.take_slip(actor=bob, referral=referral)

    with pytest.raises(error):
        answer(token, reply(**given))

    assert referral.state is ReferralState.PENDING


def test_link_dies_by_use_reprint_withdrawal_time_and_the_end(case, bob, fixed_clock):
    used, reprinted, withdrawn, expired, ended = (refer(case, bob) for _ in range(5))
    first = {
        each: referrals.take_slip(actor=bob, referral=each)
        for each in (used, reprinted, withdrawn, expired, ended)
    }
    answer(first[used])
    again = referrals.take_slip(actor=bob, referral=reprinted)
    reply_links.revoke_link(actor=bob, referral=withdrawn)
    referrals.move_referral(actor=bob, referral=ended, state=ReferralState.REVOKED)

    for each in (used, reprinted, withdrawn, ended):
        with pytest.raises(DeadLinkError):
            answer(first[each])
    with fixed_clock(NOW + timedelta(days=30)), pytest.raises(DeadLinkError):
        answer(first[expired])
    answer(again)


def test_only_the_hash_of_a_token_is_kept(referral, bob):
    token = referrals.take_slip(actor=bob, referral=referral)
    link = db.session.query(ReplyLink).one()

    columns = {column.name: getattr(link, column.name) for column in ReplyLink.__table__.columns}

    assert token not in str(columns)
    assert link.token_hash == reply_links.hash_of(token)
    assert link.expires_at == clock.now() + timedelta(days=30)


def test_slip_of_another_partner_or_a_finished_referral_has_no_link(case, bob):
    police = refer(case, bob, partner=Partner.POLICE)
    over = refer(case, bob)
    referrals.move_referral(actor=bob, referral=over, state=ReferralState.REVOKED)

    assert referrals.take_slip(actor=bob, referral=police) == ""
    assert referrals.take_slip(actor=bob, referral=over) == ""

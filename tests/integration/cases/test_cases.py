"""A case from opening to closing: never without an owner and a next date."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.access.guards import DeniedError
from app.access.models import AccessGrant
from app.cases.domain.cases import CaseState, Modality
from app.cases.domain.errors import (
    AnswerDateError,
    ContactTimeError,
    LegalBasisError,
    NextDateError,
    StepError,
)
from app.cases.domain.queue import CaseNeededError, EntryState, NotClaimedError, SettlingReason
from app.cases.domain.referrals import LegalBasis, Partner, Proof, ProofMeans, ReferralState
from app.cases.models import Case, Contact, QueueEntry
from app.cases.queries import cases as queries
from app.cases.service import cases, contacts, queue, referrals
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.factories import results

TODAY = date(2026, 10, 12)


@pytest.fixture
def entry(sitting, answer, bob):
    answer(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    return entry


@pytest.fixture
def case(entry, bob):
    return cases.open_case(actor=bob, entry=entry, risk_level=RiskLevel.HIGH, next_on=TODAY)


def _contact(case, actor, **chosen):
    defaults = {
        "modality": Modality.IN_PERSON,
        "held_at": clock.now(),
        "reached": True,
        "note": "聊了半小时",
        "risk_level": RiskLevel.MODERATE,
        "state": CaseState.SUPPORTING,
        "next_on": TODAY + timedelta(days=7),
    }
    return contacts.record_contact(actor=actor, case=case, **defaults | chosen)


def _refer(case, actor, **chosen):
    defaults = {
        "partner": Partner.HOSPITAL,
        "place": "市第一人民医院",
        "legal_basis": LegalBasis.GUARDIAN_CONSENT,
        "reason": "请评估",
        "answer_due_on": TODAY + timedelta(days=7),
        "proof": Proof("母亲", TODAY, ProofMeans.SIGNED_PAPER),
    }
    return referrals.refer(actor=actor, case=case, **defaults | chosen)


def _story(case):
    db.session.flush()
    return [event.what for event in queries.events_of(case)]


def test_open_case_takes_the_entry_over(case, entry, bob):
    assert (case.owner_id, case.next_on, case.state) == (bob.user_id, TODAY, CaseState.OPEN)
    assert (entry.state, entry.settling_reason, entry.case) == (
        EntryState.SETTLED,
        SettlingReason.CASE_OPENED,
        case,
    )
    assert _story(case) == ["opened"]


@pytest.mark.parametrize("days", [-1, 1])
def test_open_case_refuses_a_date_outside_what_the_queue_promised(entry, bob, days):
    with pytest.raises(NextDateError):
        cases.open_case(
            actor=bob,
            entry=entry,
            risk_level=RiskLevel.HIGH,
            next_on=TODAY + timedelta(days=days),
        )


def test_open_case_needs_the_actors_own_claim(entry, dora):
    with pytest.raises(NotClaimedError):
        cases.open_case(actor=dora, entry=entry, risk_level=RiskLevel.HIGH, next_on=TODAY)


def test_open_case_needs_a_name(campaign, alice, answer, bob):
    answer(results.sitting(campaign, None, site_id=alice.site_id), q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)

    with pytest.raises(CaseNeededError):
        cases.open_case(actor=bob, entry=entry, risk_level=RiskLevel.HIGH, next_on=TODAY)


def test_database_itself_refuses_an_open_case_without_next_date(case):
    case.next_on = None

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_new_flags_join_the_open_case_and_bring_its_date_forward(case, answer, alice, bob):
    _contact(case, bob)
    answer(results.sitting(results.campaign("phq9"), alice), q9=2)

    (waiting,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)
    assert (waiting.case, case.next_on) == (case, TODAY)
    assert _story(case)[-1] == "flags_joined"


def test_flags_of_an_open_case_are_noted_by_a_person(case, answer, alice, bob):
    answer(results.sitting(results.campaign("phq9"), alice), q9=2)
    (waiting,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)

    queue.note_in_case(actor=bob, entry=waiting)

    assert (waiting.state, waiting.settling_reason) == (
        EntryState.SETTLED,
        SettlingReason.NOTED_IN_CASE,
    )
    assert len(queries.flags_of_case(case)) == 2


def test_noting_flags_closes_the_student_to_who_helped_out_but_not_to_the_owner(
    case, answer, alice, bob, dora
):
    answer(results.sitting(results.campaign("phq9"), alice), q9=2)
    (waiting,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)
    queue.claim(actor=dora, entry=waiting)

    queue.note_in_case(actor=dora, entry=waiting)

    live = db.session.query(AccessGrant).filter(AccessGrant.valid_until.is_(None)).all()
    assert [grant.user_id for grant in live] == [bob.user_id]


def test_contact_sets_level_state_and_next_date(case, bob):
    contact = _contact(case, bob)

    assert (case.risk_level, case.state, case.next_on) == (
        RiskLevel.MODERATE,
        CaseState.SUPPORTING,
        TODAY + timedelta(days=7),
    )
    assert contact.note == "聊了半小时"
    assert "半小时".encode() not in contact.note_sealed
    assert _story(case) == ["opened", "risk_set", "moved", "next_date_set"]


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"held_at": None}, ContactTimeError),
        ({"state": CaseState.CLOSED}, StepError),
        ({"next_on": TODAY - timedelta(days=1)}, NextDateError),
        ({"next_on": TODAY + timedelta(days=32)}, NextDateError),
    ],
)
def test_contact_that_cannot_be_is_refused(case, bob, chosen, error):
    if "held_at" in chosen:
        chosen = {"held_at": clock.now() + timedelta(minutes=1)}

    with pytest.raises(error):
        _contact(case, bob, **chosen)

    assert db.session.query(Contact).count() == 0


def test_higher_level_waits_less(case, bob):
    with pytest.raises(NextDateError) as refused:
        _contact(case, bob, risk_level=RiskLevel.IMMINENT)

    assert refused.value.latest == TODAY + timedelta(days=3)


def test_refer_keeps_partner_basis_and_when_the_answer_is_due(case, bob):
    referral = _refer(case, bob)

    assert (referral.state, referral.reason) == (ReferralState.PENDING, "请评估")
    assert _story(case)[-1] == "referred"


def test_refer_of_a_minor_needs_more_than_their_own_consent(case, bob):
    with pytest.raises(LegalBasisError):
        _refer(case, bob, legal_basis=LegalBasis.ADULT_CONSENT)


def test_refer_looks_forward(case, bob):
    with pytest.raises(AnswerDateError):
        _refer(case, bob, answer_due_on=TODAY - timedelta(days=1))


def test_referral_goes_its_way_one_step_at_a_time(case, bob):
    referral = _refer(case, bob)

    with pytest.raises(StepError):
        referrals.move_referral(actor=bob, referral=referral, state=ReferralState.ANSWERED)
    for state in (ReferralState.ACCEPTED, ReferralState.ATTENDED, ReferralState.ANSWERED):
        referrals.move_referral(actor=bob, referral=referral, state=state)

    assert referral.state is ReferralState.ANSWERED


def test_every_deed_is_denied_to_another_school(case, entry, charlie):
    for deed in (
        lambda: cases.set_next_date(actor=charlie, case=case, next_on=TODAY),
        lambda: cases.see_case(actor=charlie, case=case),
        lambda: _contact(case, charlie),
        lambda: _refer(case, charlie),
    ):
        with pytest.raises(DeniedError):
            deed()


def test_stale_cases_are_those_whose_date_is_past_or_whose_owner_left(case, bob):
    assert queries.stale_cases(bob, TODAY) == []
    assert queries.stale_cases(bob, TODAY + timedelta(days=1)) == [case]

    case.owner.active = False
    db.session.flush()

    assert queries.stale_cases(bob, TODAY) == [case]
    assert db.session.query(Case).count() == 1

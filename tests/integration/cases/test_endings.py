"""How a case ends and begins again: an acute one never by one person, and nothing owed is lost."""

from datetime import date, timedelta

import pytest

from app.access.guards import DeniedError
from app.access.models import AccessGrant
from app.cases.domain.cases import CaseState, ClosingReason, Counterpart
from app.cases.domain.endings import Outcome, ReopeningReason, TransferBasis
from app.cases.domain.errors import (
    EndingWaitsError,
    FlagsWaitError,
    LegalBasisError,
    NewOwnerError,
    OutcomeError,
    ReferralWaitsError,
    ReopenError,
    SamePersonError,
    StepError,
)
from app.cases.domain.queue import EntryState
from app.cases.domain.referrals import LegalBasis, Partner, Proof, ProofMeans
from app.cases.models import QueueEntry
from app.cases.queries import cases as queries
from app.cases.queries.endings import stale_endings
from app.cases.queries.owners import cases_by_owner, orphaned
from app.cases.queries.queue import entry_of_case
from app.cases.service import cases, endings, owners
from app.cases.service.referrals import refer
from app.people.models import User
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import results
from tests.integration.cases.conftest import met

TODAY = date(2026, 10, 12)


@pytest.fixture
def case(open_for):
    return open_for(RiskLevel.MODERATE)


@pytest.fixture
def acute(open_for, bob):
    case = open_for(RiskLevel.HIGH)
    met(bob, case)
    return case


def _close(actor, case, **chosen):
    given = {
        "reason": ClosingReason.GOALS_REACHED,
        "outcome": Outcome.FOLLOWED_UP if case.acute_at else Outcome.NO_FOLLOW_UP,
        "note": "目标已达到",
    }
    return endings.close_case(actor=actor, case=case, **given | chosen)


def _transfer(actor, case, **chosen):
    given = {
        "receiver": "城南中学",
        "basis": TransferBasis.GUARDIAN_CONSENT,
        "handed_on": TODAY,
        "note": "当面交接",
    }
    return endings.transfer_case(actor=actor, case=case, **given | chosen)


def _reopen(actor, case, **chosen):
    given = {
        "reason": ReopeningReason.STUDENT_ASKED,
        "note": "又睡不好",
        "risk_level": RiskLevel.MODERATE,
        "next_on": clock.today(),
    }
    return endings.reopen_case(actor=actor, case=case, **given | chosen)


def test_closing_keeps_closer_reason_and_sealed_note_and_ends_the_grant(case, bob):
    ending = _close(bob, case)

    assert (case.state, case.next_on, case.closed_by_id) == (CaseState.CLOSED, None, bob.user_id)
    assert (ending.signed_by_id, case.closing_note) == (bob.user_id, "目标已达到")
    assert "目标".encode() not in case.closing_note_sealed + ending.note_sealed
    assert db.session.query(AccessGrant).one().valid_until == clock.now()


def test_acute_case_goes_on_until_a_second_person_signs(acute, bob, dora):
    ending = _close(bob, acute)
    before = (acute.state, acute.next_on, acute.owner_id)
    with pytest.raises(SamePersonError):
        endings.countersign(actor=bob, ending=ending)

    endings.countersign(actor=dora, ending=ending)

    assert before == (CaseState.OPEN, TODAY, bob.user_id)
    assert (acute.state, acute.closed_by_id, ending.signed_by_id) == (
        CaseState.CLOSED,
        bob.user_id,
        dora.user_id,
    )


def test_having_been_acute_stays_when_the_level_falls(acute, bob):
    cases.set_risk(actor=bob, case=acute, risk_level=RiskLevel.LOW)

    assert _close(bob, acute).is_waiting


def test_level_that_rises_makes_a_case_acute(case, bob):
    cases.set_risk(actor=bob, case=case, risk_level=RiskLevel.IMMINENT)
    met(bob, case)

    assert _close(bob, case, outcome=Outcome.FOLLOWED_UP).is_waiting


def test_signature_is_refused_when_flags_came_meanwhile(acute, bob, dora, answer, alice):
    ending = _close(bob, acute)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    with pytest.raises(FlagsWaitError):
        endings.countersign(actor=dora, ending=ending)


def test_withdrawn_ending_lets_the_case_go_on_and_another_be_proposed(acute, bob, dora):
    ending = _close(bob, acute)
    with pytest.raises(EndingWaitsError):
        _close(bob, acute)

    endings.withdraw_ending(actor=dora, ending=ending)

    with pytest.raises(StepError):
        endings.countersign(actor=dora, ending=ending)
    assert _close(bob, acute).is_waiting


@pytest.mark.parametrize("outcome", [Outcome.NO_FOLLOW_UP, Outcome.TAKEN_OVER])
def test_acute_case_needs_a_follow_up_or_a_partner(acute, bob, outcome):
    with pytest.raises(OutcomeError):
        _close(bob, acute, outcome=outcome)


@pytest.mark.parametrize(
    "talk", [None, {"reached": False}, {"with_whom": Counterpart.CLASS_TEACHER}]
)
def test_follow_up_is_a_talk_with_the_student(case, bob, talk):
    if talk is not None:
        met(bob, case, **talk)

    with pytest.raises(OutcomeError):
        _close(bob, case, outcome=Outcome.FOLLOWED_UP)


def test_closing_waits_for_new_flags_and_for_the_partners_answer(case, answer, alice, bob):
    refer(
        actor=bob,
        case=case,
        partner=Partner.HOSPITAL,
        place="市医院",
        legal_basis=LegalBasis.GUARDIAN_CONSENT,
        reason="请评估",
        answer_due_on=TODAY + timedelta(days=7),
        proof=Proof("母亲", TODAY, ProofMeans.SIGNED_PAPER),
    )
    with pytest.raises(ReferralWaitsError):
        _close(bob, case)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    with pytest.raises(FlagsWaitError):
        _close(bob, case)


def test_closed_case_takes_nothing_any_more(case, bob):
    _close(bob, case)

    for deed in (
        lambda: _close(bob, case),
        lambda: _transfer(bob, case),
        lambda: cases.set_next_date(actor=bob, case=case, next_on=TODAY),
        lambda: cases.set_risk(actor=bob, case=case, risk_level=RiskLevel.HIGH),
        lambda: cases.move_case(actor=bob, case=case, state=CaseState.ASSESSING),
        lambda: met(bob, case),
    ):
        with pytest.raises(StepError):
            deed()


def test_next_flag_after_closing_waits_as_a_new_entry_without_case(case, answer, alice, bob):
    _close(bob, case)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    (waiting,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)
    assert waiting.case is None


def test_reopened_case_takes_in_what_has_come_meanwhile(case, answer, alice, bob):
    _close(bob, case)
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)

    _reopen(bob, case)

    (waiting,) = db.session.query(QueueEntry).filter_by(state=EntryState.WAITING)
    assert waiting.case is case
    assert entry_of_case(case) is waiting


def test_transfer_keeps_receiver_basis_and_day(case, bob):
    ending = _transfer(bob, case)

    assert (case.state, case.next_on) == (CaseState.TRANSFERRED, None)
    assert (ending.receiver, ending.basis, ending.handed_on) == (
        "城南中学",
        TransferBasis.GUARDIAN_CONSENT,
        TODAY,
    )
    assert "城南".encode() not in ending.receiver_sealed


def test_transfer_of_an_acute_case_needs_a_second_person_too(acute, bob):
    assert (_transfer(bob, acute).is_waiting, acute.state) == (True, CaseState.OPEN)


def test_transfer_of_a_minor_needs_more_than_their_own_consent(case, bob):
    with pytest.raises(LegalBasisError):
        _transfer(bob, case, basis=TransferBasis.ADULT_CONSENT)


def test_reopened_case_belongs_to_who_opened_it(case, bob, dora):
    _close(bob, case)

    _reopen(dora, case)

    assert (case.state, case.owner_id, case.next_on) == (CaseState.ASSESSING, dora.user_id, TODAY)
    assert (case.closed_by_id, case.closing_reason, case.closed_at) == (None, None, None)
    assert case.endings[0].reopening_note == "又睡不好"
    live = db.session.query(AccessGrant).filter(AccessGrant.valid_until.is_(None)).one()
    assert live.user_id == dora.user_id


def test_reopening_is_for_a_year_and_for_who_has_no_other_case(
    case, bob, fixed_clock, open_for, alice
):
    _close(bob, case)
    with fixed_clock(NOW + timedelta(days=366)), pytest.raises(ReopenError):
        _reopen(bob, case)
    open_for(RiskLevel.LOW)

    with pytest.raises(ReopenError):
        _reopen(bob, case)


def test_transferred_case_is_not_reopened(case, bob):
    _transfer(bob, case)

    with pytest.raises(StepError):
        _reopen(bob, case)


def test_ending_is_stale_after_a_day_without_signature(acute, bob):
    _close(bob, acute)

    late = [row.case for row in stale_endings(bob, NOW + timedelta(hours=24, minutes=1))]
    assert (stale_endings(bob, NOW + timedelta(hours=24)), late) == ([], [acute])


def test_cases_of_who_has_left_are_listed_at_once_and_given_to_a_colleague(case, bob, dora, lead):
    case.owner.active = False
    db.session.flush()
    (first, *_rest) = cases_by_owner(lead)
    before = (first.owner.id, orphaned(lead), queries.stale_cases(lead, TODAY))

    n = owners.reassign_all(actor=lead, cases=[case], owner=db.session.get(User, dora.user_id))

    assert before == (bob.user_id, 1, [case])
    assert (n, case.owner_id, orphaned(lead)) == (1, dora.user_id, 0)
    live = db.session.query(AccessGrant).filter(AccessGrant.valid_until.is_(None)).one()
    assert live.user_id == dora.user_id


def test_reassigning_is_the_crisis_leads_and_stays_within_the_school(case, bob, lead, charlie):
    with pytest.raises(DeniedError):
        owners.reassign(actor=bob, case=case, owner=db.session.get(User, lead.user_id))

    with pytest.raises(NewOwnerError):
        owners.reassign(actor=lead, case=case, owner=db.session.get(User, charlie.user_id))

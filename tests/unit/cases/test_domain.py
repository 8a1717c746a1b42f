"""Which step may follow which, all of them; and how long a promise may be."""

from datetime import date, timedelta
from itertools import product

import pytest

from app.cases.domain.cases import (
    LONGEST_WAIT,
    STEPS,
    CaseState,
    check_next_date,
    working_steps,
)
from app.cases.domain.errors import NextDateError
from app.cases.domain.queue import may_settle_without_case
from app.cases.domain.referrals import REFERRAL_STEPS, ReferralState
from app.triage.domain import RiskLevel

C, R = CaseState, ReferralState
TODAY = date(2026, 10, 12)

CASE_STEPS = {
    (C.OPEN, C.ASSESSING),
    (C.OPEN, C.SUPPORTING),
    (C.OPEN, C.TRANSFERRED),
    (C.OPEN, C.CLOSED),
    (C.ASSESSING, C.SUPPORTING),
    (C.ASSESSING, C.MONITORING),
    (C.ASSESSING, C.TRANSFERRED),
    (C.ASSESSING, C.CLOSED),
    (C.SUPPORTING, C.ASSESSING),
    (C.SUPPORTING, C.MONITORING),
    (C.SUPPORTING, C.TRANSFERRED),
    (C.SUPPORTING, C.CLOSED),
    (C.MONITORING, C.ASSESSING),
    (C.MONITORING, C.SUPPORTING),
    (C.MONITORING, C.TRANSFERRED),
    (C.MONITORING, C.CLOSED),
    (C.CLOSED, C.ASSESSING),
}
REFERRAL = {
    (R.PENDING, R.ACCEPTED),
    (R.PENDING, R.DECLINED),
    (R.PENDING, R.REVOKED),
    (R.ACCEPTED, R.ATTENDED),
    (R.ACCEPTED, R.DECLINED),
    (R.ACCEPTED, R.REVOKED),
    (R.ATTENDED, R.ANSWERED),
}


@pytest.mark.parametrize(("before", "after"), list(product(C, C)))
def test_case_steps_are_exactly_these(before, after):
    assert (after in STEPS[before]) == ((before, after) in CASE_STEPS)


@pytest.mark.parametrize(("before", "after"), list(product(R, R)))
def test_referral_steps_are_exactly_these(before, after):
    assert (after in REFERRAL_STEPS[before]) == ((before, after) in REFERRAL)


def test_case_is_over_when_nothing_can_follow():
    assert [state for state in C if state.is_over] == [C.TRANSFERRED, C.CLOSED]


@pytest.mark.parametrize("state", [state for state in C if not state.is_over])
def test_working_steps_let_a_case_stay_and_never_end_it(state):
    steps = working_steps(state)

    assert state in steps
    assert not any(step.is_over for step in steps)


@pytest.mark.parametrize(
    ("level", "is_anonymous", "enough"),
    [
        (level, nameless, nameless or level in {RiskLevel.NONE, RiskLevel.LOW, RiskLevel.MODERATE})
        for level, nameless in product(RiskLevel, [True, False])
    ],
)
def test_note_is_enough_only_below_high_or_without_a_name(level, is_anonymous, enough):
    assert may_settle_without_case(level, is_anonymous=is_anonymous) == enough


@pytest.mark.parametrize("days", [0, 3])
def test_next_date_is_between_today_and_the_latest(days):
    check_next_date(TODAY + timedelta(days=days), today=TODAY, latest=TODAY + timedelta(days=3))


@pytest.mark.parametrize("days", [-1, 4])
def test_next_date_outside_is_refused(days):
    with pytest.raises(NextDateError):
        check_next_date(TODAY + timedelta(days=days), today=TODAY, latest=TODAY + timedelta(days=3))


def test_next_date_of_who_is_overdue_is_today():
    yesterday = TODAY - timedelta(days=1)

    check_next_date(TODAY, today=TODAY, latest=yesterday)
    with pytest.raises(NextDateError) as refused:
        check_next_date(TODAY + timedelta(days=1), today=TODAY, latest=yesterday)

    assert refused.value.latest == TODAY


def test_higher_levels_wait_less():
    waits = [LONGEST_WAIT[level] for level in RiskLevel]

    assert waits == sorted(waits, reverse=True)

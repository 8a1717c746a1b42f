"""A case conference: several people, a decision, and actions that cannot be forgotten."""

from datetime import date, timedelta

import pytest

from app.access.guards import DeniedError
from app.cases.domain.cases import ClosingReason
from app.cases.domain.conferences import Agreed, MeetingDateError, TooFewError
from app.cases.domain.endings import Outcome
from app.cases.models import Case, Conference, QueueEntry
from app.cases.queries.conferences import conferences_of, find_action, stale_actions
from app.cases.service import cases, conferences, endings, queue
from app.people.models import User
from app.platform.db import db
from app.triage.domain import RiskLevel
from tests.integration.cases.conftest import met

TODAY = date(2026, 10, 12)


@pytest.fixture
def case(sitting, answer, bob) -> Case:
    answer(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    return cases.open_case(actor=bob, entry=entry, risk_level=RiskLevel.HIGH, next_on=TODAY)


def confer(case, actor, **chosen) -> Conference:
    defaults = {
        "held_on": TODAY,
        "members": [db.session.get(User, actor.user_id)],
        "guests": "县医院心理门诊 李医生",
        "question": "是否需要转介门诊",
        "decision": "本周内由监护人陪同就诊",
        "agreed": [Agreed("班主任", "课间多留意", TODAY + timedelta(days=3))],
    }
    return conferences.record_conference(actor=actor, case=case, **defaults | chosen)


def test_conference_stands_in_the_case_with_its_actions(case, bob) -> None:
    confer(case, bob)

    [found] = conferences_of(case)
    assert (found.decision, found.guests) == ("本周内由监护人陪同就诊", "县医院心理门诊 李医生")
    assert [(one.who, one.what) for one in found.actions] == [("班主任", "课间多留意")]
    assert b"\xe6\x9c\xac\xe5\x91\xa8" not in found.decision_sealed


def test_conference_of_one_person_or_of_tomorrow_is_refused(case, bob) -> None:
    with pytest.raises(TooFewError):
        confer(case, bob, guests="")
    with pytest.raises(MeetingDateError):
        confer(case, bob, held_on=TODAY + timedelta(days=1))


def test_action_is_stale_after_its_day_until_it_is_done(case, bob) -> None:
    action = confer(case, bob).actions[0]
    due = action.due_on

    assert list(stale_actions(bob, due)) == []
    assert [row.since for row in stale_actions(bob, due + timedelta(days=1))] == [due]
    conferences.finish_action(actor=bob, action=action)
    assert list(stale_actions(bob, due + timedelta(days=1))) == []


def test_conference_of_another_school_is_neither_seen_nor_written(case, bob, charlie) -> None:
    action = confer(case, bob).actions[0]

    assert find_action(charlie, action.public_id) is None
    assert list(stale_actions(charlie, TODAY + timedelta(days=30))) == []
    with pytest.raises(DeniedError):
        confer(case, charlie)


def test_actions_of_a_closed_case_are_not_owed(case, bob, dora) -> None:
    confer(case, bob)
    met(bob, case)
    ending = endings.close_case(
        actor=bob,
        case=case,
        reason=ClosingReason.GOALS_REACHED,
        outcome=Outcome.FOLLOWED_UP,
        note="已好转",
    )
    endings.countersign(actor=dora, ending=ending)

    assert list(stale_actions(bob, TODAY + timedelta(days=30))) == []

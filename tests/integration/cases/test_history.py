"""What is known of a student from before makes the next flag come sooner, by the site's rules."""

from datetime import timedelta

import pytest

from app.cases.domain.cases import CaseState, ClosingReason, Modality
from app.cases.domain.endings import Outcome
from app.cases.models import QueueEntry
from app.cases.queries.rules import background_of, book_of
from app.cases.service import queue
from app.cases.service.cases import open_case
from app.cases.service.contacts import record_contact
from app.cases.service.endings import close_case, countersign
from app.platform import clock
from app.platform.db import db
from app.platform.settings import data_dir
from app.triage.domain import History, RiskLevel
from app.triage.rulebook import standard
from tests.conftest import NOW
from tests.factories import results
from tests.integration.cases.conftest import met


@pytest.fixture
def case(sitting, answer, bob):
    answer(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.claim(actor=bob, entry=entry)
    return open_case(actor=bob, entry=entry, risk_level=RiskLevel.HIGH, next_on=clock.today())


def _wish(alice, answer):
    """Alice would like to talk this week: low, by phone, in three school days."""
    answer(results.sitting(results.campaign("phq9"), alice), "closing", talk=2)
    return db.session.query(QueueEntry).order_by(QueueEntry.id.desc()).first()


def test_nothing_is_known_of_a_student_without_a_past(alice):
    assert background_of(alice.site_id, alice.id).history == History()
    assert background_of(alice.site_id, None).history == History()


def test_closed_case_makes_a_later_wish_sooner_and_says_so(
    case, alice, bob, dora, answer, fixed_clock
):
    met(bob, case)
    ending = close_case(
        actor=bob,
        case=case,
        reason=ClosingReason.GOALS_REACHED,
        outcome=Outcome.FOLLOWED_UP,
        note="目标达成",
    )
    countersign(actor=dora, ending=ending)
    with fixed_clock(NOW + timedelta(days=28)):
        entry = _wish(alice, answer)

    assert entry.risk_level is RiskLevel.MODERATE
    assert clock.local(entry.due_at).date() == clock.today() + timedelta(days=29)
    assert "一年内" in entry.reasons["zh_Hans"]
    assert entry.rules_version == "standard 1.0.0"


def test_who_was_not_reached_last_time_is_not_missed_twice(case, alice, bob):
    record_contact(
        actor=bob,
        case=case,
        modality=Modality.PHONE,
        held_at=clock.now(),
        reached=False,
        note="电话未接通",
        risk_level=RiskLevel.HIGH,
        state=CaseState.OPEN,
        next_on=clock.today(),
    )

    assert background_of(alice.site_id, alice.id).history.not_reached_at == clock.now()


def test_site_decides_to_be_sooner_by_a_file_and_a_broken_one_costs_nobody_the_place(alice, answer):
    folder = data_dir() / "triage"
    folder.mkdir()
    file = folder / f"{alice.site.code}.yaml"
    file.write_text(
        "code: ours\nversion: '1.0.0'\nstatus: unsigned\nnote: Sooner.\nextends: standard\n"
        "terms:\n  talk_this_week: {school_days: 1, at_most_days: 2}\n",
        encoding="utf-8",
    )
    sooner = book_of(alice.site.code)
    entry = _wish(alice, answer)
    file.write_text("nonsense: [", encoding="utf-8")

    assert sooner.version == entry.rules_version.removeprefix("standard ")
    assert clock.local(entry.due_at).date() == clock.today() + timedelta(days=1)
    assert book_of(alice.site.code) is standard()

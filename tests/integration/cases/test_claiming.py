"""Claiming, taking over and settling: one wins, the other is told, and access is kept on record."""

import pytest
from sqlalchemy import text

from app.access.guards import DeniedError
from app.access.models import AccessGrant
from app.cases.domain.queue import (
    AlreadyClaimedError,
    CaseNeededError,
    EntryState,
    NotClaimedError,
    SettlingReason,
)
from app.cases.models import QueueEntry
from app.cases.queries import queue as queries
from app.cases.service import queue
from app.platform import clock
from app.platform.db import db
from tests.factories import results


@pytest.fixture
def entry(sitting, answer):
    answer(sitting, q9=1)
    return db.session.query(QueueEntry).one()


@pytest.fixture
def nameless(campaign, alice, answer):
    answer(results.sitting(campaign, None, site_id=alice.site_id), q9=1)
    return db.session.query(QueueEntry).one()


@pytest.fixture
def mild(sitting, answer):
    answer(sitting, "closing", talk=2)
    return db.session.query(QueueEntry).one()


def _live_grants():
    return db.session.query(AccessGrant).filter(AccessGrant.valid_until.is_(None)).all()


def test_claim_makes_the_entry_the_actors_and_opens_the_student_to_them(entry, bob, alice):
    queue.claim(actor=bob, entry=entry)

    (grant,) = _live_grants()
    assert (entry.state, entry.claimed_by_id) == (EntryState.CLAIMED, bob.user_id)
    assert entry.seen_at == clock.now()
    assert (grant.user_id, grant.scope_kind, grant.scope_id) == (bob.user_id, "student", alice.id)


def test_second_claim_is_told_who_was_quicker(entry, bob, dora):
    queue.claim(actor=bob, entry=entry)

    with pytest.raises(AlreadyClaimedError) as told:
        queue.claim(actor=dora, entry=entry)

    assert told.value.name == entry.claimed_by.name
    assert entry.claimed_by_id == bob.user_id


def test_claim_loses_against_one_that_came_between_reading_and_writing(entry, bob, dora):
    db.session.execute(
        text("UPDATE queue_entries SET state='claimed', claimed_by_id=:u, version=version+1"),
        {"u": bob.user_id},
    )

    with pytest.raises(AlreadyClaimedError):
        queue.claim(actor=dora, entry=entry)

    assert (entry.claimed_by_id, _live_grants()) == (bob.user_id, [])


def test_claim_from_another_school_is_denied(entry, charlie):
    with pytest.raises(DeniedError):
        queue.claim(actor=charlie, entry=entry)


def test_visible_entries_are_those_of_the_own_school(entry, bob, charlie):
    assert db.session.scalars(queries.visible_to(bob)).all() == [entry]
    assert db.session.scalars(queries.visible_to(charlie)).all() == []


def test_take_over_moves_a_claimed_entry_to_who_is_there(entry, bob, dora):
    queue.claim(actor=bob, entry=entry)

    queue.take_over(actor=dora, entry=entry)

    assert entry.claimed_by_id == dora.user_id


def test_take_over_closes_the_student_to_who_had_the_entry(entry, bob, dora):
    queue.claim(actor=bob, entry=entry)

    queue.take_over(actor=dora, entry=entry)

    assert [grant.user_id for grant in _live_grants()] == [dora.user_id]


def test_settle_needs_a_claim(mild, bob, dora):
    queue.claim(actor=bob, entry=mild)

    with pytest.raises(NotClaimedError):
        queue.settle(actor=dora, entry=mild, reason=SettlingReason.TALKED_NO_NEED, note="聊过了")


def test_settle_keeps_reason_and_sealed_note_and_ends_the_grant(mild, bob):
    queue.claim(actor=bob, entry=mild)

    queue.settle(actor=bob, entry=mild, reason=SettlingReason.TALKED_NO_NEED, note="聊过了，没事")

    assert (mild.state, mild.settling_reason) == (
        EntryState.SETTLED,
        SettlingReason.TALKED_NO_NEED,
    )
    assert mild.settling_note == "聊过了，没事"
    assert "聊过了".encode() not in mild.settling_note_sealed
    assert _live_grants() == []


def test_settle_a_student_in_a_high_level_needs_a_case(entry, bob):
    queue.claim(actor=bob, entry=entry)

    with pytest.raises(CaseNeededError):
        queue.settle(actor=bob, entry=entry, reason=SettlingReason.TALKED_NO_NEED, note="聊过了")


def test_settle_a_nameless_visitor_with_a_note(nameless, bob):
    queue.claim(actor=bob, entry=nameless)

    queue.settle(
        actor=bob, entry=nameless, reason=SettlingReason.NOBODY_TO_REACH, note="未留联系方式"
    )

    assert nameless.state is EntryState.SETTLED


def test_see_marks_the_first_time_only(entry, bob, fixed_clock):
    queue.see_entry(actor=bob, entry=entry)
    first = entry.seen_at

    with fixed_clock(clock.now().replace(hour=5)):
        queue.see_entry(actor=bob, entry=entry)

    assert entry.seen_at == first

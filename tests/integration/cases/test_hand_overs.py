"""An entry or a case goes to a colleague with its note; who gives it can no longer reach in."""

from datetime import timedelta

import pytest

from app.access.grants import Scope, grant_to, granted
from app.access.guards import DeniedError
from app.access.models import AccessGrant
from app.access.permissions import Role
from app.cases.domain.errors import ColleagueError
from app.cases.domain.queue import EntrySeen, EntryState, EntryTaken, NotClaimedError
from app.cases.models import QueueEntry
from app.cases.queries import queue as queries
from app.cases.queries.cases import events_of
from app.cases.service import queue
from app.cases.service.cases import open_case
from app.cases.service.hand_overs import assign, hand_over, hand_over_case
from app.cases.service.owners import reassign
from app.cases.service.returning import release
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import db
from tests.factories import people, results

NOTE = "已约今天第三节课后，在心理室"


@pytest.fixture
def entry(sitting, answer):
    answer(sitting, q9=1)
    return db.session.query(QueueEntry).one()


@pytest.fixture
def lead(alice):
    """The crisis lead of alice's school."""
    return actor_of(people.user(Role.CRISIS_LEAD, alice.site_id), Role.CRISIS_LEAD)


@pytest.fixture
def told():
    """The events that the room tells downstream."""
    heard = []
    for kind in (EntryTaken, EntrySeen):
        events.subscribe(kind, heard.append)
    yield heard
    for kind in (EntryTaken, EntrySeen):
        events._handlers[kind].remove(heard.append)


def _user(actor):
    return db.session.get(User, actor.user_id)


def _who_can_reach(student):
    live = db.session.query(AccessGrant).filter_by(scope_id=student.id, valid_until=None)
    return {grant.user_id for grant in live}


def test_hand_over_gives_entry_grant_and_note_to_the_colleague(entry, alice, bob, dora):
    queue.claim(actor=bob, entry=entry)

    hand_over(actor=bob, entry=entry, colleague=_user(dora), note=NOTE)

    (given,) = queries.hand_overs_of(entry)
    assert (entry.state, entry.claimed_by_id) == (EntryState.CLAIMED, dora.user_id)
    assert _who_can_reach(alice) == {dora.user_id}
    assert (given.giver, given.receiver, given.note) == (_user(bob), _user(dora), NOTE)
    assert NOTE.encode() not in given.note_sealed


def test_only_who_has_it_hands_it_over_and_only_the_lead_assigns(entry, bob, dora):
    queue.claim(actor=bob, entry=entry)

    with pytest.raises(NotClaimedError):
        hand_over(actor=dora, entry=entry, colleague=_user(dora), note=NOTE)
    with pytest.raises(DeniedError):
        assign(actor=dora, entry=entry, colleague=_user(dora))


def test_lead_assigns_what_waits_and_what_somebody_has(entry, alice, bob, dora, lead):
    assign(actor=lead, entry=entry, colleague=_user(bob))
    assign(actor=lead, entry=entry, colleague=_user(dora), note=NOTE)

    assert entry.claimed_by_id == dora.user_id
    assert _who_can_reach(alice) == {dora.user_id}


def test_assigned_entry_counts_as_unseen_until_the_colleague_opens_it(entry, bob, lead, told):
    """The alarm goes on: that somebody was named does not mean that somebody is going."""
    assign(actor=lead, entry=entry, colleague=_user(bob))
    before = (entry.seen_at, list(told))
    queue.see_entry(actor=bob, entry=entry)

    assert before == (None, [])
    assert told == [EntrySeen(entry.id, bob.user_id), EntryTaken(entry.id, bob.user_id)]


@pytest.mark.parametrize("who", ["charlie", "teacher", "gone", "self"])
def test_only_a_working_colleague_of_the_school_can_receive(
    entry, alice, bob, charlie, request, who
):
    queue.claim(actor=bob, entry=entry)
    receiver = {
        "charlie": lambda: _user(charlie),
        "teacher": lambda: people.user(Role.CLASS_TEACHER, alice.site_id),
        "gone": lambda: people.user(Role.COUNSELLOR, alice.site_id, active=False),
        "self": lambda: _user(bob),
    }[who]()

    with pytest.raises(ColleagueError):
        hand_over(actor=bob, entry=entry, colleague=receiver, note=NOTE)

    assert entry.claimed_by_id == bob.user_id


def test_release_puts_the_entry_back_and_closes_the_student(entry, alice, bob, dora):
    queue.claim(actor=bob, entry=entry)

    release(actor=bob, entry=entry)
    queue.claim(actor=dora, entry=entry)

    assert _who_can_reach(alice) == {dora.user_id}


def test_case_goes_to_a_colleague_with_a_line_in_its_story(entry, alice, bob, dora):
    queue.claim(actor=bob, entry=entry)
    case = open_case(actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today())

    hand_over_case(actor=bob, case=case, colleague=_user(dora), note=NOTE)

    assert (case.owner_id, _who_can_reach(alice)) == (dora.user_id, {dora.user_id})
    assert [event.what for event in events_of(case)] == ["opened", "handed_over"]
    assert queries.hand_overs_of(case)[0].note == NOTE


def test_colleague_cannot_take_a_case_by_handing_it_over(entry, bob, dora, lead):
    queue.claim(actor=bob, entry=entry)
    case = open_case(actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today())

    with pytest.raises(NotClaimedError):
        hand_over_case(actor=dora, case=case, colleague=_user(dora), note=NOTE)
    hand_over_case(actor=lead, case=case, colleague=_user(dora), note=NOTE)

    assert case.owner_id == dora.user_id


@pytest.mark.parametrize("deed", ["handed over", "reassigned"])
def test_who_gives_the_case_away_and_has_the_new_flags_can_still_read_them(
    entry, answer, alice, bob, dora, lead, deed
):
    queue.claim(actor=bob, entry=entry)
    case = open_case(
        actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today(), reason="…"
    )
    answer(results.sitting(results.campaign("phq9"), alice), q9=1)
    later = queries.entry_of_case(case)
    queue.claim(actor=bob, entry=later)

    if deed == "handed over":
        hand_over_case(actor=bob, case=case, colleague=_user(dora), note=NOTE)
    else:
        reassign(actor=lead, case=case, owner=_user(dora))
    both = _who_can_reach(alice)
    release(actor=bob, entry=later)

    assert both == {bob.user_id, dora.user_id}
    assert _who_can_reach(alice) == {dora.user_id}


def test_stand_in_who_gets_the_case_keeps_it_when_the_holiday_is_over(
    entry, alice, bob, dora, fixed_clock
):
    queue.claim(actor=bob, entry=entry)
    case = open_case(
        actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today(), reason="…"
    )
    over = clock.now() + timedelta(days=7)
    grant_to(
        dora.user_id, scope=Scope.STUDENT, scope_id=alice.id, reason="holiday_cover", until=over
    )

    hand_over_case(actor=bob, case=case, colleague=_user(dora), note=NOTE)

    with fixed_clock(over + timedelta(days=1)):
        assert alice.id in db.session.scalars(granted(dora, Scope.STUDENT)).all()

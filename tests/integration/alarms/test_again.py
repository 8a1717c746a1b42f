"""What calls again: news, an entry put back or handed on, what an "I am going" left unread."""

from datetime import timedelta

import pytest

from app.access.permissions import Role
from app.alarms.domain import ChannelKind
from app.alarms.models import Alert
from app.alarms.service import alerts as service
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.cases.service import queue
from app.cases.service.hand_overs import assign, hand_over
from app.cases.service.returning import put_back, release
from app.observations.domain import ObservationReported, Since
from app.observations.models import ObservationReport
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import db
from app.triage.domain import Lane
from tests.conftest import NOW
from tests.factories import people, results
from tests.integration.alarms.conftest import channel
from tests.integration.alarms.test_ladder import alerts, calls

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bob(staff):
    return actor_of(staff.bob, Role.COUNSELLOR)


@pytest.fixture
def dora(staff):
    return actor_of(staff.dora, Role.COUNSELLOR)


@pytest.fixture
def lea(staff):
    return actor_of(staff.lea, Role.CRISIS_LEAD)


def entry_of(student=None):
    query = db.session.query(QueueEntry).order_by(QueueEntry.id)
    return query.filter_by(student_id=student.id).one() if student else query.first()


# an entry put back


@pytest.mark.parametrize("go_back", [release, put_back])
def test_a_crisis_put_back_calls_anew(sitting, answer, bob, staff, pass_time, fixed_clock, go_back):
    answer(sitting, q9=3)
    queue.claim(actor=bob, entry=entry_of())
    with fixed_clock(NOW + MINUTE):
        go_back(actor=bob, entry=entry_of())
    pass_time(7 * MINUTE)

    assert entry_of().state is EntryState.WAITING
    assert [alert.is_calling for alert in alerts()] == [False, True]
    assert calls(staff) == [(1, "first", "bob"), (6, "second", "dora")]


def test_what_is_to_be_read_today_joins_a_digest_again_when_put_back(sitting, answer, bob, staff):
    answer(sitting, q9=1)
    queue.claim(actor=bob, entry=entry_of())
    before = [alert.is_calling for alert in alerts()]
    release(actor=bob, entry=entry_of())

    assert before == [False]
    assert [alert.is_calling for alert in alerts()] == [False, True]


# news


def test_a_need_within_the_hour_after_i_am_going_calls_that_person_at_once(
    sitting, answer, dora, staff, pass_time, fixed_clock
):
    answer(sitting, q9=3)
    service.acknowledge(actor=dora, alert=alerts()[0])
    with fixed_clock(NOW + MINUTE):
        answer(sitting, "closing", company=2)
    pass_time(2 * MINUTE)

    assert sorted(calls(staff, alerts()[-1])) == [(1, "first", "bob"), (1, "first", "dora")]


def test_a_crisis_after_the_claim_calls_the_holder_and_the_first(
    sitting, answer, lea, staff, pass_time, fixed_clock
):
    answer(sitting, q9=3)
    queue.claim(actor=lea, entry=entry_of())
    with fixed_clock(NOW + 3 * MINUTE):
        answer(sitting, "closing", company=2)
    pass_time(4 * MINUTE)

    assert calls(staff) == [(3, "first", "lea"), (3, "first", "bob")]


def test_same_day_news_of_an_entry_that_was_fast_joins_a_digest_and_calls_the_holder(
    sitting, answer, lea, staff, pass_time, fixed_clock
):
    answer(sitting, q9=3)
    queue.claim(actor=lea, entry=entry_of())
    with fixed_clock(NOW + 3 * MINUTE):
        answer(sitting, "closing", talk=3)
    pass_time(4 * MINUTE)

    digest = alerts()[-1]
    assert digest.lane is Lane.SAME_DAY
    assert sorted(calls(staff, digest)) == [(3, "digest", "bob"), (3, "digest", "lea")]


@pytest.mark.parametrize("answers", [{"q9": 1}, {"q9": 3}], ids=["same day", "fast"])
def test_an_urgent_report_after_the_reading_calls_again(
    sitting, answer, alice, lea, staff, fixed_clock, pass_time, answers
):
    answer(sitting, **answers)
    queue.claim(actor=lea, entry=entry_of())
    with fixed_clock(NOW + 3 * MINUTE):
        report = ObservationReport(
            site_id=alice.site_id,
            student_id=alice.id,
            reporter_id=staff.hana.id,
            signs=["not_live"],
            since=Since.TODAY,
            reported_at=clock.now(),
            due_at=clock.now(),
            form_token="t" * 22,
        )
        db.session.add(report)
        db.session.flush()
        events.publish(ObservationReported(report.id))
    pass_time(4 * MINUTE)

    assert alerts()[-1].is_calling
    assert (3, "digest", "lea") in calls(staff, alerts()[-1])


# a digest


def class_of_three(campaign, alice, answer):
    students = [alice, *(people.student(alice.cohort) for _ in range(2))]
    for student in students:
        sitting = results.sitting(campaign, student)
        answer(sitting, q9=1)
        answer(sitting, "closing", company=0)
    return students


def test_i_am_going_for_a_digest_leaves_the_unread_to_be_called_for(
    campaign, alice, answer, bob, staff, pass_time
):
    read, *unread = class_of_three(campaign, alice, answer)
    service.acknowledge(actor=bob, alert=alerts()[0])
    queue.see_entry(actor=bob, entry=entry_of(read))
    pass_time(59 * MINUTE)
    quiet = calls(staff)
    pass_time(61 * MINUTE)

    first, second = alerts()
    assert (quiet, first.closed_at, second.is_calling) == ([], NOW + 60 * MINUTE, True)
    assert {link.entry.student_id for link in second.entries} == {each.id for each in unread}
    assert calls(staff) == [(60, "digest", "bob")]


def test_reminding_goes_on_for_what_was_acknowledged_shortly_before(
    campaign, alice, answer, bob, staff, pass_time, fixed_clock
):
    class_of_three(campaign, alice, answer)
    pass_time(6 * 60 * MINUTE)
    with fixed_clock(NOW + 6 * 60 * MINUTE):
        service.acknowledge(actor=bob, alert=alerts()[0])
    pass_time(6 * 60 * MINUTE + 31 * MINUTE)

    assert calls(staff)[-1] == (6 * 60 + 30, "digest", "bob")


def test_a_digest_that_was_read_to_the_end_after_i_am_going_is_over(
    campaign, alice, answer, bob, staff, pass_time
):
    students = class_of_three(campaign, alice, answer)
    service.acknowledge(actor=bob, alert=alerts()[0])
    for student in students:
        queue.see_entry(actor=bob, entry=entry_of(student))
    pass_time(timedelta(hours=12))

    assert (len(alerts()), calls(staff)) == (1, [])


def test_who_joins_an_answered_digest_calls_with_what_is_unread_there(
    campaign, alice, answer, bob, staff
):
    class_of_three(campaign, alice, answer)
    service.acknowledge(actor=bob, alert=alerts()[0])
    answer(results.sitting(campaign, people.student(alice.cohort)), q9=1)

    first, second = alerts()
    assert (first.closed_at, second.is_calling, len(second.entries)) == (NOW, True, 4)


def test_who_is_due_earlier_brings_the_reminders_forward(
    campaign, alice, answer, staff, pass_time, monkeypatch
):
    class_of_three(campaign, alice, answer)
    digest = alerts()[0]
    earlier = digest.due_at - timedelta(hours=3)
    new_entry = queue.new_entry

    def due_earlier(*about, **known):
        return new_entry(*about, **known)._replace(due_at=earlier)

    monkeypatch.setattr(queue, "new_entry", due_earlier)
    later = results.sitting(campaign, people.student(alice.cohort))
    answer(later, q9=1)
    answer(later, "closing", company=0)
    pass_time(5 * 60 * MINUTE)

    assert digest.due_at == earlier  # raised at 10:00 in Shanghai, now due at 14:30
    assert calls(staff) == [
        (0, "digest", "bob"),
        (3 * 60 + 30, "remind", "bob"),
        (4 * 60 + 30, "overdue", "bob"),
        (4 * 60 + 30, "overdue", "lea"),
    ]


# an entry that goes to a colleague


def test_handing_on_a_crisis_calls_the_receiver_until_they_open_it(
    sitting, answer, bob, dora, staff, outbox, pass_time, fixed_clock
):
    channel(staff.dora, ChannelKind.WECOM, address="dora")
    answer(sitting, q9=3)
    queue.claim(actor=bob, entry=entry_of())
    with fixed_clock(NOW + MINUTE):
        hand_over(actor=bob, entry=entry_of(), colleague=staff.dora, note="请接手")
    pass_time(2 * MINUTE)
    told = outbox.to("dora")
    with fixed_clock(NOW + 3 * MINUTE):
        queue.see_entry(actor=dora, entry=entry_of())
    pass_time(3 * 60 * MINUTE)

    assert told == [NOW + MINUTE]
    assert calls(staff) == [(1, "first", "dora")]
    assert alerts()[-1].acknowledged_by == staff.dora


def test_who_does_not_open_what_they_were_given_is_not_going(
    sitting, answer, lea, staff, pass_time
):
    answer(sitting, q9=3)
    assign(actor=lea, entry=entry_of(), colleague=staff.dora)
    pass_time(4 * MINUTE)

    (alert,) = alerts()
    assert alert.is_calling
    assert calls(staff) == [(0, "first", "dora"), (0, "first", "bob")]


def test_i_am_going_is_followed_up_where_the_holder_has_not_opened_the_entry(
    sitting, answer, bob, lea, staff, pass_time
):
    answer(sitting, q9=3)
    assign(actor=lea, entry=entry_of(), colleague=staff.dora)
    service.acknowledge(actor=bob, alert=alerts()[0])
    pass_time(61 * MINUTE)

    assert [alert.is_calling for alert in alerts()] == [False, True]


def test_a_digest_calls_the_receiver_quietly(sitting, answer, bob, staff, outbox, pass_time):
    channel(staff.dora, ChannelKind.WECOM, address="dora")
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)
    queue.claim(actor=bob, entry=entry_of())
    hand_over(actor=bob, entry=entry_of(), colleague=staff.dora, note="请接手")
    pass_time(MINUTE)

    assert len(outbox.to("dora")) == 1
    assert db.session.query(Alert).filter_by(lane=Lane.FAST).count() == 0

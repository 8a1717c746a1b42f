"""Who is called when: the fast lane climbs until somebody is going, a digest reminds."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.permissions import Role
from app.alarms import jobs
from app.alarms.domain import ClockError, Clocks, Step
from app.alarms.models import Alert, Notice, SiteClocks
from app.alarms.queries.alerts import entries_without_alert
from app.alarms.queries.calling import team_of
from app.alarms.service import alerts as service
from app.assessments.domain import AssessmentState
from app.cases.models import QueueEntry
from app.cases.service import queue
from app.people.domain import DayKind
from app.people.models import CalendarDay, DutyShift
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.platform.health import FiguresAsked
from app.triage.domain import Lane
from tests.conftest import NOW
from tests.factories import people, results
from tests.integration.alarms.conftest import on_duty

MINUTE = timedelta(minutes=1)


def alerts():
    db.session.flush()
    return db.session.query(Alert).order_by(Alert.id).all()


def calls(staff, alert=None):
    """(minute, step, name) of every notice."""
    query = db.session.query(Notice).order_by(Notice.at, Notice.id)
    if alert is not None:
        query = query.filter_by(alert_id=alert.id)
    return [
        (round((n.at - NOW) / MINUTE), n.step.value, staff.names([n.user_id])[0]) for n in query
    ]


def test_fast_lane_climbs_at_0_5_15_30_and_then_every_quarter_of_an_hour(
    sitting, answer, staff, pass_time
):
    answer(sitting, q9=3)
    pass_time(50 * MINUTE)

    everybody = ["bob", "dora", "lea", "hana", "dan"]
    assert calls(staff) == [
        (0, "first", "bob"),
        (5, "second", "dora"),
        (15, "lead", "lea"),
        (30, "head", "hana"),
        (30, "head", "dan"),
        *((45, "again", name) for name in everybody),
    ]


def test_it_never_expires(sitting, answer, staff, pass_time):
    answer(sitting, q9=3)
    pass_time(timedelta(hours=5))

    last = max(minute for minute, *_ in calls(staff))
    assert 5 * 60 - last < 15


def test_acknowledging_ends_the_calling(sitting, answer, staff, pass_time, fixed_clock):
    answer(sitting, q9=3)
    pass_time(6 * MINUTE)
    with fixed_clock(NOW + 7 * MINUTE):
        service.acknowledge(actor=actor_of(staff.dora, Role.COUNSELLOR), alert=alerts()[0])
        queue.claim(
            actor=actor_of(staff.dora, Role.COUNSELLOR), entry=db.session.query(QueueEntry).one()
        )
    pass_time(timedelta(days=1))

    assert [name for *_, name in calls(staff)] == ["bob", "dora"]
    assert alerts()[0].acknowledged_by == staff.dora


def test_taking_the_entry_on_acknowledges_too(sitting, answer, staff, pass_time):
    answer(sitting, q9=3)
    queue.claim(
        actor=actor_of(staff.bob, Role.COUNSELLOR), entry=db.session.query(QueueEntry).one()
    )
    pass_time(timedelta(hours=3))

    (alert,) = alerts()
    assert (alert.acknowledged_by, alert.closed_at) == (staff.bob, NOW)
    assert calls(staff) == []


def test_reading_the_entry_does_not_stop_the_fast_lane(sitting, answer, staff, pass_time):
    answer(sitting, q9=3)
    queue.see_entry(
        actor=actor_of(staff.bob, Role.COUNSELLOR), entry=db.session.query(QueueEntry).one()
    )
    pass_time(6 * MINUTE)

    assert [name for *_, name in calls(staff)] == ["bob", "dora"]


def test_i_am_going_without_going_calls_again_after_an_hour(
    sitting, answer, staff, pass_time, fixed_clock
):
    answer(sitting, q9=3)
    service.acknowledge(actor=actor_of(staff.bob, Role.COUNSELLOR), alert=alerts()[0])
    pass_time(61 * MINUTE)

    first, second = alerts()
    assert first.closed_at == second.raised_at == NOW + timedelta(hours=1)
    assert calls(staff, second) == [(60, "first", "bob")]


def test_of_two_who_are_going_at_once_the_first_is_kept(sitting, answer, staff):
    answer(sitting, q9=3)
    (alert,) = alerts()

    for user in (staff.bob, staff.dora):
        service.acknowledge(actor=actor_of(user, Role.COUNSELLOR), alert=alert)

    assert alert.acknowledged_by_id == staff.bob.id


def test_new_answers_of_the_same_sitting_make_no_second_alert(sitting, answer, staff):
    answer(sitting, q9=3)
    answer(sitting, "closing", company=2)

    assert len(alerts()) == 1


def test_a_cry_while_somebody_has_the_entry_calls_that_person_too(
    sitting, answer, alice, staff, pass_time, fixed_clock
):
    lea = actor_of(staff.lea, Role.CRISIS_LEAD)
    answer(sitting, q9=1)
    queue.claim(actor=lea, entry=db.session.query(QueueEntry).one())
    with fixed_clock(NOW + MINUTE):
        answer(sitting, "closing", company=2)
    pass_time(2 * MINUTE)

    fast = next(alert for alert in alerts() if alert.lane is Lane.FAST)
    assert calls(staff, fast) == [(1, "first", "lea"), (1, "first", "bob")]


def test_a_shift_that_changes_hands_in_the_middle_calls_the_new_hands(
    sitting, answer, staff, cohort, pass_time
):
    db.session.query(DutyShift).update({"ends_at": NOW + 3 * MINUTE})
    on_duty(staff.lea, cohort.site_id, since=NOW + 3 * MINUTE)
    on_duty(staff.hana, cohort.site_id, rank=2, since=NOW + 3 * MINUTE)
    answer(sitting, q9=3)
    pass_time(6 * MINUTE)

    assert calls(staff) == [
        (0, "first", "bob"),
        (5, "second", "hana"),
        (5, "second", "lea"),
    ]


def test_with_nobody_on_duty_the_campaigns_own_responders_are_called(
    sitting, answer, staff, named, pass_time
):
    db.session.query(DutyShift).delete()
    answer(sitting, q9=3)
    pass_time(6 * MINUTE)

    assert calls(staff) == [(0, "first", "bob"), (5, "second", "lea")]


def test_with_neither_the_crisis_lead_is_called(sitting, answer, staff, pass_time):
    db.session.query(DutyShift).delete()
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert calls(staff) == [(0, "first", "lea")]


@pytest.mark.parametrize("step", Step)
def test_every_step_reaches_for_somebody_as_long_as_there_is_anybody(sitting, answer, staff, step):
    db.session.query(DutyShift).delete()
    for user in (staff.bob, staff.dora, staff.lea, staff.dan):
        user.active = False
    answer(sitting, q9=3)

    assert team_of(alerts()[0], NOW).of(step) == [staff.hana]


def test_a_site_may_shorten_the_clocks(sitting, answer, staff, cohort, pass_time):
    db.session.add(
        SiteClocks(site_id=cohort.site_id, second_minutes=1, lead_minutes=2, head_minutes=3)
    )
    answer(sitting, q9=3)
    pass_time(4 * MINUTE)

    assert [minute for minute, *_ in calls(staff)] == [0, 1, 2, 3, 3]


@pytest.mark.parametrize(
    "minutes", [(6, 15, 30), (5, 16, 30), (5, 15, 31), (0, 15, 30), (5, 4, 30)]
)
def test_no_site_lengthens_them(minutes):
    with pytest.raises(ClockError):
        Clocks(*(timedelta(minutes=n) for n in minutes))


def test_a_job_done_twice_calls_once(sitting, answer, staff, pass_time):
    answer(sitting, q9=3)
    (alert,) = alerts()
    db.session.commit()
    for _ in range(3):
        jobs.call(alert.id, "first", 0)
    begin_write()

    assert calls(staff) == [(0, "first", "bob")]


# the same-day lane


def _classmates(alice, n):
    return [people.student(alice.cohort) for _ in range(n)]


def test_a_class_has_one_digest_a_day(campaign, sitting, alice, answer, staff, pass_time):
    for student in (alice, *_classmates(alice, 4)):
        answer(results.sitting(campaign, student), q9=1)
    pass_time(MINUTE)

    (digest,) = alerts()
    assert (digest.lane, len(digest.entries)) == (Lane.SAME_DAY, 5)
    assert calls(staff) == [(0, "digest", "bob")]


def test_open_link_has_a_digest_of_its_own(campaign, alice, answer, staff):
    answer(results.sitting(campaign, alice), q9=1)
    for _ in range(2):
        answer(results.sitting(campaign, None, site_id=alice.site_id), q9=1)

    assert [(a.cohort_id, len(a.entries)) for a in alerts()] == [(alice.cohort_id, 1), (None, 2)]


def test_digest_calls_an_hour_before_it_is_due_and_climbs_when_overdue(
    sitting, answer, staff, pass_time
):
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)
    pass_time(timedelta(hours=9))  # raised at 10:00 in Shanghai, school ends at 17:30

    assert calls(staff) == [
        (0, "digest", "bob"),
        (6 * 60 + 30, "remind", "bob"),
        (7 * 60 + 30, "overdue", "bob"),
        (7 * 60 + 30, "overdue", "lea"),
        (8 * 60 + 30, "overdue", "bob"),
        (8 * 60 + 30, "overdue", "lea"),
    ]


def test_a_digest_that_was_read_is_quiet(campaign, alice, answer, staff, pass_time):
    for student in (alice, *_classmates(alice, 1)):
        sitting = results.sitting(campaign, student)
        answer(sitting, q9=1)
        answer(sitting, "closing", company=0)
    bob = actor_of(staff.bob, Role.COUNSELLOR)
    first, second = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
    queue.see_entry(actor=bob, entry=first)
    half_read = alerts()[0].closed_at
    queue.see_entry(actor=bob, entry=second)
    pass_time(timedelta(hours=12))

    assert (half_read, alerts()[0].closed_at) == (None, NOW)
    assert calls(staff) == []


def test_what_comes_after_the_reading_calls_again(
    campaign, sitting, alice, answer, staff, fixed_clock
):
    answer(sitting, q9=1)
    entry = db.session.query(QueueEntry).one()
    queue.see_entry(actor=actor_of(staff.bob, Role.COUNSELLOR), entry=entry)
    with fixed_clock(NOW + MINUTE):
        answer(sitting, "closing", talk=3)

    assert [alert.closed_at for alert in alerts()] == [NOW, None]


def test_entry_without_a_lane_raises_no_alert(sitting, answer, staff):
    answer(sitting, "closing", talk=2)

    assert db.session.query(QueueEntry).one().lane is None
    assert alerts() == []


SHANGHAI_NIGHT = datetime(2026, 10, 12, 15, 0, tzinfo=UTC)  # 23:00
SATURDAY = datetime(2026, 10, 17, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "holiday"),
    [(SHANGHAI_NIGHT, False), (SATURDAY, False), (datetime(2026, 10, 14, 2, 0, tzinfo=UTC), True)],
    ids=["at night", "at the weekend", "on a holiday"],
)
def test_crisis_clocks_never_wait_for_school(
    sitting, answer, staff, cohort, pass_time, fixed_clock, moment, holiday
):
    if holiday:
        on = moment.date()
        db.session.add(CalendarDay(site_id=cohort.site_id, on=on, kind=DayKind.HOLIDAY))
    with fixed_clock(moment):
        answer(sitting, q9=1)
        due_at = alerts()[0].due_at
        answer(sitting, "closing", company=2)
    pass_time(moment - NOW + 31 * MINUTE)

    fast = next(alert for alert in alerts() if alert.lane is Lane.FAST)
    start = round((moment - NOW) / MINUTE)
    minutes = [minute - start for minute, *_ in calls(staff, fast)]
    assert (due_at, minutes) == (moment + timedelta(hours=12), [0, 5, 15, 30, 30])


# six ways to leave, and every one alerts (P13, P18)


def _edited(sitting, answer, fixed_clock):
    answer(sitting, q9=3)
    with fixed_clock(NOW + MINUTE):
        answer(sitting, q9=0)


def _abandoned(sitting, answer, fixed_clock):
    answer(sitting, q9=1)


def _declined(sitting, answer, fixed_clock):
    answer(sitting, q9=2)
    sitting.state = AssessmentState.DECLINED


def _expired(sitting, answer, fixed_clock):
    answer(sitting, q9=2)
    sitting.state = AssessmentState.EXPIRED


def _late(sitting, answer, fixed_clock):
    stored = results.answers(sitting, "phq9", {"q9": 2}, begun=NOW - timedelta(days=3))
    events.publish(results.stored(sitting, stored))


def _refused(sitting, answer, fixed_clock):
    answer(sitting, q9="refused")


@pytest.mark.parametrize(
    "leave", [_edited, _abandoned, _declined, _expired, _late, _refused], ids=lambda f: f.__name__
)
def test_however_a_sitting_ends_somebody_is_called(
    sitting, answer, staff, pass_time, fixed_clock, leave
):
    leave(sitting, answer, fixed_clock)
    pass_time(12 * MINUTE)

    fast = [alert for alert in alerts() if alert.lane is Lane.FAST]
    assert len(fast) == 1
    assert [name for *_, name in calls(staff, fast[0])] == ["bob", "dora"]


def test_who_goes_on_answering_is_not_silent_and_who_stops_is(sitting, answer, staff, pass_time):
    answer(sitting, q9=1)
    for minute in (4, 8):
        pass_time(minute * MINUTE)
        results.answers(sitting, "phq9", {"q1": 0}, begun=NOW + minute * MINUTE)
    pass_time(12 * MINUTE)
    still = [alert.lane for alert in alerts()]
    pass_time(15 * MINUTE)

    assert still == [Lane.SAME_DAY]
    assert [alert.lane for alert in alerts()] == [Lane.SAME_DAY, Lane.FAST]


# one commit


STEPS = [
    "app.alarms.service.alerts.queries.clocks_of",
    "app.alarms.service.alerts.add_row",
    "app.alarms.service.alerts.audit.record",
    "app.alarms.service.alerts.jobs.enqueue_new",
]


@pytest.mark.parametrize("step", STEPS)
def test_answer_entry_alert_and_job_stand_or_fall_together(sitting, answer, monkeypatch, step):
    from app.assessments.models import Response
    from app.platform.jobs import Job

    db.session.commit()
    begin_write()

    def die(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(step, die)
    with pytest.raises(RuntimeError):
        answer(sitting, q9=3)
    db.session.rollback()
    begin_write()

    tables = (Response, QueueEntry, Alert, Job)
    assert [db.session.query(table).count() for table in tables] == [0, 0, 0, 0]


def test_no_open_entry_of_a_lane_is_without_an_alert(sitting, answer, staff):
    answer(sitting, q9=1)
    before = entries_without_alert(clock.now())
    for link in alerts()[0].entries:
        db.session.delete(link)
    db.session.flush()

    missing = len(entries_without_alert(clock.now()))
    db.session.commit()
    jobs.check_alerts()

    assert (list(before), missing, list(entries_without_alert(clock.now()))) == ([], 1, [])
    assert dict(events.ask(FiguresAsked()))["entries_without_alert"] == 1
    begin_write()

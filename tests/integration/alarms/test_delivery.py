"""From calls to messages: merged, at least once, never two at once, and naming nobody."""

import logging
import os
from datetime import timedelta
from itertools import pairwise

import pytest
from flask_babel import force_locale

from app.access.permissions import Role
from app.alarms.channels import ChannelError, Problem
from app.alarms.domain import ChannelKind, DispatchState, TestError
from app.alarms.models import Dispatch, Message, Notice
from app.alarms.queries.channels import channels_drilled
from app.alarms.service import alerts as service
from app.alarms.service import channels as channel_service
from app.alarms.words import undelivered
from app.people.service.logins import actor_of
from app.platform import clock, jobs
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people, results
from tests.factories.work import run_due
from tests.integration.alarms.conftest import CANARY, channel, next_job
from tests.integration.alarms.sinks import http_sink
from tests.integration.alarms.test_ladder import alerts

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TEXT = "心桥：有 1 条需处理，请登录查看。http://127.0.0.1:5000/alarms"


def dispatches():
    return db.session.query(Dispatch).order_by(Dispatch.id).all()


def test_fast_lane_goes_over_every_channel_at_once(sitting, answer, staff, outbox, pass_time):
    for kind in (ChannelKind.VOICE, ChannelKind.WECOM):
        channel(staff.bob, kind, address=kind)
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert outbox.sent == [("voice", NOW, TEXT), ("wecom", NOW, TEXT)]


def test_digest_goes_over_the_first_channel_only(sitting, answer, staff, outbox, pass_time):
    channel(staff.bob, ChannelKind.VOICE, address="second", position=2)
    channel(staff.bob, ChannelKind.WECOM, address="first", position=1)
    answer(sitting, q9=1)
    pass_time(MINUTE)

    assert [address for address, *_ in outbox.sent] == ["first"]


def test_digest_takes_the_next_channel_at_once_when_the_first_fails(
    sitting, answer, staff, outbox, pass_time
):
    channel(staff.bob, ChannelKind.WECOM, address="dead", position=1)
    channel(staff.bob, ChannelKind.VOICE, address="alive", position=2)
    outbox.fails["dead"] = ChannelError(Problem.REFUSED)
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)
    pass_time(5 * SECOND)

    assert outbox.sent == [("alive", NOW, TEXT)]


def test_a_channel_that_fails_is_tried_again_and_the_alert_says_so(
    sitting, answer, staff, outbox, pass_time
):
    channel(staff.bob, address="shaky")
    channel(staff.bob, ChannelKind.SMS, address="fine")
    outbox.fails["shaky"] = ChannelError(Problem.TIMEOUT)
    answer(sitting, q9=3)
    pass_time(5 * SECOND)
    (alert,) = alerts()
    with force_locale("zh_Hans"):
        said = undelivered(alert)
    outbox.fails.clear()
    pass_time(MINUTE)

    assert said == [f"{staff.bob.name}：企业微信群机器人未送达"]
    assert outbox.to("fine") == [NOW]
    assert outbox.to("shaky") == [NOW + 10 * SECOND]
    assert dispatches()[0].state is DispatchState.SENT


def test_sixty_cries_in_a_minute_become_few_messages(
    campaign, alice, answer, staff, outbox, pass_time, fixed_clock
):
    channel(staff.bob, address="bob")
    students = [people.student(alice.cohort) for _ in range(60)]
    for second, student in enumerate(students):
        pass_time(second * SECOND)
        with fixed_clock(NOW + second * SECOND):
            answer(results.sitting(campaign, student), q9=3)
    pass_time(2 * MINUTE)

    times = outbox.to("bob")
    gaps = [after - before for before, after in pairwise(times)]
    assert (len(times), min(gaps)) == (7, 10 * SECOND)
    assert "60" in outbox.sent[-1][2]
    assert all(notice.message_id for notice in db.session.query(Notice))


def test_digests_of_a_person_are_half_an_hour_apart(
    campaign, alice, answer, staff, outbox, pass_time, fixed_clock
):
    channel(staff.bob, address="bob")
    for minute in (0, 5, 10):
        student = people.student(people.cohort(alice.site))
        pass_time(minute * MINUTE)
        with fixed_clock(NOW + minute * MINUTE):
            sitting = results.sitting(campaign, student)
            answer(sitting, q9=1)
            answer(sitting, "closing", company=0)
    pass_time(40 * MINUTE)

    assert outbox.to("bob") == [NOW, NOW + 30 * MINUTE]
    assert "3" in outbox.sent[-1][2]


def test_a_robot_shared_by_many_is_not_flooded(sitting, answer, staff, outbox, pass_time):
    for user in (staff.hana, staff.dan):
        channel(user, address="shared")
    answer(sitting, q9=3)
    pass_time(31 * MINUTE)

    first, second = outbox.to("shared")
    assert second - first >= 4 * SECOND


def test_what_was_answered_meanwhile_is_not_sent(
    sitting, answer, staff, outbox, pass_time, fixed_clock
):
    channel(staff.bob, address="bob")
    outbox.fails["bob"] = ChannelError(Problem.UNREACHABLE)
    answer(sitting, q9=3)
    pass_time(SECOND)
    service.acknowledge(actor=actor_of(staff.dora, Role.COUNSELLOR), alert=alerts()[0])
    outbox.fails.clear()
    pass_time(MINUTE)

    assert (outbox.sent, dispatches()[0].state) == ([], DispatchState.DROPPED)


def test_a_dead_channel_is_given_up_when_a_later_message_goes_over_it(
    sitting, answer, staff, outbox, pass_time
):
    channel(staff.hana, address="dead")
    outbox.fails["dead"] = ChannelError(Problem.UNREACHABLE)
    answer(sitting, q9=3)
    pass_time(66 * MINUTE)

    assert [each.state for each in dispatches()[:-1]] == [DispatchState.DROPPED] * 2
    assert max(each.attempts for each in dispatches()) <= 10


@pytest.mark.parametrize("later", ["a test", "dropped", "given up"])
def test_a_call_is_not_given_up_for_what_says_nothing(
    sitting, answer, staff, outbox, pass_time, later
):
    mine = channel(staff.bob, address="shaky")
    outbox.fails["shaky"] = ChannelError(Problem.UNREACHABLE)
    answer(sitting, q9=3)
    pass_time(SECOND)
    if later == "a test":
        channel_service.test_channel(actor=actor_of(staff.bob, Role.COUNSELLOR), channel=mine)
    else:
        message = Message(user_id=staff.bob.id, created_at=NOW, count=1, loud=True)
        dropped = later == "dropped"
        message.dispatches.append(
            Dispatch(
                channel_id=mine.id,
                state=DispatchState.DROPPED if dropped else DispatchState.FAILED,
                attempts=10,
            )
        )
        db.session.add(message)
    outbox.fails.clear()
    pass_time(MINUTE)

    assert dispatches()[0].state is DispatchState.SENT


def test_a_clock_set_back_postpones_no_call(sitting, answer, staff, outbox, fixed_clock, pass_time):
    mine = channel(staff.bob, address="bob")
    ahead = NOW + timedelta(hours=24)
    told = Message(user_id=staff.bob.id, created_at=ahead, count=1, loud=True)
    told.dispatches.append(
        Dispatch(channel_id=mine.id, state=DispatchState.SENT, attempts=1, started_at=ahead)
    )
    db.session.add(told)
    answer(sitting, q9=3)
    pass_time(SECOND)

    assert outbox.to("bob") == [NOW]


def test_demo_accounts_reach_nobody(sitting, answer, staff, outbox, pass_time):
    staff.bob.is_demo = True
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert outbox.sent == []
    assert db.session.query(Message).filter_by(user_id=staff.bob.id).count() == 1


def test_a_person_is_told_in_their_language(sitting, answer, staff, outbox, pass_time):
    staff.bob.locale = "en"
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert outbox.sent[0][2] == (
        "Xinqiao: 1 to be seen to, please log in. http://127.0.0.1:5000/alarms"
    )


# a test over a channel


def test_a_test_that_arrived_makes_the_channel_drilled_for_seven_days(
    staff, cohort, outbox, pass_time, fixed_clock
):
    bob = actor_of(staff.bob, Role.COUNSELLOR)
    mine = channel(staff.bob, address="bob")
    with pytest.raises(TestError):
        channel_service.confirm_test(actor=bob, channel=mine)
    channel_service.test_channel(actor=bob, channel=mine)
    pass_time(MINUTE)
    channel_service.confirm_test(actor=bob, channel=mine)

    assert outbox.sent[0][2].startswith("心桥：这是一次测试")
    assert channels_drilled(cohort.site, [staff.bob, staff.dora]) == {
        staff.bob: True,
        staff.dora: False,
    }
    with fixed_clock(NOW + timedelta(days=7, minutes=2)):
        assert channels_drilled(cohort.site, [staff.bob]) == {staff.bob: False}


def test_an_open_mailbox_is_no_channel_to_rely_on(staff, cohort):
    channel(staff.bob, ChannelKind.MAIL, address="bob@school.example", drilled_at=clock.now())

    assert channels_drilled(cohort.site, [staff.bob]) == {staff.bob: False}


def test_a_removed_channel_is_forgotten(staff, cohort, outbox, pass_time, sitting, answer):
    mine = channel(staff.bob, address="bob")
    channel_service.remove_channel(actor=actor_of(staff.bob, Role.COUNSELLOR), channel=mine)
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert outbox.sent == []
    assert "bob" not in (mine.address or "").split()


# nothing that names or tells leaves the house (P30)


def test_no_name_class_school_or_word_leaves_the_house(
    app, sitting, answer, staff, pass_time, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    with http_sink() as sink:
        for name in ("wecom_url", "dingtalk_url", "sms_url", "voice_url"):
            object.__setattr__(app.config["SETTINGS"], name, sink.url)
        for kind in (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.SMS, ChannelKind.VOICE):
            channel(staff.bob, kind, address=f"address{kind}")
        answer(sitting, q9=3)
        answer(sitting, "closing", message="金丝雀：我不想活了")
        pass_time(20 * MINUTE)

    assert {len(sink.requests), db.session.query(Message).count() > 0} == {4, True}
    left = "\n".join(map(str, sink.requests))
    for secret in (CANARY, sitting.student.student_no, sitting.public_id, "活", "PHQ", "phq", "q9"):
        assert secret not in left
        assert secret not in caplog.text


# killed at any step, somebody is told once or twice


def _die_in(monkeypatch, target, *, after):
    """Let a function fail once, before or after it has done its work."""
    module, _, name = target.rpartition(".")
    original = getattr(__import__(module, fromlist=[name]), name)
    died = []

    def once(*args, **kwargs):
        if died:
            return original(*args, **kwargs)
        if after:
            original(*args, **kwargs)
        died.append(True)
        raise RuntimeError

    monkeypatch.setattr(target, once)


POINTS = [
    ("app.alarms.service.calls.call", False),
    ("app.alarms.service.calls.call", True),
    ("app.alarms.service.delivery._write_message", False),
    ("app.alarms.service.delivery._write_message", True),
    ("app.alarms.service.delivery._plan_send", False),
    ("app.alarms.service.delivery._is_due", True),
    ("app.alarms.service.delivery._text_of", False),
    ("app.alarms.service.delivery._write_outcome", False),
    ("app.alarms.service.delivery._write_outcome", True),
]


@pytest.mark.parametrize(("point", "after"), POINTS)
def test_a_failure_at_any_step_tells_once_or_twice_within_a_minute(
    sitting, answer, staff, outbox, pass_time, monkeypatch, point, after
):
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    db.session.commit()
    _die_in(monkeypatch, point, after=after)
    pass_time(MINUTE)

    assert 1 <= len(outbox.to("bob")) <= 2
    assert outbox.to("bob")[-1] <= NOW + MINUTE


@pytest.mark.parametrize("after", [False, True], ids=["before it left", "after it left"])
def test_a_worker_that_dies_while_sending_tells_once_or_twice(
    sitting, answer, staff, outbox, pass_time, monkeypatch, after
):
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    send, died = outbox.send, []

    def die_once(address, text):
        if died or after:
            send(address, text)
        if not died:
            died.append(True)
            raise RuntimeError

    monkeypatch.setattr(outbox, "send", die_once)
    pass_time(MINUTE)

    assert len(outbox.to("bob")) == 1 + after
    assert outbox.to("bob")[-1] == NOW + 10 * SECOND


@pytest.mark.parametrize("statement", range(1, 31))
def test_a_worker_that_is_killed_at_any_statement_tells_once_or_twice(
    app, sitting, answer, staff, tmp_path, fixed_clock, statement
):
    """A forked worker dies at its n-th statement or commit; another goes on a lease later."""
    sent = tmp_path / "sent"
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        _work_until_killed(sent, statement)
    os.waitpid(child, 0)
    with fixed_clock(NOW + jobs.LEASE + SECOND):
        _work(sent)
    while (due := next_job(NOW + 2 * MINUTE)) is not None:
        with fixed_clock(max(due, NOW + jobs.LEASE + SECOND)):
            _work(sent)

    assert 1 <= sent.read_text().count("bob") <= 2


def _work(sent):
    from unittest.mock import patch

    class Sink:
        def send(self, address, text):
            with sent.open("a") as file:
                file.write(f"{address}\n")

    every = dict.fromkeys(ChannelKind, Sink())
    with patch("app.alarms.service.delivery.offered", lambda: every):
        run_due()


def _work_until_killed(sent, statement):
    from sqlalchemy import event

    count = [0]

    def die(*_args):
        count[0] += 1
        if count[0] >= statement * 3:
            os._exit(9)

    event.listen(db.engine, "before_cursor_execute", die)
    event.listen(db.engine, "commit", die)
    try:
        _work(sent)
    finally:
        os._exit(0)


def test_two_workers_send_one_message_once(sitting, answer, staff, outbox, pass_time):
    channel(staff.bob, address="bob")
    answer(sitting, q9=3)
    pass_time(MINUTE)
    (dispatch,) = dispatches()
    from app.alarms import jobs as work

    db.session.commit()
    work.send(dispatch.id)
    work.deliver(staff.bob.id)
    begin_write()

    assert len(outbox.to("bob")) == 1

"""A drill: nobody is in danger, everything else is real, and no list ever knows it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.alarms.channels import ChannelError, Problem
from app.alarms.domain import ChannelKind, DispatchState, DrillError, DrillObstacle
from app.alarms.models import Alert, Dispatch, Drill, Message
from app.alarms.queries import alerts as alert_queries
from app.alarms.queries.drills import entry_of, steps_of
from app.alarms.script import DrillStep, Standing
from app.alarms.service import alerts, drills
from app.campaigns.domain import LaunchAsked
from app.cases.domain.cases import CaseState, Modality
from app.cases.domain.guardians import GuardianAnswer
from app.cases.domain.queue import EntryState
from app.cases.queries.stale import stale_rows
from app.cases.service.cases import open_case
from app.cases.service.contacts import record_contact
from app.cases.service.drills import RealStudentError, put_away
from app.cases.service.guardians import record_guardian_step
from app.cases.service.queue import claim
from app.people.models import Cohort, Student
from app.people.service.logins import actor_of
from app.platform import audit, clock, events
from app.platform.db import db
from app.results.models import Flag
from tests.conftest import NOW
from tests.factories import alarms as factory
from tests.factories import campaigns, people, results
from tests.factories.work import run_due
from tests.integration.alarms.conftest import Staff, channel, next_job, on_duty
from tests.integration.alarms.sinks import http_sink

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
REAL = "心桥：有 1 条需处理，请登录查看。http://127.0.0.1:5000/alarms"
DRILL = "心桥演练：请登录并按“我去处理”。http://127.0.0.1:5000/alarms"


@pytest.fixture
def reached(staff: Staff) -> Staff:
    """Bob and dora have tried their channels of late; PHQ-9 is published."""
    for user in (staff.bob, staff.dora):
        channel(user, ChannelKind.WECOM, address=user.login, drilled_at=clock.now())
    results.library("phq9")
    return staff


@pytest.fixture
def drill(reached: Staff, cohort: Cohort) -> Drill:
    return drills.start_drill(actor=lead(reached), site=cohort.site)


def lead(staff: Staff) -> Any:
    return actor_of(staff.lea, Role.CRISIS_LEAD)


def alert_of(drill: Drill) -> Alert:
    return db.session.scalars(select(Alert).where(Alert.campaign_id == drill.campaign_id)).one()


def walk(
    drill: Drill, staff: Staff, pass_time: Callable[..., None], **minutes: float | None
) -> None:
    """The whole chain with the clock held; `minutes` moves a step, None leaves it out."""
    usual = {"going": 2, "contact": 11, "guardian": 18, "timeline": 30, "ended": 38}
    bob = actor_of(staff.bob, Role.COUNSELLOR)
    case: Any = None
    for step, minute in sorted((usual | minutes).items(), key=lambda each: each[1] or 0):
        if minute is None:
            continue
        pass_time(minute * MINUTE)
        entry = entry_of(drill)
        assert entry is not None
        with clock.frozen(NOW + minute * MINUTE):
            if step == "going":
                alerts.acknowledge(actor=bob, alert=alert_of(drill))
                claim(actor=bob, entry=entry)
                case = open_case(
                    actor=bob, entry=entry, risk_level=entry.risk_level, next_on=clock.today()
                )
            elif step == "contact":
                record_contact(
                    actor=bob,
                    case=case,
                    modality=Modality.IN_PERSON,
                    held_at=clock.now(),
                    reached=True,
                    note="演练",
                    risk_level=case.risk_level,
                    state=CaseState.ASSESSING,
                    next_on=clock.today() + timedelta(days=1),
                )
            elif step == "guardian":
                record_guardian_step(
                    actor=bob,
                    case=case,
                    answer=GuardianAnswer.INFORMED,
                    at=clock.now(),
                    spoken_by="演练",
                    said="演练",
                )
            elif step == "timeline":
                audit.record(bob, "see_timeline", entry)
            else:
                drills.end_drill(actor=lead(staff), drill=drill)
    db.session.flush()


def standings(drill: Drill) -> dict[str, str]:
    return {each.mark.step.value: each.standing.value for each in steps_of(drill)}


def test_drill_runs_the_whole_chain_over_a_real_socket(
    app: Flask, reached: Staff, cohort: Cohort, pass_time: Callable[..., None]
) -> None:
    with http_sink() as sink:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], wecom_url=sink.url)
        drill = drills.start_drill(actor=lead(reached), site=cohort.site)
        walk(drill, reached, pass_time)
        texts = [each["json"]["text"]["content"] for each in sink.requests]

    assert texts == [DRILL]
    assert drill.is_passed
    assert standings(drill) == dict.fromkeys(DrillStep, "in_time") | {"second": "missed"}


def test_drill_leaves_nothing_open(drill, reached, outbox, pass_time) -> None:
    walk(drill, reached, pass_time)
    entry = entry_of(drill)

    assert entry.state is EntryState.SETTLED
    assert entry.case.state is CaseState.CLOSED
    assert alert_of(drill).closed_at is not None
    assert drill.student.left_at is not None
    assert [row.kind for row in stale_rows(OPERATOR, NOW + timedelta(days=20))] == []


@pytest.mark.parametrize(
    ("late", "step"),
    [
        ({"going": 5 + 1 / 60}, "going"),
        ({"contact": 15 + 1 / 60}, "contact"),
        ({"guardian": 25 + 1 / 60}, "guardian"),
        ({"timeline": 35 + 1 / 60}, "timeline"),
        ({"timeline": None}, "timeline"),
        ({"guardian": None}, "guardian"),
    ],
)
def test_one_second_late_is_not_passed(drill, reached, outbox, pass_time, late, step) -> None:
    walk(drill, reached, pass_time, **late)

    assert drill.is_passed is False
    assert [each.mark.step for each in steps_of(drill) if each.is_failure] == [step]


def test_at_the_minute_is_passed(drill, reached, outbox, pass_time) -> None:
    walk(drill, reached, pass_time, going=5, contact=15, guardian=25, timeline=35, ended=39.9)

    assert drill.is_passed


def test_second_responder_is_reached_when_the_first_lets_it_ring(
    drill, reached, outbox, pass_time
) -> None:
    pass_time(6 * MINUTE)

    second = next(each for each in steps_of(drill) if each.mark.step is DrillStep.SECOND)
    assert second.standing is Standing.IN_TIME
    assert [address for address, *_ in outbox.sent] == [reached.bob.login, reached.dora.login]


def test_message_after_a_minute_is_late(drill, reached, outbox, pass_time) -> None:
    outbox.fails[reached.bob.login] = ChannelError(Problem.TIMEOUT)
    pass_time(MINUTE)
    outbox.fails.clear()
    walk(drill, reached, pass_time)

    assert [each.mark.step for each in steps_of(drill) if each.is_failure] == [DrillStep.TOLD]


def test_drill_ends_by_itself_and_is_not_passed(drill, reached, outbox, pass_time) -> None:
    pass_time(40 * MINUTE)

    assert (drill.is_passed, drill.ended_by_id) == (False, None)
    assert drill.ended_at == NOW + 40 * MINUTE
    assert alert_of(drill).closed_at == drill.ended_at
    assert entry_of(drill).state is EntryState.SETTLED
    with pytest.raises(DrillError):
        drills.end_drill(actor=lead(reached), drill=drill)


def test_second_drill_waits_for_the_first(drill, reached, cohort) -> None:
    with pytest.raises(DrillError) as refused:
        drills.start_drill(actor=lead(reached), site=cohort.site)

    assert refused.value.obstacles == [DrillObstacle.RUNNING]


def test_new_school_is_told_what_to_do_in_order(cohort: Cohort) -> None:
    site = cohort.site
    assert drills.obstacles_to_drill(site) == [
        DrillObstacle.NO_RESPONDER,
        DrillObstacle.NOBODY_ON_DUTY,
        DrillObstacle.NO_INSTRUMENT,
    ]
    user = people.user(Role.COUNSELLOR, site.id)
    on_duty(user, site.id)
    results.library("phq9")
    assert drills.obstacles_to_drill(site) == [DrillObstacle.NO_CHANNEL]
    factory.drilled(user)
    assert drills.obstacles_to_drill(site) == []


def test_drill_does_not_wait_for_a_full_queue(drill: Drill) -> None:
    """The drill's own class is never held back, and its entry holds back nobody else's."""
    from app.cases.queries.queue import count_unseen

    assert count_unseen(drill.site_id) == 0


def test_real_alert_beside_a_drill_is_told_apart_and_at_once(
    drill, reached, sitting, answer, outbox, pass_time
) -> None:
    pass_time(SECOND)
    answer(sitting, q9=3)
    pass_time(30 * SECOND)

    assert [text for _to, _at, text in outbox.sent] == [DRILL, REAL]
    messages = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [(each.is_drill, each.count) for each in messages] == [(True, 1), (False, 1)]


def test_real_digest_does_not_wait_because_of_a_drill(
    drill, reached, sitting, answer, outbox, pass_time
) -> None:
    pass_time(SECOND)
    answer(sitting, q9=1)
    answer(sitting, "closing", company=0)
    pass_time(MINUTE)

    assert [text for _to, _at, text in outbox.sent] == [DRILL, REAL]


def test_real_and_drill_at_the_same_moment_are_two_messages_the_real_one_first(
    reached, cohort, sitting, answer, outbox, pass_time
) -> None:
    drills.start_drill(actor=lead(reached), site=cohort.site)
    answer(sitting, q9=3)
    pass_time(MINUTE)

    assert [text for _to, _at, text in outbox.sent] == [REAL, DRILL]


def test_failed_real_message_is_not_dropped_for_a_later_drill(
    reached, cohort, sitting, answer, outbox, pass_time
) -> None:
    outbox.fails[reached.bob.login] = ChannelError(Problem.TIMEOUT)
    answer(sitting, q9=3)
    pass_time(SECOND)
    drills.start_drill(actor=lead(reached), site=cohort.site)
    pass_time(15 * SECOND)
    outbox.fails.clear()
    pass_time(2 * MINUTE)

    assert {text for _to, _at, text in outbox.sent} == {DRILL, REAL}
    states = {each.state for each in db.session.scalars(select(Dispatch))}
    assert states == {DispatchState.SENT}


def test_real_call_stands_before_a_drill_in_the_banner(drill, reached, sitting, answer) -> None:
    answer(sitting, q9=3)

    calls = alert_queries.calls_for(actor_of(reached.bob, Role.COUNSELLOR))

    assert [alert.is_drill for alert in calls] == [False, True]


def test_end_of_a_drill_touches_nobody_real(sitting, answer, alice: Student) -> None:
    answer(sitting, q9=3)

    with pytest.raises(RealStudentError):
        put_away(student=alice)


def test_every_drill_is_a_new_person(drill, reached, cohort, outbox, pass_time) -> None:
    walk(drill, reached, pass_time)
    with clock.frozen(NOW + timedelta(days=1)):
        for each in db.session.scalars(select(Student)):
            assert each.id == drill.student_id or not each.is_synthetic
        channel(reached.bob, ChannelKind.SMS, address="new", drilled_at=clock.now())
        again = drills.start_drill(actor=lead(reached), site=cohort.site)

    assert again.student_id != drill.student_id
    assert db.session.query(Flag).filter_by(student_id=again.student_id).count() == 1


def gate(campaign: Any) -> list[str]:
    return [each.address.split("?")[0] for each in events.ask(LaunchAsked(campaign.id))]


@pytest.mark.parametrize(
    ("age", "obstacles"),
    [
        (timedelta(days=7) - MINUTE, []),
        (timedelta(days=7), ["/alarms/reach", "/alarms/reach"]),
        (timedelta(days=30), ["/alarms/reach", "/alarms/reach"]),
        (timedelta(days=30, minutes=1), ["/alarms/reach", "/alarms/reach", "/alarms/drills"]),
    ],
)
def test_gate_asks_for_channels_of_a_week_and_a_drill_of_a_month(
    cohort, alice, age, obstacles
) -> None:
    campaign = campaigns.draft(cohort)
    with clock.frozen(NOW + age):
        assert gate(campaign) == obstacles


def test_gate_asks_for_a_passed_drill(cohort, alice) -> None:
    campaign = campaigns.draft(cohort)
    db.session.query(Drill).delete()
    factory.drill(cohort.site, is_passed=False)

    assert gate(campaign) == ["/alarms/drills"]


def test_gate_does_not_ask_of_a_drill_itself(drill: Drill) -> None:
    assert events.ask(LaunchAsked(drill.campaign_id)) == []


def test_month_without_a_drill_is_a_line_of_what_falls_silent(cohort, alice) -> None:
    campaign = campaigns.draft(cohort)
    due_at = NOW + timedelta(days=30)

    def kinds(at: Any) -> list[str]:
        return [row.kind for row in stale_rows(OPERATOR, at)]

    assert kinds(due_at) == []
    assert kinds(due_at + MINUTE) == ["drill_due"]
    campaign.state = type(campaign.state).CLOSED
    assert kinds(due_at + MINUTE) == []


def test_no_job_of_a_drill_is_left_over(drill, reached, outbox, pass_time) -> None:
    walk(drill, reached, pass_time)
    pass_time(timedelta(hours=3))

    assert next_job(NOW + timedelta(days=2)) is None or not run_due()
    assert [text for *_, text in outbox.sent] == [DRILL]

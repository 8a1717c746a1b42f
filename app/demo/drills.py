"""Before each campaign the responders try their channels and every school rehearses."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Role
from app.alarms.domain import ChannelKind, DispatchState, Step
from app.alarms.models import Alert, Dispatch, Drill, ResponderChannel
from app.alarms.queries.drills import entry_of
from app.alarms.service import alerts, calls, channels, delivery, drills
from app.cases.domain.cases import CaseState, Modality
from app.cases.domain.guardians import GuardianAnswer
from app.cases.models import QueueEntry
from app.cases.service.cases import open_case
from app.cases.service.contacts import record_contact
from app.cases.service.guardians import record_guardian_step
from app.cases.service.queue import claim
from app.demo import district
from app.demo.population import District
from app.people.models import Site, User
from app.people.service.logins import actor_of
from app.platform import audit, clock
from app.platform.db import db

HOUR = time(15, 10)
#: One school is too slow at first and does it again the next day.
SLOW_SCHOOL, SLOW, USUAL = "junior", timedelta(minutes=9), timedelta(minutes=2)
NOTE = "演练：同事扮演学生，谈话要点已走一遍。"
GUARDIAN_NOTE = "演练：未实际致电，口述了告知要点。"


def rehearse(world: District, opens_on: date) -> None:
    """The week before a campaign opens: channels are tried, and every school passes a drill."""
    day = opens_on - timedelta(days=4)
    lead = actor_of(world.users[district.LEAD], Role.CRISIS_LEAD)
    try_channels(world, _at(day - timedelta(days=1), time(8, 0)))
    _drill(world, lead, world.sites[SLOW_SCHOOL], _at(day - timedelta(days=1), HOUR), SLOW)
    for n, code in enumerate(district.DAY_DUTY):
        begins_at = _at(day, HOUR) + n * timedelta(hours=1)
        _drill(world, lead, world.sites[code], begins_at, USUAL + n * timedelta(seconds=35))


def try_channels(world: District, moment: datetime) -> None:
    """Every responder sends a test to the demo channel and says that it arrived."""
    with clock.frozen(min(moment, clock.now())):
        for login in (*district.DAY_DUTY.values(), district.RELIEF, district.LEAD):
            role = Role.CRISIS_LEAD if login == district.LEAD else Role.COUNSELLOR
            actor = actor_of(world.users[login], role)
            channel = _channel_of(actor, world.users[login])
            _arrive(channels.test_channel(actor=actor, channel=channel).dispatches)
            channels.confirm_test(actor=actor, channel=channel)


def _channel_of(actor: Actor, user: User) -> ResponderChannel:
    query = select(ResponderChannel).where(ResponderChannel.user_id == user.id)
    found = db.session.scalar(query)
    return found or channels.add_channel(
        actor=actor, kind=ChannelKind.DEMO, address=f"demo-{user.login}"
    )


def _drill(
    world: District, lead: Actor, site: Site, begins_at: datetime, going_after: timedelta
) -> Drill:
    """From the answer to the end, each step by who would take it."""
    with clock.frozen(begins_at):
        drill = drills.start_drill(actor=lead, site=site)
    alert = db.session.scalars(select(Alert).where(Alert.campaign_id == drill.campaign_id)).one()
    entry = entry_of(drill)
    if entry is None:
        raise LookupError("a drill without an entry")
    with clock.frozen(begins_at + timedelta(seconds=8)):
        calls.call(alert_id=alert.id, step=Step.FIRST, round=0)
        for notice in alert.notices:
            delivery.tell(user_id=notice.user_id)
            if notice.message is not None:
                _arrive(notice.message.dispatches)
    login = next(code for code, each in world.sites.items() if each is site)
    responder = actor_of(world.users[district.DAY_DUTY[login]], Role.COUNSELLOR)
    with clock.frozen(begins_at + going_after):
        alerts.acknowledge(actor=responder, alert=alert)
    _look_after(responder, entry, begins_at + going_after)
    with clock.frozen(begins_at + going_after + timedelta(minutes=21)):
        audit.record(responder, "see_timeline", entry)
    with clock.frozen(begins_at + going_after + timedelta(minutes=24)):
        drills.end_drill(actor=lead, drill=drill)
    return drill


def _look_after(responder: Actor, entry: QueueEntry, going_at: datetime) -> None:
    with clock.frozen(going_at + timedelta(minutes=1)):
        claim(actor=responder, entry=entry)
        case = open_case(
            actor=responder, entry=entry, risk_level=entry.risk_level, next_on=clock.today()
        )
    with clock.frozen(going_at + timedelta(minutes=10)):
        record_contact(
            actor=responder,
            case=case,
            modality=Modality.IN_PERSON,
            held_at=clock.now() - timedelta(minutes=5),
            reached=True,
            note=NOTE,
            risk_level=case.risk_level,
            state=CaseState.ASSESSING,
            next_on=clock.today() + timedelta(days=1),
        )
    with clock.frozen(going_at + timedelta(minutes=16)):
        record_guardian_step(
            actor=responder,
            case=case,
            answer=GuardianAnswer.INFORMED,
            at=clock.now(),
            spoken_by="演练",
            said=GUARDIAN_NOTE,
            means=Modality.PHONE,
        )


def _arrive(dispatches: Iterable[Dispatch]) -> None:
    for dispatch in dispatches:
        dispatch.state, dispatch.attempts = DispatchState.SENDING, dispatch.attempts + 1
        dispatch.started_at = clock.now()
        delivery.note_outcome(dispatch, None)
    db.session.flush()


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())

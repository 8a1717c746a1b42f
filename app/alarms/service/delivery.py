"""From notices to messages to dispatches: at least once, merged, and never two at once.

Three transactions with a send between the last two: what is to be sent is written first, then that
it is being sent, then that it was. Killed in between, the job's lease runs out and it is sent
again; a dispatch that was marked as sent is not. So one crash makes at most two deliveries.
"""

from datetime import datetime, timedelta

from app.alarms.channels import ChannelError, Problem, desk_address, offered
from app.alarms.domain import (
    DIGEST_GAP,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    PERSON_GAP,
    ROBOT_GAP,
    DispatchState,
    Work,
)
from app.alarms.models import Dispatch, Message, Notice, ResponderChannel
from app.alarms.queries import delivery as queries
from app.alarms.words import message_text
from app.people.models import User
from app.platform import clock, jobs
from app.platform.db import begin_write, db, only


def deliver(*, user_id: int) -> None:
    """Put everything that one person is to be told into one message, or wait for its time."""
    begin_write()
    tell(user_id=user_id)
    db.session.commit()


def tell(*, user_id: int) -> None:
    """What is real in one message, and afterwards what is a drill in another."""
    user = db.session.get_one(User, user_id, with_for_update=only(User))
    notices = queries.unsent_notices(user)
    real = [notice for notice in notices if not notice.alert.is_drill]
    drills = [notice for notice in notices if notice.alert.is_drill]
    waits = [_tell_now_or_later(user, each) for each in (real, drills) if each]
    if earliest := min((at for at in waits if at is not None), default=None):
        key = f"{Work.DELIVER}:{user.id}"
        jobs.enqueue(Work.DELIVER, run_at=earliest, key=key, user_id=user.id)


def send(*, dispatch_id: int) -> None:
    """Send one dispatch over its channel, outside any transaction, and write how it went."""
    begin_write()
    dispatch = queries.held_dispatch(dispatch_id)
    if not _is_due(dispatch):
        db.session.commit()
        return
    channel, text = dispatch.channel, _text_of(dispatch.message)
    adapter, address = offered()[channel.kind], channel.address or ""
    dispatch.state, dispatch.started_at = DispatchState.SENDING, clock.now()
    dispatch.attempts += 1
    db.session.commit()
    problem = None
    try:
        adapter.send(address, text)
    except ChannelError as error:
        problem = error.problem
    _write_outcome(dispatch_id, problem)


def write_test(*, channel: ResponderChannel) -> Message:
    """A message that calls for nobody, over this one channel."""
    message = Message(user_id=channel.user_id, created_at=clock.now(), count=0, loud=True)
    db.session.add(message)
    db.session.flush()
    _plan_dispatch(message, channel)
    return message


def _tell_now_or_later(user: User, notices: list[Notice]) -> datetime | None:
    """Write the message, or say when it may be written."""
    loud = any(notice.loud for notice in notices)
    earliest = _earliest_message(user, loud=loud, drill=notices[0].alert.is_drill)
    if clock.now() < earliest:
        return earliest
    _write_message(user, notices, loud=loud)
    return None


def _earliest_message(user: User, *, loud: bool, drill: bool) -> datetime:
    last = queries.last_message(user, drill=drill)
    return clock.now() if last is None else last.created_at + (PERSON_GAP if loud else DIGEST_GAP)


def _write_message(user: User, notices: list[Notice], *, loud: bool) -> None:
    drill = notices[0].alert.is_drill
    count = queries.alerts_waiting_for(user, drill=drill)
    message = Message(
        user_id=user.id, created_at=clock.now(), count=count, loud=loud, is_drill=drill
    )
    db.session.add(message)
    db.session.flush()
    for notice in notices:
        notice.message_id = message.id
    channels = queries.channels_of(user, offered())
    for channel in channels if loud else channels[:1]:
        _plan_dispatch(message, channel)


def _plan_dispatch(message: Message, channel: ResponderChannel) -> None:
    dispatch = Dispatch(message_id=message.id, channel_id=channel.id)
    db.session.add(dispatch)
    db.session.flush()
    _plan_send(dispatch, clock.now())


def _plan_send(dispatch: Dispatch, at: datetime) -> None:
    key = f"{Work.SEND}:{dispatch.id}"
    jobs.enqueue(Work.SEND, run_at=at, key=key, dispatch_id=dispatch.id)


def _is_due(dispatch: Dispatch) -> bool:
    """Whether to send now; what has become pointless is dropped, what is too early put off."""
    if dispatch.state in (DispatchState.SENT, DispatchState.DROPPED):
        return False
    if _is_pointless(dispatch):
        dispatch.state, dispatch.ended_at = DispatchState.DROPPED, clock.now()
        return False
    free_at = _free_at(dispatch.channel)
    if clock.now() < free_at:
        _plan_send(dispatch, free_at)
        return False
    return True


def _is_pointless(dispatch: Dispatch) -> bool:
    channel = dispatch.channel
    if channel.removed_at is not None or channel.kind not in offered():
        return True
    if dispatch.attempts and queries.has_successor(dispatch):
        return True
    return not dispatch.message.is_test and not queries.still_calls(dispatch.message)


def _free_at(channel: ResponderChannel) -> datetime:
    """When the next message may go over it: its own pause, and that of a robot shared by many."""
    own = queries.last_start(Dispatch.channel_id == channel.id)
    shared = queries.last_start(
        ResponderChannel.kind == channel.kind,
        ResponderChannel.address_index == channel.address_index,
    )
    gaps = ((own, PERSON_GAP), (shared, ROBOT_GAP))
    return max((at + gap for at, gap in gaps if at is not None), default=clock.now())


def _write_outcome(dispatch_id: int, problem: Problem | None) -> None:
    begin_write()
    note_outcome(queries.held_dispatch(dispatch_id), problem)
    db.session.commit()


def note_outcome(dispatch: Dispatch, problem: Problem | None) -> None:
    """How one attempt went; what failed is tried again."""
    dispatch.ended_at = clock.now()
    dispatch.problem = problem.value if problem else None
    dispatch.state = DispatchState.FAILED if problem else DispatchState.SENT
    if problem:
        _try_again(dispatch)
        if not dispatch.message.loud and dispatch.attempts == 1:
            _try_next_channel(dispatch.message)


def _try_again(dispatch: Dispatch) -> None:
    if dispatch.attempts < MOST_ATTEMPTS:
        pause: timedelta = FIRST_PAUSE * 2 ** (dispatch.attempts - 1)
        _plan_send(dispatch, clock.now() + min(pause, LONGEST_PAUSE))


def _try_next_channel(message: Message) -> None:
    tried = {dispatch.channel_id for dispatch in message.dispatches}
    channels = queries.channels_of(message.user, offered())
    for channel in [each for each in channels if each.id not in tried][:1]:
        _plan_dispatch(message, channel)


def _text_of(message: Message) -> str:
    address = desk_address("/alarms/channels" if message.is_test else "/alarms")
    return message_text(
        message.count, locale=message.user.locale, address=address, is_drill=message.is_drill
    )

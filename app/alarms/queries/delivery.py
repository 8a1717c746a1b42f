"""Reads for sending: what is untold, over which channels, and when they are free."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select

from app.alarms.domain import MOST_ATTEMPTS, ChannelKind, DispatchState
from app.alarms.models import Alert, Dispatch, Message, Notice, ResponderChannel
from app.campaigns.domain import CampaignKind
from app.campaigns.models import Campaign
from app.people.models import User
from app.platform import clock
from app.platform.db import db, only

_CALLING = Alert.acknowledged_at.is_(None) & Alert.closed_at.is_(None)


def unsent_notices(user: User) -> list[Notice]:
    """Calls that the person has not been told of and that still stand."""
    query = select(Notice).join(Alert).where(Notice.user_id == user.id, _CALLING)
    return list(db.session.scalars(query.where(Notice.message_id.is_(None)).order_by(Notice.id)))


def alerts_waiting_for(user: User, *, drill: bool) -> int:
    """How many real alerts (or drills) the person was called for that nobody has answered."""
    query = select(func.count(Alert.id.distinct())).join(Notice).join(Alert.campaign, isouter=True)
    is_drill = func.coalesce(Campaign.kind == CampaignKind.DRILL, false())
    kind = is_drill if drill else ~is_drill
    return db.session.scalar(query.where(Notice.user_id == user.id, _CALLING, kind)) or 0


def last_message(user: User, *, drill: bool) -> Message | None:
    """What the person was told last, tests aside; what is real never waits for a drill.

    A clock that was set back makes nobody wait.
    """
    query = select(Message).where(
        Message.user_id == user.id, Message.count > 0, Message.created_at <= clock.now()
    )
    if not drill:
        query = query.where(~Message.is_drill)
    return db.session.scalar(query.order_by(Message.id.desc()).limit(1))


def channels_of(user: User, kinds: Collection[ChannelKind]) -> list[ResponderChannel]:
    """The person's channels in their order; those of a demo account stay on this machine."""
    if user.is_demo:
        kinds = {ChannelKind.DEMO}
    query = select(ResponderChannel).where(
        ResponderChannel.user_id == user.id,
        ResponderChannel.removed_at.is_(None),
        ResponderChannel.kind.in_(kinds),
    )
    order = ResponderChannel.position, ResponderChannel.id
    return list(db.session.scalars(query.order_by(*order)))


def held_dispatch(dispatch_id: int) -> Dispatch:
    """One dispatch, held, and its channel: two messages never leave over it at once."""
    dispatch = db.session.get_one(Dispatch, dispatch_id)
    db.session.get_one(
        ResponderChannel,
        dispatch.channel_id,
        with_for_update=only(ResponderChannel),
        populate_existing=True,
    )
    db.session.refresh(dispatch, with_for_update=only(Dispatch))
    return dispatch


def still_calls(message: Message) -> bool:
    """Whether anybody still waits of those whom the message is about."""
    query = select(Alert.id).join(Notice).where(Notice.message_id == message.id, _CALLING)
    return db.session.scalar(query.limit(1)) is not None


def has_successor(dispatch: Dispatch) -> bool:
    """Whether a later call went or still goes over the same channel: it says what this one would.

    A drill says nothing for somebody real, a test nothing for anybody, and neither does what was
    dropped or given up.
    """
    pending = (DispatchState.WAITING, DispatchState.SENDING, DispatchState.SENT)
    is_tried_again = (Dispatch.state == DispatchState.FAILED) & (Dispatch.attempts < MOST_ATTEMPTS)
    query = (
        select(Dispatch.id)
        .join(Message)
        .where(
            Dispatch.channel_id == dispatch.channel_id,
            Dispatch.id > dispatch.id,
            Message.is_drill == dispatch.message.is_drill,
            Message.count > 0,
            or_(Dispatch.state.in_(pending), is_tried_again),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def last_start(*which: ColumnElement[bool]) -> datetime | None:
    """When a message left last over such a channel, by a clock that stands no earlier now."""
    query = select(Dispatch.started_at).join(ResponderChannel).where(*which)
    query = query.where(Dispatch.started_at <= clock.now())
    return db.session.scalar(query.order_by(Dispatch.started_at.desc()).limit(1))

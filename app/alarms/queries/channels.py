"""Reads of responders' channels: their own, and whether a school could reach somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access.actor import Actor
from app.alarms.domain import DRILLED_FOR, RELIABLE, TEST_LASTS, DispatchState
from app.alarms.models import Dispatch, Message, ResponderChannel
from app.alarms.queries.calling import receivers
from app.people.models import Site, User
from app.people.queries import responders
from app.platform import clock
from app.platform.db import db


@dataclass(frozen=True)
class Reach:
    """A responder, their channels, and when one to rely on was last drilled."""

    user: User
    channels: Sequence[ResponderChannel]
    drilled_at: datetime | None

    @property
    def is_drilled(self) -> bool:
        """Whether a test over a channel outside the browser was acknowledged within seven days."""
        return self.drilled_at is not None and self.drilled_at > clock.now() - DRILLED_FOR


def my_channels(actor: Actor) -> Sequence[ResponderChannel]:
    """The actor's own, in the order in which they are tried."""
    query = _live().where(ResponderChannel.user_id == actor.user_id)
    return db.session.scalars(query).all()


def my_channel(actor: Actor, public_id: str) -> ResponderChannel | None:
    """One of the actor's own."""
    query = _live().where(
        ResponderChannel.user_id == actor.user_id, ResponderChannel.public_id == public_id
    )
    return db.session.scalar(query)


def last_tests(actor: Actor) -> dict[int, Dispatch]:
    """The newest test over each of the actor's channels that can still be acknowledged."""
    query = (
        select(Dispatch)
        .join(Message)
        .where(
            Message.user_id == actor.user_id,
            Message.count == 0,
            Message.created_at > clock.now() - TEST_LASTS,
        )
        .order_by(Dispatch.id)
    )
    return {dispatch.channel_id: dispatch for dispatch in db.session.scalars(query)}


def awaits_confirmation(channel: ResponderChannel, test: Dispatch | None) -> bool:
    """Whether a test went out that the person has not said anything about."""
    if test is None or test.state is not DispatchState.SENT or test.started_at is None:
        return False
    return channel.drilled_at is None or channel.drilled_at < test.started_at


def unconfirmed_tests(actor: Actor) -> bool:
    """Whether a test of the actor's went out that nobody has said anything about."""
    tests = last_tests(actor)
    if not tests:
        return False
    return any(awaits_confirmation(each, tests.get(each.id)) for each in my_channels(actor))


def reach_of(site: Site) -> list[Reach]:
    """Everybody who may be called for a school, those on whom a launch rests first."""
    users = receivers(site.id)
    channels = db.session.scalars(
        _live().where(ResponderChannel.user_id.in_([user.id for user in users]))
    ).all()
    return [_reach(user, [each for each in channels if each.user_id == user.id]) for user in users]


def channels_drilled(site: Site, users: Sequence[User] | None = None) -> dict[User, bool]:
    """For the launch gate (P16): which responders of a school have a drilled channel."""
    asked = list(users if users is not None else responders(site))
    query = _live().where(ResponderChannel.user_id.in_([user.id for user in asked]))
    channels = db.session.scalars(query).all()
    return {
        user: _reach(user, [each for each in channels if each.user_id == user.id]).is_drilled
        for user in asked
    }


def _reach(user: User, channels: Sequence[ResponderChannel]) -> Reach:
    drilled = (each.drilled_at for each in channels if each.kind in RELIABLE)
    return Reach(user, channels, max((at for at in drilled if at), default=None))


def _live() -> Select[ResponderChannel]:
    return (
        select(ResponderChannel)
        .where(ResponderChannel.removed_at.is_(None))
        .options(selectinload(ResponderChannel.user))
        .order_by(ResponderChannel.user_id, ResponderChannel.position, ResponderChannel.id)
    )

"""Writes of a responder's own channels."""

import re
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.alarms.channels import offered
from app.alarms.domain import AddressError, ChannelKind, Clocks, TestError
from app.alarms.models import Message, ResponderChannel, SiteClocks
from app.alarms.queries.channels import awaits_confirmation, last_tests
from app.alarms.service.delivery import write_test
from app.people.models import Site, User
from app.platform import audit, clock
from app.platform.db import db

_NUMBER = re.compile(r"\+?\d{5,15}")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}( SEC[A-Za-z0-9]{8,128})?")
_MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SHAPES = {
    ChannelKind.VOICE: _NUMBER,
    ChannelKind.SMS: _NUMBER,
    ChannelKind.WECOM: _KEY,
    ChannelKind.DINGTALK: _KEY,
    ChannelKind.MAIL: _MAIL,
    ChannelKind.DEMO: _KEY,
}
_TOKEN_OF = {ChannelKind.WECOM: "key", ChannelKind.DINGTALK: "access_token"}


def add_channel(*, actor: Actor, kind: ChannelKind, address: str) -> ResponderChannel:
    """Keep an address of the actor's own, tried after those that are there."""
    require(actor, Permission.RECEIVE_ALARMS)
    user = db.session.get_one(User, actor.user_id)
    address = normalised(kind, address)
    if (
        user.is_demo != (kind is ChannelKind.DEMO)
        or kind not in offered()
        or _find(user, kind, address)
    ):
        raise AddressError
    last = select(func.max(ResponderChannel.position)).where(ResponderChannel.user_id == user.id)
    channel = ResponderChannel(
        user_id=user.id,
        kind=kind,
        address=address,
        position=(db.session.scalar(last) or 0) + 1,
        created_at=clock.now(),
    )
    db.session.add(channel)
    audit.record(actor, "add_channel", channel, kind=kind.value)
    return channel


def remove_channel(*, actor: Actor, channel: ResponderChannel) -> None:
    """Forget the address; that there was a channel stays for the timelines."""
    _require_own(actor, channel)
    channel.removed_at = clock.now()
    channel.address = f"removed {channel.public_id}"
    audit.record(actor, "remove_channel", channel, kind=channel.kind.value)


def move_first(*, actor: Actor, channel: ResponderChannel) -> None:
    """Try this channel before the others."""
    _require_own(actor, channel)
    first = select(func.min(ResponderChannel.position)).where(
        ResponderChannel.user_id == channel.user_id
    )
    channel.position = (db.session.scalar(first) or 0) - 1
    audit.record(actor, "move_channel", channel)


def test_channel(*, actor: Actor, channel: ResponderChannel) -> Message:
    """Send a test that calls for nobody."""
    _require_own(actor, channel)
    message = write_test(channel=channel)
    audit.record(actor, "test_channel", channel)
    return message


def confirm_test(*, actor: Actor, channel: ResponderChannel) -> None:
    """The test arrived: the channel is drilled."""
    _require_own(actor, channel)
    if not awaits_confirmation(channel, last_tests(actor).get(channel.id)):
        raise TestError
    channel.drilled_at = clock.now()
    audit.record(actor, "confirm_channel", channel)


def set_clocks(*, actor: Actor, site: Site, clocks: Clocks) -> None:
    """Let a school call people earlier; `Clocks` refuses what would be later."""
    require(actor, Permission.MANAGE_DUTY, site)
    row = db.session.get(SiteClocks, site.id) or SiteClocks(site_id=site.id)
    minutes = [
        int(each.total_seconds()) // 60 for each in (clocks.second, clocks.lead, clocks.head)
    ]
    row.second_minutes, row.lead_minutes, row.head_minutes = minutes
    db.session.add(row)
    audit.record(actor, "set_alarm_clocks", site, minutes=minutes)


def normalised(kind: ChannelKind, typed: str) -> str:
    """The address as the adapter needs it: numbers without blanks, keys out of webhooks."""
    typed = typed.strip()
    if kind in (ChannelKind.VOICE, ChannelKind.SMS):
        typed = re.sub(r"[\s()-]", "", typed)
    if kind in _TOKEN_OF and typed.lower().startswith("https://"):
        webhook, _, secret = typed.partition(" ")
        token = parse_qs(urlsplit(webhook).query).get(_TOKEN_OF[kind], [""])[0]
        typed = f"{token} {secret.strip()}".strip()
    if not _SHAPES[kind].fullmatch(typed):
        raise AddressError
    return typed


def _find(user: User, kind: ChannelKind, address: str) -> ResponderChannel | None:
    index = ResponderChannel.address.look_up(ResponderChannel, address)
    query = select(ResponderChannel).where(
        ResponderChannel.user_id == user.id,
        ResponderChannel.kind == kind,
        ResponderChannel.address_index == index,
    )
    return db.session.scalar(query)


def _require_own(actor: Actor, channel: ResponderChannel) -> None:
    """Nobody touches another's channel, whatever their role."""
    require(actor, Permission.RECEIVE_ALARMS)
    if channel.user_id != actor.user_id:
        raise AddressError

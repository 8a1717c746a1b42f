"""What the launch gate asks of a school: responders who are reached, and a passed drill."""

from datetime import timedelta
from typing import Any

from app.alarms.domain import ChannelKind
from app.alarms.models import Drill, ResponderChannel
from app.alarms.script import VERSION
from app.people.models import Site, User
from app.platform import clock
from app.platform.db import db


def ready(site: Site, *users: User) -> None:
    """Nothing of this room keeps a campaign of the school from opening now."""
    for user in users:
        drilled(user)
    drill(site)


def drilled(user: User, **chosen: Any) -> ResponderChannel:
    """A channel over which a test has just been acknowledged; it leads nowhere."""
    channel = ResponderChannel(
        user_id=user.id,
        **{
            "kind": ChannelKind.DEMO,
            "address": f"nowhere-{user.id}-{clock.now():%H%M%S%f}",
            "created_at": clock.now(),
            "drilled_at": clock.now(),
        }
        | chosen,
    )
    db.session.add(channel)
    db.session.flush()
    return channel


def drill(site: Site, **chosen: Any) -> Drill:
    """A drill that the school has just passed."""
    ended_at = chosen.pop("ended_at", clock.now())
    row = Drill(
        site_id=site.id,
        started_at=ended_at - timedelta(minutes=30),
        ended_at=ended_at,
        **{"script": VERSION, "is_passed": True, "seconds": {}} | chosen,
    )
    db.session.add(row)
    db.session.flush()
    return row

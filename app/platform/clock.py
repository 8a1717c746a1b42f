"""The one place that reads the clock, so that tests and the demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    return _frozen.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The time zone of the installation (XINQIAO_TIMEZONE)."""
    chosen: ZoneInfo = current_app.config["SETTINGS"].timezone
    return chosen


def local(moment: datetime) -> datetime:
    """The moment as the site's wall clock shows it."""
    return moment.astimezone(zone())


def today() -> date:
    """The date on the site's wall, which decides birthdays and school days."""
    return local(now()).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment`."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)

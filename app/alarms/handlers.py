"""What this room does when the queue speaks: in the same transaction as the answer."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from app.alarms import launch
from app.alarms.service import alerts
from app.campaigns.domain import LaunchAsked, Obstacle
from app.cases.domain.queue import (
    EntryGiven,
    EntryLink,
    EntryLinksAsked,
    EntryRaised,
    EntryReleased,
    EntrySeen,
    EntryTaken,
)
from app.cases.domain.stale import AskStale, StaleRow
from app.platform import audit, clock, events
from app.platform.health import FiguresAsked


def on_entry_raised(event: EntryRaised) -> None:
    alerts.raise_alert(event.entry, news=event.news, is_new=event.is_new)


def on_entry_seen(event: EntrySeen) -> None:
    alerts.entry_seen(entry_id=event.entry_id)


def on_entry_taken(event: EntryTaken) -> None:
    alerts.entry_taken(entry_id=event.entry_id, user_id=event.user_id)


def on_launch_asked(question: LaunchAsked) -> list[Obstacle]:
    return launch.obstacles_of(question.campaign_id)


def on_ask_stale(question: AskStale) -> list[StaleRow]:
    return launch.drills_due(question.actor, question.as_of)


def on_entry_links_asked(question: EntryLinksAsked) -> Iterator[EntryLink]:
    """The way from the tap to the person."""
    url = url_for("alarms.timeline", entry_id=question.entry_ref)
    yield EntryLink(_("Who knew what when"), url)


def on_entry_given(event: EntryGiven) -> None:
    alerts.entry_given(entry_id=event.entry_id, user_id=event.user_id)


def on_entry_released(event: EntryReleased) -> None:
    alerts.entry_released(entry_id=event.entry_id)


def on_figures_asked(_question: FiguresAsked) -> list[tuple[str, int]]:
    """What the check of every hour had to mend in the last day; must be zero, always."""
    since = clock.now() - timedelta(days=1)
    return [("entries_without_alert", audit.count_since(since, "mend_alert"))]


def subscribe() -> None:
    """Listen."""
    events.subscribe(EntryRaised, on_entry_raised)
    events.subscribe(EntrySeen, on_entry_seen)
    events.subscribe(EntryTaken, on_entry_taken)
    events.subscribe(LaunchAsked, on_launch_asked)
    events.subscribe(AskStale, on_ask_stale)
    events.subscribe(EntryLinksAsked, on_entry_links_asked)
    events.subscribe(EntryGiven, on_entry_given)
    events.subscribe(EntryReleased, on_entry_released)
    events.subscribe(FiguresAsked, on_figures_asked)

"""What this room does when the queue speaks: in the same transaction as the answer."""

from app.alarms.service import alerts
from app.cases.domain.queue import (
    EntryGiven,
    EntryRaised,
    EntryReleased,
    EntrySeen,
    EntryTaken,
)
from app.platform import events


def on_entry_raised(event: EntryRaised) -> None:
    alerts.raise_alert(entry_id=event.entry_id, news=event.news)


def on_entry_seen(event: EntrySeen) -> None:
    alerts.entry_seen(entry_id=event.entry_id)


def on_entry_taken(event: EntryTaken) -> None:
    alerts.entry_taken(entry_id=event.entry_id, user_id=event.user_id)


def on_entry_given(event: EntryGiven) -> None:
    alerts.entry_given(entry_id=event.entry_id, user_id=event.user_id)


def on_entry_released(event: EntryReleased) -> None:
    alerts.entry_released(entry_id=event.entry_id)


def subscribe() -> None:
    """Listen."""
    events.subscribe(EntryRaised, on_entry_raised)
    events.subscribe(EntrySeen, on_entry_seen)
    events.subscribe(EntryTaken, on_entry_taken)
    events.subscribe(EntryGiven, on_entry_given)
    events.subscribe(EntryReleased, on_entry_released)

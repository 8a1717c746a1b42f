"""What this room does when it hears of something upstream."""

from app.cases.service.queue import enqueue
from app.platform import events
from app.results.domain import FlagsRaised


def on_flags_raised(event: FlagsRaised) -> None:
    enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)


def subscribe() -> None:
    """Listen."""
    events.subscribe(FlagsRaised, on_flags_raised)

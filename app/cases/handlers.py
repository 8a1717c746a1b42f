"""What this room does when it hears of something upstream."""

from app.cases.queries.queue import flags_without_entry
from app.cases.service.queue import enqueue
from app.platform import events
from app.platform.health import FiguresAsked
from app.results.domain import FlagsRaised


def on_flags_raised(event: FlagsRaised) -> None:
    enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)


def on_figures_asked(_question: FiguresAsked) -> list[tuple[str, int]]:
    """Must be zero, always (safety promise P12)."""
    return [("flags_without_entry", len(flags_without_entry()))]


def subscribe() -> None:
    """Listen."""
    events.subscribe(FiguresAsked, on_figures_asked)
    events.subscribe(FlagsRaised, on_flags_raised)

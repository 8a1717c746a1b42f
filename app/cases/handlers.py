"""What this room does when it hears of something upstream."""

from flask import current_app

from app.campaigns.domain import ClassBeginning
from app.cases.queries.queue import count_unseen, flags_without_entry
from app.cases.service.queue import enqueue
from app.people.queries import on_duty
from app.platform import clock, events
from app.platform.health import FiguresAsked
from app.results.domain import FlagsRaised


def on_flags_raised(event: FlagsRaised) -> None:
    enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)


def on_class_beginning(question: ClassBeginning) -> list[bool]:
    """A new class waits while more are unseen than the responders on duty can look at."""
    pause_at: int = current_app.config["SETTINGS"].pause_at
    limit = pause_at * len(on_duty(question.site_id, clock.now()))
    return [True] if count_unseen(question.site_id) > limit else []


def on_figures_asked(_question: FiguresAsked) -> list[tuple[str, int]]:
    """Must be zero, always (safety promise P12)."""
    return [("flags_without_entry", len(flags_without_entry()))]


def subscribe() -> None:
    """Listen."""
    events.subscribe(ClassBeginning, on_class_beginning)
    events.subscribe(FiguresAsked, on_figures_asked)
    events.subscribe(FlagsRaised, on_flags_raised)

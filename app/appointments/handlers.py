"""What this room does when it is asked, and in the evening."""

from collections.abc import Iterator

from app.appointments import words
from app.appointments.queries.days import appointments_of_entry
from app.appointments.service.appointments import release_urgent, sweep
from app.appointments.service.placing import SWEEP
from app.cases.domain.queue import EntryLine, EntryRaised, EntryStoryAsked
from app.platform import clock, events, jobs
from app.platform.db import begin_write, db


def on_entry_story_asked(question: EntryStoryAsked) -> Iterator[EntryLine]:
    for appointment in appointments_of_entry(question.entry_id):
        at = appointment.marked_at or appointment.placed_at
        yield EntryLine(at, words.story_line(appointment))


def on_entry_raised(event: EntryRaised) -> None:
    if not event.is_new:
        release_urgent(event.entry)


def sweep_now() -> None:
    begin_write()
    sweep(clock.now())
    db.session.commit()


def subscribe() -> None:
    """Listen."""
    events.subscribe(EntryRaised, on_entry_raised)
    events.subscribe(EntryStoryAsked, on_entry_story_asked)
    jobs.handle(SWEEP, sweep_now)

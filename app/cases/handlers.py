"""What this room does when it hears of something upstream."""

from datetime import timedelta

from flask import current_app

from app.assessments.domain import Heard, Word, WordForStudent
from app.campaigns.domain import ClassBeginning
from app.cases.queries.hearing import hearing_of, reply_for
from app.cases.queries.queue import count_unseen, given_to
from app.cases.service.queue import enqueue, enqueue_given, enqueue_report
from app.cases.words.student_words import reply_text
from app.observations.domain import ObservationReported
from app.people.queries import on_duty
from app.platform import audit, clock, events
from app.platform.health import FiguresAsked
from app.results.domain import FlagsRaised, SittingGiven


def on_flags_raised(event: FlagsRaised) -> None:
    entry = enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)
    if entry.student_id is None:  # a sitting without a slip cannot be given to anybody
        return
    answered_by = given_to(event.assessment_id)
    if answered_by is not None:
        enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids, student_id=answered_by)


def on_sitting_given(event: SittingGiven) -> None:
    enqueue_given(assessment_id=event.assessment_id, student_id=event.student_id)


def on_class_beginning(question: ClassBeginning) -> list[bool]:
    """A new class waits while more are unseen than the responders on duty can look at."""
    pause_at: int = current_app.config["SETTINGS"].pause_at
    limit = pause_at * len(on_duty(question.site_id, clock.now()))
    return [True] if count_unseen(question.site_id) > limit else []


def on_figures_asked(_question: FiguresAsked) -> list[tuple[str, int]]:
    """What the check of every hour had to mend in the last day; must be zero, always (P12)."""
    since = clock.now() - timedelta(days=1)
    return [
        ("flags_without_entry", audit.count_since(since, "mend_flag")),
        ("reports_without_entry", audit.count_since(since, "mend_report")),
    ]


def on_observation_reported(event: ObservationReported) -> None:
    enqueue_report(report_id=event.report_id)


def on_word_for_student(question: WordForStudent) -> list[Word]:
    hearing, reply = hearing_of(question.student_id), reply_for(question.student_id)
    # What a person says now counts more than that we are late.
    if hearing is None or (reply and hearing.heard is Heard.LATE):
        return [Word(sentence=reply_text(reply))] if reply else []
    return [Word(hearing.heard, hearing.by, reply_text(reply) if reply else "")]


def subscribe() -> None:
    """Listen."""
    events.subscribe(ClassBeginning, on_class_beginning)
    events.subscribe(FiguresAsked, on_figures_asked)
    events.subscribe(FlagsRaised, on_flags_raised)
    events.subscribe(SittingGiven, on_sitting_given)
    events.subscribe(ObservationReported, on_observation_reported)
    events.subscribe(WordForStudent, on_word_for_student)

"""What this room does when it hears of something upstream."""

from app.assessments.domain import Heard, Word, WordForStudent
from app.cases.queries.hearing import hearing_of, reply_for
from app.cases.service.queue import enqueue, enqueue_report
from app.cases.words.student_words import reply_text
from app.observations.domain import ObservationReported
from app.platform import events
from app.results.domain import FlagsRaised


def on_flags_raised(event: FlagsRaised) -> None:
    enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)


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
    events.subscribe(FlagsRaised, on_flags_raised)
    events.subscribe(ObservationReported, on_observation_reported)
    events.subscribe(WordForStudent, on_word_for_student)

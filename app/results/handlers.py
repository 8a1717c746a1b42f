"""What this room does when it hears of something upstream."""

from app.assessments.domain import (
    AssessmentDisowned,
    AssessmentSubmitted,
    ResponsesStored,
    TalkRequested,
)
from app.platform import events
from app.results.service.flags import flag_answers, flag_talk_request
from app.results.service.scores import score
from app.results.service.silence import flag_left


def on_responses_stored(event: ResponsesStored) -> None:
    flag_answers(assessment_id=event.assessment_id, answers=event.answers)


def on_assessment_submitted(event: AssessmentSubmitted) -> None:
    score(
        assessment_id=event.assessment_id,
        new=event.answers,
        given=event.given,
        is_first=event.is_first,
    )


def on_assessment_disowned(event: AssessmentDisowned) -> None:
    flag_left(assessment_id=event.assessment_id)


def on_talk_requested(event: TalkRequested) -> None:
    flag_talk_request(assessment_id=event.assessment_id)


def subscribe() -> None:
    """Listen."""
    events.subscribe(ResponsesStored, on_responses_stored)
    events.subscribe(AssessmentSubmitted, on_assessment_submitted)
    events.subscribe(AssessmentDisowned, on_assessment_disowned)
    events.subscribe(TalkRequested, on_talk_requested)

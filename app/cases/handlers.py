"""What this room does when it hears of something upstream."""

from app.cases.service.queue import enqueue, enqueue_report
from app.observations.domain import ObservationReported
from app.platform import events
from app.results.domain import FlagsRaised


def on_flags_raised(event: FlagsRaised) -> None:
    enqueue(assessment_id=event.assessment_id, flag_ids=event.flag_ids)


def on_observation_reported(event: ObservationReported) -> None:
    enqueue_report(report_id=event.report_id)


def subscribe() -> None:
    """Listen."""
    events.subscribe(FlagsRaised, on_flags_raised)
    events.subscribe(ObservationReported, on_observation_reported)

"""What this room answers when it is asked."""

from app.campaigns import queries
from app.platform import events
from app.platform.beats import WorkerNeeded


def on_worker_needed(_question: WorkerNeeded) -> list[bool]:
    """Students can answer, and an answer may call for a person."""
    return [True] if queries.any_open() else []


def subscribe() -> None:
    """Listen."""
    events.subscribe(WorkerNeeded, on_worker_needed)

"""What this room does when it hears of something, and answers when it is asked."""

from app.campaigns import queries
from app.campaigns.service import follow_to_classes
from app.people.domain import StudentsMoved
from app.platform import events
from app.platform.beats import WorkerNeeded


def on_worker_needed(_question: WorkerNeeded) -> list[bool]:
    """Students can answer, and an answer may call for a person."""
    return [True] if queries.any_open() else []


def on_students_moved(event: StudentsMoved) -> None:
    """Whoever has changed class is expected, and found missing, in the new one."""
    follow_to_classes(student_ids=event.student_ids)


def subscribe() -> None:
    """Listen."""
    events.subscribe(StudentsMoved, on_students_moved)
    events.subscribe(WorkerNeeded, on_worker_needed)

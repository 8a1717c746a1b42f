"""What this room does when it is asked for."""

from app.platform import jobs
from app.results.service import rescorings, weighings


def weigh(weighing_id: int) -> None:
    """A batch of what would change."""
    weighings.weigh_on(weighing_id=weighing_id)


def rescore(rescoring_id: int) -> None:
    """A batch of an approved re-scoring."""
    rescorings.rescore_on(rescoring_id=rescoring_id)


def register() -> None:
    """Tell the worker."""
    jobs.handle(weighings.WORK, weigh)
    jobs.handle(rescorings.WORK, rescore)

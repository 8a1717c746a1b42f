"""A support plan: goals, how one would notice, by when, and who does what."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

#: More goals at a time than anybody works on.
MOST_GOALS = 6


class GoalState(StrEnum):
    """Where a goal stands."""

    RUNNING = "running"
    REACHED = "reached"
    CHANGED = "changed"
    DROPPED = "dropped"


class Doer(StrEnum):
    """Who does a step."""

    STUDENT = "student"
    COUNSELLOR = "counsellor"
    TEACHER = "teacher"
    FAMILY = "family"


@dataclass(frozen=True, repr=False)
class Goal:
    """One goal in the student's words, and the steps of each person towards it."""

    text: str
    measure: str
    by_on: date
    state: GoalState = GoalState.RUNNING
    steps: dict[Doer, str] = field(default_factory=dict)


def dump_goals(goals: Sequence[Goal]) -> str:
    """As a revision stores them."""
    return json.dumps([asdict(goal) for goal in goals], default=str, ensure_ascii=False)


def load_goals(content: str) -> list[Goal]:
    """As they were stored."""
    return [
        Goal(
            text=row["text"],
            measure=row["measure"],
            by_on=date.fromisoformat(row["by_on"]),
            state=GoalState(row["state"]),
            steps={Doer(doer): step for doer, step in row["steps"].items()},
        )
        for row in json.loads(content)
    ]

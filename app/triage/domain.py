"""The levels by which the queue is ordered; only a person sets a risk."""

from enum import StrEnum


class RiskLevel(StrEnum):
    """Proposed by triage, confirmed or changed by a named person."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    IMMINENT = "imminent"

    @property
    def urgency(self) -> int:
        """0 to 4, higher is more urgent."""
        return list(RiskLevel).index(self)


class Lane(StrEnum):
    """How a critical answer travels: within minutes, or seen before the student leaves school."""

    FAST = "fast"
    SAME_DAY = "same_day"

"""Words about campaigns."""

from dataclasses import dataclass
from enum import StrEnum


class CampaignState(StrEnum):
    """A campaign is planned, then open, then closed; nothing reopens a closed one."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


MAX_CHECK_MISSES = 3
"""After three wrong checks the slip waits for the proctor."""


@dataclass(frozen=True)
class CampaignClosed:
    """A campaign is over; sittings under way are closed and scored in this transaction."""

    campaign_id: int

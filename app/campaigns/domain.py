"""Words about campaigns."""

from enum import StrEnum


class CampaignState(StrEnum):
    """A campaign is planned, then open, then closed; nothing reopens a closed one."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


MAX_CHECK_MISSES = 3
"""After three wrong checks the slip waits for the proctor."""

"""Writes of a sitting: it is started, answered, closed; what it means is for rooms downstream."""

from app.assessments.service.responses import store_responses
from app.assessments.service.sittings import (
    assent,
    decline,
    disown,
    expire_campaign,
    expire_overdue,
    request_talk,
    start,
    submit,
)

__all__ = [
    "assent",
    "decline",
    "disown",
    "expire_campaign",
    "expire_overdue",
    "request_talk",
    "start",
    "store_responses",
    "submit",
]

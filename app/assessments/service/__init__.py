"""Writes of a sitting: it is started, answered, closed; what it means is for rooms downstream."""

from app.assessments.service.parcels import fitting, take_parcel
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
from app.assessments.service.tickets import begun_under, sitting_of, ticket_for, ticket_for_visit

__all__ = [
    "assent",
    "begun_under",
    "decline",
    "disown",
    "expire_campaign",
    "expire_overdue",
    "fitting",
    "request_talk",
    "sitting_of",
    "start",
    "store_responses",
    "submit",
    "take_parcel",
    "ticket_for",
    "ticket_for_visit",
]

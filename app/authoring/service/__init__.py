"""Writes about instruments, one module a noun; the verbs that other doors call are named here."""

from app.authoring.service.drafts import (
    save_draft,
    start_draft,
    submit_draft,
    take_back_draft,
    withdraw_draft,
)
from app.authoring.service.reviews import publish_draft, retire_version, return_draft
from app.authoring.service.versions import publish_instruments, publish_library

__all__ = [
    "publish_draft",
    "publish_instruments",
    "publish_library",
    "retire_version",
    "return_draft",
    "save_draft",
    "start_draft",
    "submit_draft",
    "take_back_draft",
    "withdraw_draft",
]

"""Printed summaries: for whom they are written, and when a release is over."""

from enum import StrEnum


class Rendering(StrEnum):
    """For whom a profile summary is written."""

    COUNSELLOR = "counsellor"
    GUARDIAN = "guardian"
    REFERRAL = "referral"


class ReleaseOverError(Exception):
    """All copies are printed, or the release has expired."""
